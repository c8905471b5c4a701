from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def run(*args):
    output = StringIO()
    call_command(*args, stdout=output)
    return output.getvalue().strip()


def test_create_token_prints_the_secret():
    user = make_user(email="a@example.com")
    secret = run("create_token", "A@example.com", "--name", "Sheet", "--expires-days", "7")
    token = ApiToken.objects.with_secret(secret).get()
    assert (token.user, token.name, (token.expires_at - token.created_at).days) == (user, "Sheet", 7)


def test_create_token_says_what_is_wrong():
    with pytest.raises(CommandError, match="no user b@example"):
        run("create_token", "b@example.com")
    make_user(email="a@example.com")
    with pytest.raises(CommandError, match="at least 1 day"):
        run("create_token", "a@example.com", "--expires-days", "0")


def test_create_admin_takes_the_password_from_the_environment(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    run("create_admin", "a@example.com", "--name", "Mei")
    user = User.objects.get()
    assert (user.role, user.name, user.check_password(PASSWORD)) == ("admin", "Mei", True)


def test_create_admin_asks_for_the_password(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr("accounts.management.commands.create_admin.getpass", lambda prompt: "short")
    with pytest.raises(CommandError, match="too short"):
        run("create_admin", "a@example.com")

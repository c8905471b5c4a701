"""Sign-in, reset, second factor: django-allauth's flows behind our templates and settings."""

import re

import pytest
from allauth.mfa.totp.internal import auth
from django.apps import apps
from django.test import RequestFactory
from django.urls import reverse

from accounts.http import client_address
from tests.factories import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db


def log_in(client, **changes):
    return client.post(reverse("account_login"), {"login": "a@example.com", "password": PASSWORD} | changes)


def test_sign_in_leads_to_the_directory_and_out_again(client):
    make_user(email="a@example.com", password=PASSWORD)
    assert log_in(client, login="A@Example.com")["Location"] == reverse("creator_list")
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_sign_in_goes_back_to_where_the_person_was(client):
    make_user("admin", email="a@example.com", password=PASSWORD)
    login = client.get(reverse("people_list"))["Location"]
    assert login == "/account/login/?next=/people/"
    response = client.post(login, {"login": "a@example.com", "password": PASSWORD, "next": "/people/"})
    assert response["Location"] == "/people/"


def test_sign_in_refuses_a_wrong_password(client):
    make_user(email="a@example.com", password=PASSWORD)
    response = log_in(client, password="wrong-lantern-42")
    assert response.status_code == 200
    assert b'role="alert"' in response.content
    assert "_auth_user_id" not in client.session


def test_sign_in_of_a_closed_account_says_so(client):
    make_user(email="a@example.com", password=PASSWORD, is_active=False)
    response = client.get(log_in(client)["Location"])
    assert b"This account was closed" in response.content
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_sessions(client):
    user = make_user("admin")
    assert sign_in(client, user).get(reverse("people_list")).status_code == 200
    user.is_active = False
    user.save()
    assert client.get(reverse("people_list")).status_code == 302


def test_there_is_no_sign_up(client):
    page = client.get(reverse("account_login")).content.decode()
    assert "sign up" not in page.lower()
    assert client.get("/account/signup/").status_code == 404


def test_reset_mails_a_link_that_sets_a_password(client, mailoutbox):
    user = make_user(email="a@example.com", password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": "a@example.com"})
    link = re.search(r"http://testserver(\S+)", mailoutbox[0].body)[1]
    form = client.get(link)["Location"]
    client.post(form, {"password1": "new-lantern-42", "password2": "new-lantern-42"})
    user.refresh_from_db()
    assert user.check_password("new-lantern-42")


def test_reset_mails_nobody_without_an_account(client, mailoutbox):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True)
    assert b"The mail is on its way" in response.content
    assert mailoutbox == []


def test_reset_link_that_is_too_old_offers_a_new_one(client):
    response = client.get(reverse("account_reset_password_from_key", args=["1", "abc-def"]))
    assert b"This link no longer works" in response.content


def log_in_twice(client):
    """Signed in, and the password typed again, as the pages of the second factor ask for it."""
    make_user(email="a@example.com", password=PASSWORD)
    log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def code_for(secret):
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))


def test_second_factor_is_asked_for(client):
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(make_user(email="a@example.com", password=PASSWORD), secret)
    assert log_in(client)["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert "_auth_user_id" in client.session


def test_second_factor_is_set_up_with_recovery_codes(client):
    log_in_twice(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"^[0-9a-f]{8,}$", client.get(response["Location"]).content.decode(), re.MULTILINE)) >= 8


PAGES = ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive"]
OWN_PAGES = [
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "account_logout",
]


@pytest.mark.parametrize("name", PAGES + OWN_PAGES)
def test_pages_of_sign_in_run_no_inline_code(client, name):
    if name in OWN_PAGES:
        log_in_twice(client)
    page = client.get(reverse(name)).content.decode()
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
    assert inline == []
    assert " onclick=" not in page
    assert '<main id="main"' in page


@pytest.mark.parametrize(
    ("behind_tls", "forwarded", "expected"),
    [
        (False, "203.0.113.7", "127.0.0.1"),
        (True, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (True, "", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_our_proxy_names(settings, behind_tls, forwarded, expected):
    settings.BEHIND_TLS = behind_tls
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == expected


def test_row_history_knows_from_where(client):
    user = make_user()
    sign_in(client, user).post(reverse("profile"), {"name": "Brass"}, REMOTE_ADDR="203.0.113.7")
    event = apps.get_model("accounts", "UserEvent").objects.select_related("pgh_context").get()
    kept = event.pgh_context.metadata
    assert (kept["user"], kept["address"], kept["url"]) == (user.pk, "203.0.113.7", reverse("profile"))

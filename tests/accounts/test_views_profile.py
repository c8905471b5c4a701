import re

import pytest
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.services import token_create
from tests.factories import make_shop, make_user, sign_in

pytestmark = pytest.mark.django_db


def test_profile_shows_role_and_shops_and_saves_the_name(client):
    user = make_user("ops")
    make_shop([user], name="Lumi US")
    sign_in(client, user).post(reverse("profile"), {"name": "Bo"})
    page = client.get(reverse("profile")).content.decode()
    assert "Lumi US" in page
    assert re.search(r"<dd>\s*Ops\s*</dd>", page)
    assert User.objects.get().name == "Bo"


def test_token_create_shows_a_secret_that_works(client, settings):
    sign_in(client, make_user())
    page = client.post(reverse("token_create"), {"name": "Sheet", "expires_days": "30"}).content.decode()
    secret = re.search(r'value="(cd_[^"]{40})"', page)[1]
    assert ApiToken.objects.with_secret(secret).get().expires_at is not None
    assert secret not in client.get(reverse("profile")).content.decode()


def test_token_create_may_last(client):
    sign_in(client, make_user()).post(reverse("token_create"), {"name": "Sheet", "expires_days": ""})
    assert ApiToken.objects.get().expires_at is None


def test_token_revoke_asks_first(client):
    user = make_user()
    token = token_create(user=user, name="Sheet", by=user).token
    url = reverse("token_revoke", args=[token.pk])
    assert sign_in(client, user).get(url).status_code == 200
    client.post(url)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_token_revoke_of_another_is_not_found(client):
    owner = make_user()
    token = token_create(user=owner, name="Sheet", by=owner).token
    assert sign_in(client, make_user("admin")).post(reverse("token_revoke", args=[token.pk])).status_code == 404


def test_language_is_kept_in_cookie_and_with_the_user(client):
    user = make_user()
    response = sign_in(client, user).post(reverse("language_set"), {"language": "zh-hans", "next": "/help/"})
    assert response["Location"] == "/help/"
    assert response.cookies["django_language"].value == "zh-hans"
    user.refresh_from_db()
    assert user.language == "zh-hans"
    assert 'lang="zh-hans"' in client.get("/help/").content.decode()


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com"])
def test_language_set_never_leads_elsewhere(client, target):
    response = client.post(reverse("language_set"), {"language": "xx", "next": target})
    assert response["Location"] == "/"
    assert "django_language" not in response.cookies

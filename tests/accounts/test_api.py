from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.api import TokenAuthentication, requires
from accounts.models import ApiToken
from accounts.services import token_create, token_revoke
from accounts.states import Permission
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def authenticate(header):
    request = APIRequestFactory().get("/api/v1/", headers={"authorization": header})
    return TokenAuthentication().authenticate(APIView().initialize_request(request))


def test_token_stands_for_its_user_and_is_remembered_as_used():
    user = make_user()
    created = token_create(user=user, name="Sheet", by=user)
    assert authenticate(f"Bearer {created.secret}") == (user, created.token)
    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("header", ["", "Basic abc"])
def test_other_headers_are_left_to_others(header):
    assert authenticate(header) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer cd_unknown", "Bearer ÿ"])
def test_broken_and_unknown_tokens_are_refused(header):
    with pytest.raises(AuthenticationFailed):
        authenticate(header.encode("latin-1"))


def test_expired_revoked_and_orphaned_tokens_are_refused():
    user = make_user()
    expired, revoked, orphaned = (token_create(user=user, name=name, by=user) for name in "abc")
    ApiToken.objects.filter(pk=expired.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    token_revoke(token=revoked.token, by=user)
    assert authenticate(f"Bearer {orphaned.secret}")
    user.is_active = False
    user.save()
    for created in (expired, revoked, orphaned):
        with pytest.raises(AuthenticationFailed):
            authenticate(f"Bearer {created.secret}")


def allowed(permission_class, user, method="GET"):
    request = APIView().initialize_request(APIRequestFactory().generic(method, "/"))
    request.user = user
    permission = permission_class()
    return permission.has_permission(request, APIView()), getattr(permission, "message", "")


def test_requires_gives_the_reason():
    may, message = allowed(requires(Permission.USER_MANAGE), make_user("viewer"))
    assert not may
    assert message == "Only these roles can manage people: Admin. An admin can change your role."


def test_requires_asks_for_more_to_write():
    both = requires(Permission.SHORTLIST_VIEW, write=Permission.SHORTLIST_EDIT)
    viewer, seller = make_user("viewer"), make_user("seller")
    assert allowed(both, viewer)[0]
    assert not allowed(both, viewer, "POST")[0]
    assert allowed(both, seller, "DELETE")[0]

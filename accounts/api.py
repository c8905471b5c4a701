"""Bearer tokens and permissions of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import token_used
from accounts.states import Permission

if TYPE_CHECKING:
    # At run time this module is itself loaded by rest_framework.views.
    from rest_framework.views import APIView


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; only the SHA-256 of the token is compared."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Send the token as: Authorization: Bearer <token>."))
        usable = ApiToken.objects.usable(at=timezone.now()).select_related("user")
        token = usable.with_secret(words[1].decode("latin-1")).first()
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked. Create a new one."))
        token_used(token=token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def requires(permission: Permission, *, write: Permission | None = None) -> type[BasePermission]:
    """A permission class for those who hold `permission`; other methods than GET need `write`, when it is given."""

    class HasPermission(BasePermission):
        def has_permission(self, request: Request, view: APIView) -> bool:
            needed = permission if write is None or request.method in SAFE_METHODS else write
            if not isinstance(request.user, User):
                return False
            self.message = request.user.refusal(needed)
            return request.user.can(needed)

    return HasPermission


def user_of(request: Request) -> User:
    """The person behind a request that `requires` let through."""
    return cast("User", request.user)

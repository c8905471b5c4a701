"""Bearer tokens for the API."""

import hashlib

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; only the SHA-256 of the token is compared."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Send the token as: Authorization: Bearer <token>."))
        digest = hashlib.sha256(words[1]).hexdigest()
        token = ApiToken.objects.usable(at=timezone.now()).select_related("user").filter(digest=digest).first()
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked. Create a new one."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

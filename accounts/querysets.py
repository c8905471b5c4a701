from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.rules import secret_digest
from accounts.states import RoleCode

if TYPE_CHECKING:
    from accounts.models import ApiToken, Invitation, Shop, User


class ShopQuerySet(models.QuerySet["Shop"]):
    def visible_to(self, user: User) -> ShopQuerySet:
        """The shops of which the user is a member; all of them for a role that sees every shop."""
        if user.role_class.all_shops:
            return self
        return self.filter(memberships__user=user)

    def active(self) -> ShopQuerySet:
        return self.filter(is_active=True)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def admins(self) -> UserQuerySet:
        """Active users of the role admin."""
        return self.active().filter(role=RoleCode.ADMIN)

    def by_email(self, email: str) -> UserQuerySet:
        """The user of the address, however it is written."""
        return self.filter(email=email.strip().lower())


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, *, at: datetime) -> InvitationQuerySet:
        """Invitations that can still be accepted at the instant."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)

    def with_secret(self, secret: str) -> InvitationQuerySet:
        return self.filter(digest=secret_digest(secret))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, *, at: datetime) -> ApiTokenQuerySet:
        """Tokens that are neither revoked nor expired at the instant, of active users."""
        unexpired = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(unexpired, revoked_at=None, user__is_active=True)

    def visible_to(self, user: User) -> ApiTokenQuerySet:
        return self.filter(user=user)

    def with_secret(self, secret: str) -> ApiTokenQuerySet:
        return self.filter(digest=secret_digest(secret))


class UserManager(models.Manager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's user manager without usernames."""

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with a lower-case e-mail and a hashed password (unusable when None)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

"""People, the shops they work for, and the keys they hold."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ApiTokenQuerySet, InvitationQuerySet, ShopQuerySet, UserManager
from accounts.rules import ROLES, Role, refusal
from accounts.states import Permission, RoleCode


@pghistory.track(pghistory.UpdateEvent(), fields=["email", "name", "role", "is_active"], model_name="UserEvent")
class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20, choices=RoleCode, default=RoleCode.SELLER)
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=Q(role__in=RoleCode.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def role_class(self) -> type[Role]:
        return ROLES[self.role]

    def can(self, permission: str) -> bool:
        """Whether the user's role holds the permission; an inactive user holds none."""
        return self.is_active and permission in self.role_class.permissions

    def refusal(self, permission: str) -> str:
        """Why the user may not, in words: what it is, and which roles may."""
        return refusal(Permission(permission))


@pghistory.track(pghistory.UpdateEvent(), fields=["name", "market_code", "is_active"], model_name="ShopEvent")
class Shop(models.Model):
    """A TikTok shop of the organisation; shortlists, contacts and money belong to one."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    market_code = models.CharField(_("Market"), max_length=2)
    time_zone = models.CharField(_("Time zone"), max_length=50, default="UTC")
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", through_fields=("shop", "user"), related_name="shops")

    objects = ShopQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user works for a shop."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="memberships")
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "shop"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.shop}"


class ApiToken(models.Model):
    """A bearer token; only the SHA-256 of the secret is stored, with its first characters to recognise it by."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("Name"), max_length=80)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Invitation(models.Model):
    """An admin invites a person; the link carries a secret of which only the SHA-256 is stored."""

    email = models.EmailField(_("E-mail"))
    role = models.CharField(_("Role"), max_length=20, choices=RoleCode, default=RoleCode.SELLER)
    shops = models.ManyToManyField(Shop, blank=True, related_name="+", verbose_name=_("Shops"))
    # The language of the mail, and of the account at first.
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="en")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=RoleCode.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        return self.email

"""What a person may do, and the roles that people are given."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that a page, an API call or a job does; checked by `User.can`."""

    CREATOR_VIEW = "creator.view"
    CREATOR_EDIT = "creator.edit"
    CREATOR_EXPORT = "creator.export"
    CONTACT_EXPORT = "contact.export"
    IMPORT_VIEW = "import.view"
    IMPORT_RUN = "import.run"
    IMPORT_UNDO = "import.undo"
    CONFLICT_RESOLVE = "conflict.resolve"
    SHORTLIST_VIEW = "shortlist.view"
    SHORTLIST_EDIT = "shortlist.edit"
    REFERENCE_EDIT = "reference.edit"
    USER_MANAGE = "user.manage"
    SHOP_MANAGE = "shop.manage"
    TOKEN_MANAGE = "token.manage"  # noqa: S105 - a permission, not a secret


class RoleCode(models.TextChoices):
    ADMIN = "admin", _("Admin")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    OPS = "ops", _("Ops")
    SELLER = "seller", _("Seller")
    VIEWER = "viewer", _("Read only")

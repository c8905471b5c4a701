"""Roles as classes: what each may do, and whether it sees every shop or only its own."""

import hashlib
from typing import ClassVar

from django.utils.translation import gettext as _

from accounts.states import PERMISSION_LABELS, Permission, RoleCode

P = Permission
READING = frozenset(
    {
        P.CREATOR_VIEW,
        P.IMPORT_VIEW,
        P.SHORTLIST_VIEW,
        P.PLAN_VIEW,
        P.SETTLEMENT_VIEW,
        P.VIOLATION_VIEW,
        P.PROFILE_EDIT,
        P.TOKEN_MANAGE,
    }
)
WORKING = READING | {
    P.CREATOR_EDIT,
    P.CREATOR_EXPORT,
    P.IMPORT_RUN,
    P.IMPORT_UNDO,
    P.APPEAL_FILE,
    P.BLACKLIST_PROPOSE,
}
# Who runs collaborations of a shop.
SELLING = frozenset(
    {
        P.SHORTLIST_EDIT,
        P.CONTACT_EXPORT,
        P.PLAN_EDIT,
        P.PRODUCT_EDIT,
        P.COLLABORATION_EDIT,
        P.OUTREACH_SEND,
        P.SAMPLE_DECIDE,
        P.CONTENT_REVIEW,
        P.SETTLEMENT_EDIT,
        P.SETTLEMENT_APPROVE,
        P.CAMPAIGN_EXPORT,
    }
)
# What account managers and ops share.
STEERING = WORKING | {
    P.CONFLICT_RESOLVE,
    P.VIOLATION_EXPORT,
    P.CREATOR_LINK_SEND,
    P.BLACKLIST_DECIDE,
    P.HEALTH_RECORD,
}


class Role:
    """A role; `all_shops` roles see the rows of every shop, others those of the shops they are members of."""

    code: ClassVar[RoleCode]
    permissions: ClassVar[frozenset[Permission]]
    all_shops: ClassVar[bool] = False


class Viewer(Role):
    code = RoleCode.VIEWER
    permissions = READING


class Seller(Role):
    code = RoleCode.SELLER
    permissions = WORKING | SELLING


class Ops(Role):
    code = RoleCode.OPS
    permissions = STEERING | {P.VIOLATION_LOG, P.RULEBOOK_DRAFT, P.APPEAL_DECIDE, P.CONTENT_REVIEW}


class AccountManager(Role):
    code = RoleCode.ACCOUNT_MANAGER
    permissions = STEERING | SELLING | {P.OUTREACH_SETTINGS}


class Admin(Role):
    code = RoleCode.ADMIN
    permissions = frozenset(Permission)
    all_shops = True


ROLES: dict[str, type[Role]] = {role.code: role for role in (Viewer, Seller, Ops, AccountManager, Admin)}


def refusal(permission: Permission) -> str:
    """The sentence of the 403 page: what is asked for, and the roles that hold it."""
    roles = ", ".join(str(role.code.label) for role in ROLES.values() if permission in role.permissions)
    return _("Only these roles can %(action)s: %(roles)s. An admin can change your role.") % {
        "action": PERMISSION_LABELS[permission],
        "roles": roles,
    }


def secret_digest(secret: str) -> str:
    """What is stored of a token or a link: the SHA-256 of its secret, 64 hexadecimal digits.

    The secrets are random and long, so that a slow password hash would add nothing.
    """
    return hashlib.sha256(secret.encode()).hexdigest()

"""The tab of the ledger on a creator's profile."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Permission
from creators.selectors.panels import Asked, Panel
from creators.selectors.profile import Profile
from violations.selectors.statement import statement_of


def violations(profile: Profile, user: User, asked: Asked) -> dict[str, Any]:
    return {
        "statement": statement_of(profile.creator, at=asked.at),
        "is_past": asked.is_past,
        "may_log": user.can(Permission.VIOLATION_LOG),
        "may_lift": user.can(Permission.RESTRICTION_LIFT),
        "may_send_link": user.can(Permission.CREATOR_LINK_SEND),
        "may_blacklist": user.can(Permission.BLACKLIST_PROPOSE),
        "may_export": user.can(Permission.VIOLATION_EXPORT),
    }


VIOLATIONS = Panel(
    "violations",
    _("Violations"),
    "violations/panel_ledger.html",
    violations,
    Permission.VIOLATION_VIEW,
    "css/desk.css",
)

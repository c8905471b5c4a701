"""The problems on a collaboration's page."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.problems import problems_of


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """What `campaigns/section_problems.html` shows."""
    return {
        "problems": problems_of(collaboration, user, at),
        "may_raise": user.can(Permission.COLLABORATION_EDIT),
    }

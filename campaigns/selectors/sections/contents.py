"""The contents on a collaboration's page."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.contents import rows_of
from campaigns.states.collaborations import AGREED


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """What `campaigns/section_contents.html` shows."""
    contents = list(collaboration.contents.select_related("product").order_by("number"))
    for content in contents:
        content.collaboration = collaboration
    return {
        "contents": rows_of(contents, at=at),
        "may_add": collaboration.state in AGREED and user.can(Permission.COLLABORATION_EDIT),
    }

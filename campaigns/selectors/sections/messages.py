"""The conversation with the creator on a collaboration's page."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration, Conversation
from campaigns.selectors.conversations import lines_of
from campaigns.selectors.limits import blocks_of

SHOWN = 5


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """What `campaigns/section_messages.html` shows: the newest messages, and whether another one may go out."""
    rows = Conversation.objects.filter(shop=collaboration.shop_id, creator=collaboration.creator_id)
    conversation = rows.select_related("shop", "creator").first()
    limit = blocks_of(collaboration.shop, [collaboration.creator_id], at=at).get(collaboration.creator_id)
    return {
        "conversation": conversation,
        "lines": lines_of(conversation, at=at)[-SHOWN:] if conversation else [],
        "limit": limit,
        "may_send": user.can(Permission.OUTREACH_SEND) and collaboration.shop.is_active,
    }

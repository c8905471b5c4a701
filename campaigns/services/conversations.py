"""Conversations of a shop with creators."""

from datetime import datetime

from accounts.models import Shop
from campaigns.models import Conversation
from creators.models import Creator


def conversation_hold(*, shop: Shop, creator: Creator) -> Conversation:
    """The conversation of the two, made when it is the first time, and held until the transaction ends."""
    Conversation.objects.get_or_create(shop=shop, creator=creator)
    return Conversation.objects.select_for_update().get(shop=shop, creator=creator)


def conversation_connect(*, shop: Shop, creator: Creator, at: datetime) -> Conversation:
    """The creator accepted: connected, and the limit of messages before a reply is lifted."""
    held = conversation_hold(shop=shop, creator=creator)
    held.connected_at = held.connected_at or at
    held.is_exempt = True
    held.save(update_fields=["connected_at", "is_exempt"])
    return held

"""Conversations of a shop with creators."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Conversation, Message, MessageFile
from campaigns.states.outreach import MESSAGE_COUNTED, Channel, Direction, MessageState
from core.errors import DomainError
from core.models import StoredFile
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


def conversation_open(*, shop: Shop, creator: Creator, by: User) -> Conversation:
    """The conversation of the two, made when it is the first time. Raises DomainError `not_member` (403)."""
    check_member(shop=shop, by=by)
    return Conversation.objects.get_or_create(shop=shop, creator=creator)[0]


def check_member(*, shop: Shop, by: User) -> None:
    """Raises DomainError `not_member` (403) for who does not work for the shop."""
    if not Shop.objects.visible_to(by).filter(pk=shop.pk).exists():
        raise DomainError("not_member", _("Only members of the shop can write for it."), status=403)


@transaction.atomic
def reply_log(
    *,
    conversation: Conversation,
    body: str,
    channel: str,
    received_at: datetime,
    by: User,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> Message:
    """File by hand what the creator wrote or said.

    The creator is connected from then on, the messages before a reply count from nought, reminders are done.
    Raises DomainError `body_missing`, `channel_unknown`, `received_in_future`, `not_member` (403).
    """
    check_member(shop=conversation.shop, by=by)
    if channel not in Channel.values:
        raise _refusal("channel_unknown", "channel", _("Choose a channel of the list."))
    if not body.strip() and not files:
        raise _refusal("body_missing", "body", _("Write what the creator said, or add a file."))
    if received_at > at:
        raise _refusal("received_in_future", "received_at", _("Say when it came in; not in the future."))
    message = Message(channel=channel, body=body.strip(), by=by, created_at=at)
    return reply_file(conversation=conversation, message=message, received_at=received_at, files=files)


@transaction.atomic
def reply_file(
    *, conversation: Conversation, message: Message, received_at: datetime, files: Sequence[StoredFile] = ()
) -> Message:
    """Store an unsaved message that came in, with its files, and what follows from it."""
    held = conversation_hold(shop=conversation.shop, creator=conversation.creator)
    message.conversation, message.direction, message.state = held, Direction.IN, MessageState.RECEIVED
    message.at = received_at
    message.save()
    files_take(message=message, files=files)
    _replied(held, received_at)
    return message


def files_take(*, message: Message, files: Sequence[StoredFile]) -> None:
    """Put stored files to a message; an upload that nothing takes is swept, these are kept."""
    if files:
        MessageFile.objects.bulk_create([MessageFile(message=message, file=file) for file in files])
        StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(expires_at=None)


def _replied(held: Conversation, received_at: datetime) -> None:
    """A reply that is filed late leaves what was written after it open."""
    held.connected_at = min(held.connected_at or received_at, received_at)
    if held.first_out_at is not None and received_at >= held.first_out_at:
        held.first_reply_at = min(held.first_reply_at or received_at, received_at)
    held.last_in_at = max(held.last_in_at or received_at, received_at)
    later = held.messages.filter(direction=Direction.OUT, state__in=MESSAGE_COUNTED, created_at__gt=held.last_in_at)
    held.unanswered = later.count()
    held.save(update_fields=["connected_at", "first_reply_at", "last_in_at", "unanswered"])
    held.reminders.filter(done_at__isnull=True, created_at__lte=held.last_in_at).update(done_at=received_at)


def _refusal(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})

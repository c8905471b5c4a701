"""Reads of conversations: lists, one of them whole, and who was contacted lately."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Conversation, Message, MessageFile, Reminder
from campaigns.models.outreach import BEFORE_REPLY
from campaigns.selectors.limits import contacted_by_others
from campaigns.selectors.outreach import UNSURE_AFTER, is_unsure, newest_written
from campaigns.states.outreach import Direction, MessageState
from core.states import Look

SHOWN = 200
COOL_DOWN_DAYS = 14


@dataclass(frozen=True)
class LastContact:
    """When a creator was last written to by a shop of the reader; of other shops only that it was recently."""

    at: datetime | None
    is_recent: bool
    text: str


@dataclass(frozen=True)
class ConversationRow:
    """A conversation of the list: its newest message, and how it stands."""

    conversation: Conversation
    newest: Message | None
    look: Look
    # Days since the last message that nobody has answered; None where none waits.
    silent_days: int | None
    reminder: Reminder | None
    is_late: bool


@dataclass(frozen=True)
class Line:
    """A message of a conversation, as its page shows it."""

    message: Message
    files: Sequence[MessageFile]
    is_in: bool
    is_unsure: bool
    look: Look


def last_contact_of(creator_ids: Collection[int], user: User, at: datetime) -> dict[int, LastContact]:
    """For lists of creators: when the reader's shops last wrote to each, or just that somebody did recently.

    Who was not contacted is left out. The number of queries does not grow with the creators.
    """
    shops = list(Shop.objects.visible_to(user).values_list("pk", flat=True))
    own = newest_written(creator_ids, shops)
    others = contacted_by_others(shops, creator_ids, at=at, days=COOL_DOWN_DAYS)
    found = {one: LastContact(None, True, _("contacted recently")) for one in others}
    recent = at - timedelta(days=COOL_DOWN_DAYS)
    return found | {
        one: LastContact(when, one in others or when > recent, _("by your shop")) for one, when in own.items()
    }


def conversations_shown(user: User) -> QuerySet[Conversation]:
    """Those of the user's shops with creator and shop, the last touched first; `touched_at` is when."""
    shown = Conversation.objects.visible_to(user).select_related("shop", "creator__market")
    touched = shown.annotate(touched_at=Greatest("last_out_at", "last_in_at"))
    return touched.order_by(F("touched_at").desc(nulls_last=True), "-pk")


def narrowed(found: QuerySet[Conversation], tab: str, *, at: datetime) -> QuerySet[Conversation]:
    """What a tab holds: the creator wrote last, we wait, a reminder is due, a mail is in trouble."""
    return found.filter(_conditions(at)[tab]) if tab in _conditions(at) else found


def tab_counts(found: QuerySet[Conversation], *, at: datetime) -> dict[str, int]:
    """How many conversations each tab holds, in one query."""
    parts = {tab: Count("pk", filter=condition) for tab, condition in _conditions(at).items()}
    counts: dict[str, int] = found.order_by().aggregate(all=Count("pk"), **parts)
    return counts


def _conditions(at: datetime) -> dict[str, Q]:
    due = Reminder.objects.filter(done_at__isnull=True, due_at__lte=at).values("conversation")
    stuck = Q(state=MessageState.FAILED) | Q(state=MessageState.SENDING, sending_at__lte=at - UNSURE_AFTER)
    wrote_last = Q(last_in_at__isnull=False) & (Q(last_out_at__isnull=True) | Q(last_in_at__gte=F("last_out_at")))
    return {
        "answer": wrote_last,
        "waiting": Q(unanswered__gt=0),
        "due": Q(pk__in=due),
        "trouble": Q(pk__in=Message.objects.filter(stuck).values("conversation")),
    }


def rows_of(conversations: Sequence[Conversation], *, at: datetime) -> list[ConversationRow]:
    """The conversations with their newest message and next reminder; three queries however many there are."""
    ids = [one.pk for one in conversations]
    messages = Message.objects.filter(conversation__in=ids).select_related("by")
    newest = {
        one.conversation_id: one for one in messages.order_by("conversation_id", "-pk").distinct("conversation_id")
    }
    reminders: dict[int, Reminder] = {}
    for one in Reminder.objects.filter(conversation__in=ids, done_at__isnull=True).select_related("for_user"):
        reminders.setdefault(one.conversation_id, one)
    return [_row(one, newest.get(one.pk), reminders.get(one.pk), at) for one in conversations]


def _row(one: Conversation, newest: Message | None, reminder: Reminder | None, at: datetime) -> ConversationRow:
    silent = (at - one.last_out_at).days if one.unanswered and one.last_out_at else None
    is_late = reminder is not None and reminder.due_at <= at
    return ConversationRow(one, newest, look_of(one, newest, at), silent, reminder, is_late)


def look_of(conversation: Conversation, newest: Message | None, at: datetime) -> Look:
    """How a conversation stands, in a word and a colour."""
    if newest is None:
        return Look(_("No message yet"), "idle")
    if newest.direction == Direction.IN:
        return Look(_("Replied"), "ok")
    if newest.state in {MessageState.FAILED, MessageState.WAITING} or is_unsure(newest, at=at):
        return message_look(newest, at=at)
    if conversation.unanswered >= BEFORE_REPLY and not conversation.is_exempt:
        return Look(_("5 without a reply"), "bad")
    return Look(_("Waiting for a reply"), "warn" if conversation.unanswered > 1 else "info")


def message_look(message: Message, *, at: datetime) -> Look:
    """The state of a message; a mail that was cut off is unsure."""
    return Look(_("Unsure whether it went"), "bad") if is_unsure(message, at=at) else message.look


def lines_of(conversation: Conversation, *, at: datetime) -> list[Line]:
    """The newest messages of a conversation, the oldest of them first."""
    files = Prefetch("files", MessageFile.objects.select_related("file"))
    newest = conversation.messages.select_related("by", "template", "collaboration__plan").prefetch_related(files)
    shown = list(newest.order_by("-pk")[:SHOWN])
    shown.sort(key=lambda one: (one.at or one.created_at, one.pk))
    return [
        Line(
            message=one,
            files=list(one.files.all()),
            is_in=one.direction == Direction.IN,
            is_unsure=is_unsure(one, at=at),
            look=message_look(one, at=at),
        )
        for one in shown
    ]


def files_shown(user: User) -> QuerySet[MessageFile]:
    """Files of messages of the user's shops."""
    return MessageFile.objects.filter(message__in=Message.objects.visible_to(user)).select_related("file")


def reminders_shown(user: User) -> QuerySet[Reminder]:
    """Reminders of conversations of the user's shops."""
    conversations = Conversation.objects.visible_to(user)
    return Reminder.objects.filter(conversation__in=conversations).select_related("conversation__creator", "for_user")


def reminders_due(user: User, *, at: datetime) -> QuerySet[Reminder]:
    """The user's own reminders that are due, the oldest first: part of "My day"."""
    return reminders_shown(user).filter(for_user=user, done_at__isnull=True, due_at__lte=at).order_by("due_at", "pk")


def writers_of(user: User) -> QuerySet[User]:
    """Who works for the user's shops: those by whom a conversation can be owned."""
    return User.objects.filter(memberships__shop__in=Shop.objects.visible_to(user)).distinct().order_by("name", "pk")

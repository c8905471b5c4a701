"""Reminders of conversations, and telling account managers when a creator stays silent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from celery import current_app
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import Shop, User
from accounts.states import RoleCode
from campaigns.models import Conversation, Message, Reminder
from campaigns.services.conversations import check_member, conversation_hold
from campaigns.services.settings import settings_of
from core.errors import DomainError

TASK = "campaigns.tasks.outreach.reminders_escalate_task"
MAILED_ROWS = 50

log = structlog.get_logger()


def reminder_renew(*, message: Message, by: User, at: datetime) -> Reminder:
    """Remind the writer of a message when it stays without a reply; the one of an earlier message is done.

    What was told to the account managers is not told again before a reply. The caller holds the conversation.
    """
    conversation = message.conversation
    earlier = conversation.reminders.filter(done_at__isnull=True, message__isnull=False)
    told_at = earlier.filter(escalated_at__isnull=False).values_list("escalated_at", flat=True).first()
    earlier.update(done_at=at)
    due_at = at + timedelta(days=settings_of(shop=conversation.shop).remind_days)
    return Reminder.objects.create(
        conversation=conversation, message=message, for_user=by, due_at=due_at, escalated_at=told_at, created_at=at
    )


@transaction.atomic
def reminder_add(*, conversation: Conversation, due_at: datetime, by: User, at: datetime, note: str = "") -> Reminder:
    """Remind oneself of a conversation. Raises DomainError `due_in_past`, `not_member` (403)."""
    check_member(shop=conversation.shop, by=by)
    if due_at <= at:
        text = _("Choose a day after today.")
        raise DomainError("due_in_past", text, fields={"due_on": text})
    return Reminder.objects.create(
        conversation=conversation, for_user=by, due_at=due_at, note=note.strip()[:300], created_at=at
    )


@transaction.atomic
def reminder_finish(*, reminder: Reminder, by: User, at: datetime) -> Reminder:
    """The reminder is done; one that was done before stays so. Raises DomainError `not_member` (403)."""
    check_member(shop=reminder.conversation.shop, by=by)
    held = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if held.done_at is None:
        held.done_at = at
        held.save(update_fields=["done_at"])
    return held


@transaction.atomic
def conversation_escalate(*, conversation: Conversation, by: User, at: datetime, note: str = "") -> Reminder:
    """Ask the account managers of the shop to step in; they get a mail.

    Raises DomainError `no_account_manager` (409), `escalated_already` (409), `not_member` (403).
    """
    check_member(shop=conversation.shop, by=by)
    if not managers_of(conversation.shop):
        text = _("The shop has no account manager. An admin can add one to its people.")
        raise DomainError("no_account_manager", text, status=409)
    held = conversation_hold(shop=conversation.shop, creator=conversation.creator)
    told = Q(escalated_at__isnull=False) | Q(message__isnull=True, due_at=F("created_at"))
    if held.reminders.filter(told, done_at__isnull=True).exists():
        text = _("The account managers were told already. Finish that reminder to tell them again.")
        raise DomainError("escalated_already", text, status=409)
    reminder = Reminder.objects.create(
        conversation=held, for_user=by, due_at=at, note=note.strip()[:300], created_at=at
    )
    transaction.on_commit(partial(_queue, reminder.pk), robust=True)
    return reminder


def reminders_escalate(*, at: datetime, reminder_id: int | None = None) -> int:
    """Tell account managers, by one mail each, of creators who are silent for twice the days of a reminder.

    `reminder_id`: only of this one, however young. Each is told once: the mark is stored before the mail goes out, so
    that a crash in between loses a mail and never repeats one. Returns how many reminders were told.
    """
    waiting = Reminder.objects.filter(done_at__isnull=True, escalated_at__isnull=True)
    if reminder_id is not None:
        waiting = waiting.filter(pk=reminder_id)
    else:
        waiting = waiting.filter(due_at__lte=at, conversation__unanswered__gt=0)
    told = 0
    shops = Shop.objects.filter(pk__in=waiting.values("conversation__shop"))
    for shop in shops.order_by("pk"):
        managers = managers_of(shop)
        if not managers:
            continue
        silent = waiting.filter(conversation__shop=shop)
        if reminder_id is None:
            silent = silent.filter(due_at__lte=at - timedelta(days=settings_of(shop=shop).remind_days))
        marked = _mark(list(silent.order_by("pk").values_list("pk", flat=True)), at)
        for user in managers if marked else []:
            _mail(user, shop, marked)
        told += len(marked)
    return told


def managers_of(shop: Shop) -> list[User]:
    """The active account managers among the shop's people."""
    return list(shop.members.filter(role=RoleCode.ACCOUNT_MANAGER, is_active=True).order_by("pk"))


@transaction.atomic
def _mark(reminder_ids: Sequence[int], at: datetime) -> list[Reminder]:
    open_ones = Reminder.objects.filter(pk__in=reminder_ids, done_at__isnull=True, escalated_at__isnull=True)
    held = list(open_ones.select_for_update(of=("self",), skip_locked=True).select_related("conversation__creator"))
    Reminder.objects.filter(pk__in=[one.pk for one in held]).update(escalated_at=at)
    return held


def _mail(user: User, shop: Shop, reminders: Sequence[Reminder]) -> None:
    total = len(reminders)
    with translation.override(user.language):
        subject = ngettext("%(shop)s: %(count)s creator to remind", "%(shop)s: %(count)s creators to remind", total)
        context = {"shop": shop, "reminders": reminders[:MAILED_ROWS], "more": max(0, total - MAILED_ROWS)}
        text = render_to_string("campaigns/mail/escalated.txt", context)
        try:
            send_mail(subject % {"shop": shop, "count": total}, text, None, [user.email])
        except OSError as error:
            log.warning("escalation_not_mailed", user=user.pk, shop=shop.pk, error=str(error))


def _queue(reminder_id: int) -> None:
    try:
        current_app.send_task(TASK, [reminder_id], retry=False)
    except BrokerError as error:
        log.warning("escalation_not_queued", reminder=reminder_id, error=str(error))

"""Mails to creators on their way: each goes out at most once.

A mail is marked as being sent before the server gets it, in a transaction of its own: after a crash in between a person
looks into the mailbox and says whether it went.
"""

from datetime import datetime
from email.utils import formataddr, parseaddr
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from campaigns.models import Message
from campaigns.rules.inbound import reply_address, reply_token
from campaigns.selectors.limits import unwanted
from campaigns.selectors.outreach import is_unsure
from campaigns.services.conversations import check_member
from campaigns.services.quota import contact_give_back, contact_hold, contact_take
from campaigns.services.reminders import reminder_renew
from campaigns.states.outreach import MESSAGE_TRANSITIONS, Channel, MessageState
from core.errors import DomainError
from core.uploads.storage import file_open

TASK = "campaigns.tasks.outreach.message_deliver_task"
# Far below UNSURE_AFTER of the selectors: a mail that is still being sent is never called unsure.
SERVER_SECONDS = 60
# The server said no, or was not there. Whatever else goes wrong may have happened behind the mail's acceptance.
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused, ConnectionRefusedError, gaierror)
WOKEN = 500
RELATED = ("conversation__shop", "conversation__creator", "by")

log = structlog.get_logger()


def message_queue(*, message_id: int) -> None:
    """Ask a worker to send a mail; when the broker is down, the next wake asks again."""
    try:
        current_app.send_task(TASK, [message_id], retry=False)
    except BrokerError as error:
        log.warning("message_not_queued", message=message_id, error=str(error))


def messages_wake() -> int:
    """Ask for every mail that waits; returns how many. Asking twice sends nothing twice."""
    waiting = list(Message.objects.waiting().order_by("pk").values_list("pk", flat=True)[:WOKEN])
    for message_id in waiting:
        message_queue(message_id=message_id)
    return len(waiting)


def message_deliver(*, message_id: int, at: datetime) -> bool:
    """Send a waiting mail; returns whether it went out now. One to who meanwhile asked for no contact is not sent."""
    if (refusal := _unwanted(message_id)) is not None:
        _fail(message_id, refusal, at)
        return False
    message = _begin(message_id, at)
    if message is None:
        return False
    try:
        _mail_of(message).send()
    except REFUSALS as error:
        _fail(message_id, f"{type(error).__name__}: {error}", at)
        return False
    except OSError as error:
        # A server that stopped answering may have taken the mail: that stays unsure.
        log.warning("message_unsure", message=message_id, error=str(error))
        return False
    _sent(message_id, at)
    return True


@transaction.atomic
def message_confirm(*, message: Message, by: User, at: datetime) -> Message:
    """The unsure mail is in the mailbox of sent ones. Raises DomainError `message_not_unsure` (409)."""
    check_member(shop=message.conversation.shop, by=by)
    held = _unsure(message, at)
    held.state, held.at = MessageState.SENT, held.sending_at
    held.save(update_fields=["state", "at"])
    return held


@transaction.atomic
def message_resend(*, message: Message, by: User, at: datetime) -> Message:
    """Send a mail again that failed, or that is unsure and not in the mailbox of sent ones.

    One that failed counts anew. Raises DomainError `message_not_unsure` (409), and what `contact_take` raises.
    """
    check_member(shop=message.conversation.shop, by=by)
    if message.state == MessageState.FAILED:
        contact_take(shop=message.conversation.shop, creator=message.conversation.creator, at=at)
        held = _held(message.pk)
        if held.state != MessageState.FAILED:
            raise _settled()
        held.created_at = at
        reminder_renew(message=held, by=by, at=at)
    else:
        held = _unsure(message, at)
    held.state, held.error, held.sending_at = MessageState.WAITING, "", None
    held.save(update_fields=["state", "error", "sending_at", "created_at"])
    transaction.on_commit(partial(message_queue, message_id=held.pk), robust=True)
    return held


@transaction.atomic
def _begin(message_id: int, at: datetime) -> Message | None:
    """The waiting mail, marked as being sent; None when somebody else has it."""
    waiting = Message.objects.waiting().filter(pk=message_id, channel=Channel.MAIL).select_related(*RELATED)
    message = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if message is None:
        return None
    message.state, message.sending_at = MessageState.SENDING, at
    message.save(update_fields=["state", "sending_at"])
    return message


def _mail_of(message: Message) -> EmailMessage:
    """The mail, in the name of the shop; the answer comes back to us where mails are taken in, else to the writer."""
    conversation = message.conversation
    sender = formataddr((conversation.shop.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    token = reply_token(conversation.pk, settings.SECRET_KEY)
    answer_to = reply_address(getattr(settings, "INBOUND_ADDRESS", ""), token)
    earlier = conversation.messages.exclude(mail_id="").filter(pk__lt=message.pk)
    ids = [*earlier.order_by("-pk").values_list("mail_id", flat=True)[:10]]
    headers = {"Message-ID": message.mail_id}
    if ids:
        headers |= {"In-Reply-To": ids[0], "References": " ".join(reversed(ids))}
    mail = EmailMessage(message.subject, message.body, sender, [message.address], headers=headers)
    mail.reply_to = [answer_to or (message.by.email if message.by else settings.DEFAULT_FROM_EMAIL)]
    mail.connection = get_connection(timeout=SERVER_SECONDS)
    for one in message.files.select_related("file"):
        with file_open(one.file) as file:
            mail.attach(one.file.name, file.read(), one.file.content_type)
    return mail


def _unwanted(message_id: int) -> str | None:
    message = Message.objects.waiting().filter(pk=message_id).select_related(*RELATED).first()
    if message is None:
        return None
    conversation = message.conversation
    refusal = unwanted(conversation.shop, [conversation.creator_id]).get(conversation.creator_id)
    return refusal.message if refusal else None


@transaction.atomic
def _sent(message_id: int, at: datetime) -> None:
    held = _held(message_id)
    if MessageState.SENT in MESSAGE_TRANSITIONS[held.state]:
        held.state, held.at = MessageState.SENT, at
        held.save(update_fields=["state", "at"])


@transaction.atomic
def _fail(message_id: int, error: str, at: datetime) -> None:
    """It did not reach the creator: it counts no more, and nobody is reminded of it."""
    message = Message.objects.select_related(*RELATED).get(pk=message_id)
    week, conversation = contact_hold(conversation=message.conversation, at=message.created_at)
    held = _held(message_id)
    if MessageState.FAILED not in MESSAGE_TRANSITIONS[held.state]:
        return
    held.state, held.error = MessageState.FAILED, error[:500]
    held.save(update_fields=["state", "error"])
    held.reminders.filter(done_at__isnull=True).update(done_at=at)
    contact_give_back(week=week, conversation=conversation)


def _unsure(message: Message, at: datetime) -> Message:
    held = _held(message.pk)
    if not is_unsure(held, at=at):
        raise _settled()
    return held


def _held(message_id: int) -> Message:
    return Message.objects.select_for_update(of=("self",)).select_related(*RELATED[:2]).get(pk=message_id)


def _settled() -> DomainError:
    text = _("This message is settled, or is being sent just now. Reload the page.")
    return DomainError("message_not_unsure", text, status=409)

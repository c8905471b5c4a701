"""Telling the creator of an entry: by mail, at most once, or handed over with a proof.

A mail is written when it is sent, so that its balance and its dates hold. It is marked before the server gets it: after
a crash in between a person looks into the mailbox.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror
from zoneinfo import ZoneInfo

import pghistory
import structlog
from celery import current_app
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from core.errors import DomainError
from core.models import StoredFile
from violations.models import LedgerEntry, Notice
from violations.rules.languages import mail_language
from violations.rules.windows import appeal_ends_at
from violations.selectors.notices import is_unsure
from violations.selectors.standings import standing_of
from violations.states import NOTICE_TRANSITIONS, EntryKind, Feature, NoticeChannel, NoticeState

TASK = "violations.tasks.notice_send_task"
# Far below UNSURE_AFTER of the selectors: a mail that is still being sent is never called unsure.
SERVER_SECONDS = 60
# The server said no, or was not there. Whatever else goes wrong may have happened behind the mail's acceptance.
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused, ConnectionRefusedError, gaierror)

log = structlog.get_logger()


@dataclass(frozen=True)
class NoticeWish:
    """How the creator is told, in the words of `notice_give`."""

    channel: str
    address: str = ""
    language: str = "en"
    given_at: datetime | None = None
    proof: StoredFile | None = None


@transaction.atomic
def notice_give(
    *,
    entry: LedgerEntry,
    channel: str,
    by: User,
    at: datetime,
    address: str = "",
    language: str = "en",
    given_at: datetime | None = None,
    proof: StoredFile | None = None,
) -> Notice:
    """Tell the creator of a violation; the instant it is given opens the appeal window.

    A mail waits for the task that sends it, in the creator's language (English or Chinese). One that was handed over
    needs its instant and a proof. Raises DomainError `not_a_violation`, `channel_unknown`, `address_missing`,
    `notice_waiting`, `given_before_entry`, `given_in_future`, `proof_missing`.
    """
    if entry.kind != EntryKind.VIOLATION:
        raise DomainError("not_a_violation", _("Notices go with violations only."), status=409)
    if channel not in NoticeChannel.values:
        raise _refusal("channel_unknown", "channel", _("Choose mail or handed over."))
    notice = Notice(entry=entry, channel=channel, language=mail_language(language), created_by=by, created_at=at)
    if channel == NoticeChannel.MAIL:
        _address(notice, address.strip())
    else:
        _hand_over(notice, given_at, proof, at)
    notice.save()
    if channel == NoticeChannel.MAIL:
        _queue_on_commit(notice)
    return notice


def notice_wish_give(*, entry: LedgerEntry, wish: NoticeWish | None, by: User, at: datetime) -> Notice | None:
    """Give the notice that is wished for; None when none is. Raises what `notice_give` raises."""
    return notice_give(entry=entry, by=by, at=at, **vars(wish)) if wish else None


def notice_queue(*, notice_id: int) -> None:
    """Ask a worker to send a mail; when the broker is down, the next wake asks again."""
    try:
        current_app.send_task(TASK, [notice_id], retry=False)
    except BrokerError as error:
        log.warning("notice_not_queued", notice=notice_id, error=str(error))


def notices_wake() -> int:
    """Ask for every mail that waits; returns how many. Asking twice sends nothing twice."""
    waiting = list(Notice.objects.waiting().exclude(address="").values_list("pk", flat=True)[:500])
    for notice_id in waiting:
        notice_queue(notice_id=notice_id)
    return len(waiting)


def notice_send(*, notice_id: int, at: datetime) -> bool:
    """Send a waiting mail; returns whether it went out now.

    The mark is a transaction of its own: whatever happens behind it, no mail goes out twice.
    """
    notice = _begin(notice_id, at)
    if notice is None:
        return False
    mail = EmailMessage(notice.subject, notice.body, None, [notice.address])
    # The mail says that it can be answered: whoever gave the notice files the appeal.
    mail.reply_to = [notice.created_by.email]
    mail.connection = get_connection(timeout=SERVER_SECONDS)
    try:
        mail.send()
    except REFUSALS as error:
        _finish(notice_id, NoticeState.FAILED, error=f"{type(error).__name__}: {error}"[:500])
        return False
    except OSError as error:
        # A server that stopped answering may have taken the mail: that stays unsure.
        log.warning("notice_unsure", notice=notice_id, error=str(error))
        return False
    _finish(notice_id, NoticeState.SENT, given_at=at)
    return True


@transaction.atomic
def notice_confirm(*, notice: Notice, by: User, at: datetime) -> Notice:
    """The unsure mail is in the mailbox: it counts as given now, which only makes the time to appeal longer.

    Raises DomainError `notice_not_unsure`.
    """
    held = _unsure(notice, at)
    held.given_at = at
    _move(held, NoticeState.SENT, by=by)
    return held


@transaction.atomic
def notice_resend(*, notice: Notice, by: User, at: datetime) -> Notice:
    """Send a mail again that failed, or that is unsure and not in the mailbox.

    Raises DomainError `notice_not_unsure`, `notice_waiting`.
    """
    held = Notice.objects.select_for_update(of=("self",)).select_related("entry").get(pk=notice.pk)
    if held.state != NoticeState.FAILED:
        held = _unsure(notice, at)
        _move(held, NoticeState.FAILED, by=by)
    _check_none_waits(held.entry)
    held.error = ""
    _move(held, NoticeState.WAITING, by=by)
    _queue_on_commit(held)
    return held


@transaction.atomic
def _begin(notice_id: int, at: datetime) -> Notice | None:
    """The waiting mail, written and marked as being sent; None when somebody else has it."""
    related = ("entry__creator__market", "entry__rule__book", "entry__details", "created_by")
    waiting = Notice.objects.waiting().exclude(address="").select_related(*related)
    notice = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=notice_id).first()
    if notice is None:
        return None
    notice.subject, notice.body = notice_text(entry=notice.entry, language=notice.language, at=at)
    notice.save(update_fields=["subject", "body"])
    _move(notice, NoticeState.SENDING)
    return notice


def notice_text(*, entry: LedgerEntry, language: str, at: datetime) -> tuple[str, str]:
    """Subject and body of the mail about a violation, as it would be sent at the instant; times in market time."""
    zone = ZoneInfo(entry.creator.market.time_zone)
    days = entry.rule.book.appeal_days if entry.rule else 0
    found = standing_of(entry.creator_id, at=at)
    with translation.override(mail_language(language)), timezone.override(zone):
        context = {
            "entry": entry,
            "balance": found.balance,
            "withdrawn": [(one.label, found.withdrawn[one]) for one in Feature if one in found.withdrawn],
            "appeal_days": days,
            # The last moment of the last day, not the first one after it.
            "appeal_until": appeal_ends_at(at, days=days, time_zone=zone.key) - timedelta(minutes=1),
            "zone": zone.key,
        }
        subject = _("Notice about a violation: %(rule)s (case %(case)s)") % {"rule": entry.rule, "case": entry.case}
        return subject[:200], render_to_string("violations/mail/notice.txt", context)


@transaction.atomic
def _finish(notice_id: int, state: NoticeState, *, given_at: datetime | None = None, error: str = "") -> None:
    held = Notice.objects.select_for_update().get(pk=notice_id)
    if state in NOTICE_TRANSITIONS[held.state]:
        held.given_at, held.error = given_at, error
        _move(held, state)


def _unsure(notice: Notice, at: datetime) -> Notice:
    held = Notice.objects.select_for_update(of=("self",)).select_related("entry").get(pk=notice.pk)
    if not is_unsure(held, at=at):
        text = _("This notice is settled, or is being sent just now. Reload the page.")
        raise DomainError("notice_not_unsure", text, status=409)
    return held


def _move(notice: Notice, state: NoticeState, *, by: User | None = None) -> None:
    """`by` is None where a worker does it."""
    notice.state = state
    with pghistory.context(**({"user": by.pk} if by else {})):
        notice.save(update_fields=["state", "given_at", "error"])


def _address(notice: Notice, address: str) -> None:
    if not address:
        raise _refusal("address_missing", "address", _("Write the creator's e-mail address."))
    _check_none_waits(notice.entry)
    notice.address = address


def _check_none_waits(entry: LedgerEntry) -> None:
    if entry.notices.filter(state__in=[NoticeState.WAITING, NoticeState.SENDING]).exists():
        raise DomainError("notice_waiting", _("A mail about this entry is on its way already."), status=409)


def _hand_over(notice: Notice, given_at: datetime | None, proof: StoredFile | None, at: datetime) -> None:
    if proof is None:
        raise _refusal("proof_missing", "proof", _("Add a file that proves it was handed over."))
    if given_at is None or given_at > at:
        raise _refusal("given_in_future", "given_at", _("Say when it was handed over; not in the future."))
    # Forms write whole minutes.
    if given_at < notice.entry.effective_at.replace(second=0, microsecond=0):
        text = _("It cannot have been handed over before it happened.")
        raise _refusal("given_before_entry", "given_at", text)
    notice.state, notice.given_at, notice.proof = NoticeState.SENT, given_at, proof
    StoredFile.objects.filter(pk=proof.pk).update(expires_at=None)


def _queue_on_commit(notice: Notice) -> None:
    transaction.on_commit(partial(notice_queue, notice_id=notice.pk), robust=True)


def _refusal(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})

"""Telling the creator of an entry: by mail, at most once, or handed over with a proof."""

import smtplib
from datetime import datetime

import pghistory
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.models import StoredFile
from violations.models import LedgerEntry, Notice
from violations.rules.languages import mail_language
from violations.selectors.standings import standing_of
from violations.states import NOTICE_TRANSITIONS, EntryKind, Feature, NoticeChannel, NoticeState


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

    A mail is written in the creator's language (English or Chinese) and waits for the task that sends it. One that was
    handed over needs its instant and a proof. Raises DomainError `not_a_violation`, `channel_unknown`,
    `address_missing`, `given_in_future`, `proof_missing`, `notice_waiting`.
    """
    if entry.kind != EntryKind.VIOLATION:
        raise DomainError("not_a_violation", _("Notices go with violations only."), status=409)
    notice = Notice(
        entry=entry, channel=channel, language=mail_language(language), created_by=by, created_at=at, address=address
    )
    if channel == NoticeChannel.MAIL:
        _write_mail(notice, at)
    elif channel == NoticeChannel.HANDED_OVER:
        _hand_over(notice, given_at, proof, at)
    else:
        raise _refusal("channel_unknown", "channel", _("Choose mail or handed over."))
    notice.save()
    return notice


def notice_send(*, notice_id: int, at: datetime) -> bool:
    """Send a waiting mail; returns whether it was sent now.

    It is marked before the server gets it, in a transaction of its own: after a crash in between a person decides,
    and no mail goes out twice.
    """
    with transaction.atomic():
        notice = Notice.objects.waiting().select_for_update(skip_locked=True).filter(pk=notice_id).first()
        if notice is None:
            return False
        _move(notice, NoticeState.SENDING)
    try:
        EmailMessage(notice.subject, notice.body, None, [notice.address]).send()
    except (smtplib.SMTPException, ConnectionError, OSError) as error:
        # A server that stopped answering may have taken the mail: that stays unsure.
        if not isinstance(error, TimeoutError):
            notice.error = f"{type(error).__name__}: {error}"[:500]
            _move(notice, NoticeState.FAILED)
        return False
    notice.given_at = at
    _move(notice, NoticeState.SENT)
    return True


@transaction.atomic
def notice_settle(*, notice: Notice, was_sent: bool, by: User, at: datetime) -> Notice:
    """A person looked into the mailbox: the unsure mail went out (at its time of writing), or did not.

    Raises DomainError `notice_not_unsure`.
    """
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    if held.state != NoticeState.SENDING:
        raise DomainError("notice_not_unsure", _("This notice is settled already. Reload the page."), status=409)
    with pghistory.context(user=by.pk):
        held.given_at = at if was_sent else None
        _move(held, NoticeState.SENT if was_sent else NoticeState.FAILED)
    return held


@transaction.atomic
def notice_retry(*, notice: Notice, by: User) -> Notice:
    """Send a mail that failed once more. Raises DomainError `notice_not_failed`."""
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    if NoticeState.WAITING not in NOTICE_TRANSITIONS[held.state]:
        raise DomainError("notice_not_failed", _("Only a mail that failed can be sent again."), status=409)
    held.error = ""
    with pghistory.context(user=by.pk):
        _move(held, NoticeState.WAITING)
    return held


def _move(notice: Notice, state: NoticeState) -> None:
    notice.state = state
    notice.save(update_fields=["state", "given_at", "error"])


def _write_mail(notice: Notice, at: datetime) -> None:
    if not notice.address:
        raise _refusal("address_missing", "address", _("Write the creator's e-mail address."))
    if notice.entry.notices.filter(state__in=[NoticeState.WAITING, NoticeState.SENDING]).exists():
        raise DomainError("notice_waiting", _("A mail about this entry is on its way already."), status=409)
    entry = notice.entry
    found = standing_of(entry.creator_id, at=at)
    context = {
        "entry": entry,
        "balance": found.balance,
        "withdrawn": [(Feature(name).label, end) for name, end in found.withdrawn.items()],
        "appeal_days": entry.rule.book.appeal_days if entry.rule else 0,
        "note": entry.details.note,
        "content_link": entry.details.content_link,
    }
    with translation.override(notice.language):
        notice.subject = _("Notice about a violation: %(rule)s") % {"rule": entry.rule}
        notice.body = render_to_string("violations/mail/notice.txt", context)


def _hand_over(notice: Notice, given_at: datetime | None, proof: StoredFile | None, at: datetime) -> None:
    if proof is None:
        raise _refusal("proof_missing", "proof", _("Add a file that proves it was handed over."))
    if given_at is None or given_at > at:
        raise _refusal("given_in_future", "given_at", _("Say when it was handed over; not in the future."))
    notice.state, notice.given_at, notice.proof = NoticeState.SENT, given_at, proof
    StoredFile.objects.filter(pk=proof.pk).update(expires_at=None)


def _refusal(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})

"""Mails of appeals: a question or a decision to the creator, overdue ones to the admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from celery import current_app
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from violations.models import Appeal, AppealStep
from violations.rules.appeals import Mark, mark_note
from violations.selectors.appeals import appeal_until, contact_of, mails_after, steps_to_mail
from violations.selectors.effects import effect_of
from violations.states import AppealState

TASK = "violations.tasks.appeal_mail_task"
# A creator whose address becomes known within this time is still told.
TOLD_WITHIN = timedelta(days=7)

log = structlog.get_logger()


@dataclass(frozen=True)
class Mail:
    """A mail that is marked as begun."""

    appeal: Appeal
    address: str
    subject: str
    text: str


def mail_queue(*, step_id: int) -> None:
    """Ask a worker for the mail about a step; when the broker is down, the next sweep asks again."""
    try:
        current_app.send_task(TASK, [step_id], retry=False)
    except BrokerError as error:
        log.warning("appeal_mail_not_queued", step=step_id, error=str(error))


def mails_wake(*, at: datetime) -> int:
    """Ask for every mail of the last seven days that was not begun; returns how many."""
    steps = list(steps_to_mail(since=at - TOLD_WITHIN).values_list("pk", flat=True)[:500])
    for step_id in steps:
        mail_queue(step_id=step_id)
    return len(steps)


def appeal_mail_send(*, step_id: int, at: datetime) -> bool:
    """Tell the creator of a question or a decision, in their language; at most once. True when a mail went out.

    A step that is committed before the server is spoken to records it: after a crash in between nothing is sent again.
    """
    mail = _begin(step_id, at)
    if mail is None:
        return False
    try:
        send_mail(mail.subject, mail.text, None, [mail.address])
    except OSError as error:
        log.warning("appeal_mail_failed", appeal=mail.appeal.pk, error=str(error))
        _mark(mail.appeal, Mark.UNSENT, mail.address, at)
        return False
    return True


def admins_mail(*, appeal_ids: Sequence[int]) -> None:
    """Tell every admin, in their language, which appeals only an admin can decide now."""
    appeals = Appeal.objects.filter(pk__in=appeal_ids).select_related("entry__creator", "entry__rule").by_time_left()
    for admin in User.objects.admins():
        with translation.override(admin.language):
            subject = _("Appeals to decide: their time is over")
            text = render_to_string("violations/mail/appeal_escalated.txt", {"appeals": appeals})
        try:
            send_mail(subject, text, None, [admin.email])
        except OSError as error:
            log.warning("escalation_mail_failed", user=admin.pk, error=str(error))


@transaction.atomic
def _begin(step_id: int, at: datetime) -> Mail | None:
    """Mark the mail about the step as begun; None when it was, or when no address is known."""
    step = AppealStep.objects.get(pk=step_id)
    related = ("entry__creator__market", "entry__rule__book", "filed_through")
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related(*related).get(pk=step.appeal_id)
    contact = contact_of(appeal)
    if contact is None or mails_after(appeal=appeal.pk, step=step.pk).exists():
        return None
    address, language = contact
    _mark(appeal, Mark.MAILED, address, at)
    # English where the product has no texts in the creator's language.
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        return Mail(appeal, address, *_texts(appeal, step, at))


def _texts(appeal: Appeal, step: AppealStep, at: datetime) -> tuple[str, str]:
    """Subject and body in the active language."""
    names = {"case": appeal.entry.case, "handle": appeal.entry.creator.handle}
    zone = ZoneInfo(appeal.entry.creator.market.time_zone)
    context = {"appeal": appeal, "entry": appeal.entry, "step": step, "zone": zone.key}
    if step.to_state == AppealState.EVIDENCE_ASKED:
        subject = _("A question about the appeal, case %(case)s, @%(handle)s") % names
        return subject, _rendered("question", context, zone)
    until = appeal_until(appeal.entry)
    context |= {
        "is_overturned": step.to_state == AppealState.OVERTURNED,
        "effect": effect_of(appeal.entry, at=step.at),
        "may_appeal_again": appeal.number == 1 and (until is None or at < until),
        "until": until,
    }
    subject = _("The decision on the appeal, case %(case)s, @%(handle)s") % names
    return subject, _rendered("decision", context, zone)


def _rendered(name: str, context: dict[str, Any], zone: ZoneInfo) -> str:
    """The text of the mail, its times in the creator's market."""
    with timezone.override(zone):
        return render_to_string(f"violations/mail/appeal_{name}.txt", context)


def _mark(appeal: Appeal, mark: Mark, address: str, at: datetime) -> None:
    AppealStep.objects.create(
        appeal=appeal, from_state=appeal.state, to_state=appeal.state, at=at, note=mark_note(mark, address)
    )

"""Appeals: filed once an entry, and once more on new evidence; decided by somebody other than logger and notifier.

Lock order: the appeal's row, then the creator's chain. Source: the house rule book, "Appeals".
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission, RoleCode
from core.errors import DomainError
from core.models import StoredFile
from core.ui import format_moment
from violations.models import Appeal, AppealEvidence, AppealStep, CreatorLink, LedgerEntry
from violations.rules.appeals import MOST, Mark, has_new, mark_note
from violations.rules.windows import working_days_after
from violations.selectors.appeals import appeal_until
from violations.services.appeal_mails import admins_mail, mail_queue
from violations.services.ledger import chain_lock, reversal_append
from violations.states import APPEAL_TRANSITIONS, AppealState, EntryKind, ReversalKind


@transaction.atomic
def appeal_file(
    *,
    entry: LedgerEntry,
    statement: str,
    at: datetime,
    by: User | None = None,
    link: CreatorLink | None = None,
    evidence: Sequence[StoredFile] = (),
) -> Appeal:
    """File an appeal, as staff (`by`) or as the creator through a signed link.

    It must be decided ten working days later (`decision_days` of the book that judges the entry), in market time.
    Raises DomainError `statement_missing`, `not_a_violation`, `entry_reversed`, `appeal_window_closed`,
    `appeal_exists`, `appeal_needs_new_evidence`.
    """
    if (by is None) == (link is None):
        raise ValueError("an appeal is filed by somebody or through a link")
    statement = statement.strip()
    if not statement:
        text = _("Write why the entry should be taken back.")
        raise DomainError("statement_missing", text, fields={"statement": text})
    # Of two who file at once, the second one sees the first one's appeal.
    chain_lock(creator=entry.creator)
    _check_window(entry, at)
    earlier = list(entry.appeals.order_by("number"))
    _check_earlier(entry, earlier, evidence, at)
    zone = entry.creator.market.time_zone
    appeal = Appeal.objects.create(
        entry=entry,
        number=len(earlier) + 1,
        statement=statement,
        filed_by=by,
        filed_through=link,
        filed_at=at,
        due_at=working_days_after(at, days=entry.judged_by.decision_days, time_zone=zone),
    )
    AppealStep.objects.create(appeal=appeal, to_state=appeal.state, by=by, at=at)
    _evidence_keep(appeal, evidence, by, at)
    return appeal


def appeal_refusal(*, entry: LedgerEntry, at: datetime) -> DomainError | None:
    """Why no appeal against the entry can be filed at the instant; None when one can.

    A second one needs new evidence besides, which only `appeal_file` sees.
    """
    try:
        _check_window(entry, at)
        earlier = list(entry.appeals.order_by("number"))
        if any(one.is_open for one in earlier) or len(earlier) >= MOST:
            raise _exists(earlier[-1])
    except DomainError as error:
        return error
    return None


@transaction.atomic
def appeal_claim(*, appeal: Appeal, by: User, at: datetime) -> Appeal:
    """Take an appeal under review oneself.

    Raises DomainError `appeal_closed`, `appeal_claimed`, and what `reviewer_check` raises.
    """
    appeal = _locked(appeal, at)
    reviewer_check(appeal=appeal, reviewer=by, at=at)
    other = appeal.assigned_to
    if other is not None and other != by:
        text = _("%(name)s reviews this appeal. Ask them to assign it to you.") % {"name": other}
        raise DomainError("appeal_claimed", text, status=409)
    if appeal.state == AppealState.SUBMITTED:
        return _move(appeal, AppealState.UNDER_REVIEW, by=by, at=at, assigned_to=by)
    return _assign(appeal, by, by=by, at=at)


@transaction.atomic
def appeal_assign(*, appeal: Appeal, reviewer: User, by: User, at: datetime) -> Appeal:
    """Give an appeal to a reviewer, also from another one.

    Raises DomainError `appeal_closed`, `reviewer_unfit`, and what `reviewer_check` raises.
    """
    appeal = _locked(appeal, at)
    if not reviewer.can(Permission.APPEAL_DECIDE):
        text = _("%(name)s cannot decide appeals. Choose somebody of ops or an admin.") % {"name": reviewer}
        raise DomainError("reviewer_unfit", text, fields={"reviewer": text})
    reviewer_check(appeal=appeal, reviewer=reviewer, at=at)
    return _assign(appeal, reviewer, by=by, at=at)


@transaction.atomic
def appeal_ask(*, appeal: Appeal, question: str, by: User, at: datetime) -> Appeal:
    """Ask the creator for evidence; the question goes by mail when an address is known. The time to decide runs on.

    Raises DomainError `question_missing`, `appeal_closed`, `appeal_step_impossible`, and what `reviewer_check` raises.
    """
    appeal = _locked(appeal, at)
    reviewer_check(appeal=appeal, reviewer=by, at=at)
    if not question.strip():
        text = _("Write what is missing.")
        raise DomainError("question_missing", text, fields={"question": text})
    appeal = _move(
        appeal, AppealState.EVIDENCE_ASKED, by=by, at=at, note=question, assigned_to=appeal.assigned_to or by
    )
    _mail_last_step(appeal)
    return appeal


@transaction.atomic
def appeal_answer(
    *,
    appeal: Appeal,
    at: datetime,
    statement: str = "",
    by: User | None = None,
    evidence: Sequence[StoredFile] = (),
) -> Appeal:
    """Answer what was asked, as staff or (`by` None) as the creator; the appeal is under review again.

    Raises DomainError `answer_missing`, `appeal_closed`, `appeal_step_impossible`.
    """
    appeal = _locked(appeal, at)
    if appeal.state != AppealState.EVIDENCE_ASKED:
        raise _impossible(_("Nothing is asked about this appeal now. Reload the page."))
    if not statement.strip() and not evidence:
        text = _("Write an answer or add a file.")
        raise DomainError("answer_missing", text, fields={"statement": text})
    note = statement.strip() or _("Files added: %(names)s") % {"names": ", ".join(file.name for file in evidence)}
    _evidence_keep(appeal, evidence, by, at)
    return _move(appeal, AppealState.UNDER_REVIEW, by=by, at=at, note=note)


@transaction.atomic
def appeal_decide(*, appeal: Appeal, overturn: bool, reason: str, by: User, at: datetime) -> Appeal:
    """Decide: the entry is upheld, or overturned, which reverses it and replays what followed from it.

    The creator is told by mail. When ops took the entry back meanwhile, overturning only closes the appeal.
    Raises DomainError `reason_missing`, `appeal_closed`, and what `reviewer_check` raises.
    """
    appeal = _locked(appeal, at)
    reviewer_check(appeal=appeal, reviewer=by, at=at)
    reason = reason.strip()
    if not reason:
        text = _("Say why: the creator is told the reason.")
        raise DomainError("reason_missing", text, fields={"reason": text})
    if overturn:
        at = max(at, _entry_take_back(appeal.entry, reason, by, at))
    state = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    appeal = _move(appeal, state, by=by, at=at, note=reason, decided_by=by, decided_at=at, decision=reason)
    _mail_last_step(appeal)
    return appeal


@transaction.atomic
def appeal_withdraw(*, appeal: Appeal, at: datetime, by: User | None = None, reason: str = "") -> Appeal:
    """Take an appeal back, as who filed it, as an admin, or (`by` None) as the creator through the link.

    Raises DomainError `appeal_closed`, `not_the_filer`.
    """
    appeal = _locked(appeal, at)
    if by is not None and by.pk != appeal.filed_by_id and by.role != RoleCode.ADMIN:
        raise DomainError("not_the_filer", _("Only who filed the appeal, or an admin, can withdraw it."), status=403)
    return _move(appeal, AppealState.WITHDRAWN, by=by, at=at, note=reason.strip())


@transaction.atomic
def appeals_escalate(*, at: datetime) -> int:
    """Mark appeals whose time to decide is over, and tell the admins; returns how many.

    Who may decide follows from the time alone, whether this ran or not.
    """
    overdue = Appeal.objects.overdue(at=at).filter(escalated_at=None).order_by("pk")
    appeals = list(overdue.select_for_update(skip_locked=True))
    for appeal in appeals:
        appeal.escalated_at = at
        appeal.save(update_fields=["escalated_at"])
        _step(appeal, by=None, at=at, note=mark_note(Mark.ESCALATED))
    if appeals:
        transaction.on_commit(partial(admins_mail, appeal_ids=[appeal.pk for appeal in appeals]), robust=True)
    return len(appeals)


def reviewer_check(*, appeal: Appeal, reviewer: User, at: datetime) -> None:
    """Whether the person may decide the appeal at the instant.

    Raises DomainError `escalated_to_admin`, `reviewer_is_logger`, `reviewer_is_notifier`.
    """
    if at >= appeal.due_at and reviewer.role != RoleCode.ADMIN:
        text = _("The time to decide ended on %(when)s. Only an admin can decide now.")
        raise DomainError("escalated_to_admin", text % {"when": _when(appeal.due_at, at)}, status=403)
    if reviewer.pk == appeal.entry.recorded_by_id:
        text = _("%(name)s logged %(case)s: somebody else decides.") % {"name": reviewer, "case": appeal.entry.case}
        raise DomainError("reviewer_is_logger", text, status=403)
    if appeal.entry.notices.filter(created_by=reviewer).exists():
        text = _("%(name)s gave the notice of %(case)s: somebody else decides.")
        text = text % {"name": reviewer, "case": appeal.entry.case}
        raise DomainError("reviewer_is_notifier", text, status=403)


def _check_window(entry: LedgerEntry, at: datetime) -> None:
    if entry.kind != EntryKind.VIOLATION:
        raise DomainError("not_a_violation", _("Only violations can be appealed."), status=409)
    if reversal := entry.reversals.filter(recorded_at__lte=at).first():
        text = _("%(case)s is taken back already by %(reversal)s.")
        raise DomainError("entry_reversed", text % {"case": entry.case, "reversal": reversal.case}, status=409)
    until = appeal_until(entry)
    if until is not None and at >= until:
        text = _("The time to appeal ended on %(when)s in the creator's market time.")
        when = format_moment(until, get_language() or "en", at.date())
        raise DomainError("appeal_window_closed", text % {"when": when}, status=409)


def _check_earlier(entry: LedgerEntry, earlier: Sequence[Appeal], evidence: Sequence[StoredFile], at: datetime) -> None:
    if not earlier:
        return
    if any(one.is_open for one in earlier) or len(earlier) >= MOST:
        raise _exists(earlier[-1])
    known = set(entry.evidence.values_list("file__sha256", flat=True)) | set(entry.details.evidence_sha256)
    known |= set(AppealEvidence.objects.filter(appeal__in=earlier).values_list("file__sha256", flat=True))
    if not has_new((file.sha256 for file in evidence), known):
        text = _("A second appeal needs new evidence: add a file that was not brought before.")
        raise DomainError("appeal_needs_new_evidence", text, fields={"evidence": text}, status=409)


def _exists(last: Appeal) -> DomainError:
    if last.is_open:
        text = _("An appeal against %(case)s is open already.") % {"case": last.entry.case}
    else:
        text = _("%(case)s was appealed twice, which is the most.") % {"case": last.entry.case}
    return DomainError("appeal_exists", text, status=409)


def _locked(appeal: Appeal, at: datetime) -> Appeal:
    """The appeal, held until the transaction ends. Raises `appeal_closed`, naming who closed it and when."""
    related = ("entry__creator__market", "entry__rule__book", "decided_by", "assigned_to")
    found = Appeal.objects.select_for_update(of=("self",)).select_related(*related).get(pk=appeal.pk)
    if not found.is_open:
        last = found.steps.filter(to_state=found.state).exclude(from_state=found.state).select_related("by").last()
        closed_at = found.decided_at or (last.at if last else at)
        text = _("%(who)s closed this appeal on %(when)s: %(state)s. Reload the page.") % {
            "who": (last.by if last and last.by else None) or _("The creator"),
            "when": _when(closed_at, at),
            "state": found.look.label,
        }
        raise DomainError("appeal_closed", text, status=409)
    return found


def _move(appeal: Appeal, to: AppealState, *, by: User | None, at: datetime, note: str = "", **fields: Any) -> Appeal:
    if to not in APPEAL_TRANSITIONS[appeal.state]:
        raise _impossible(_("The appeal is in the state “%(state)s” already.") % {"state": appeal.look.label})
    before, appeal.state = appeal.state, to
    for name, value in fields.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=["state", *fields])
    AppealStep.objects.create(appeal=appeal, from_state=before, to_state=to, by=by, at=at, note=note.strip())
    return appeal


def _assign(appeal: Appeal, reviewer: User, *, by: User, at: datetime) -> Appeal:
    if appeal.state == AppealState.SUBMITTED:
        appeal = _move(appeal, AppealState.UNDER_REVIEW, by=by, at=at)
    if appeal.assigned_to == reviewer:
        return appeal
    appeal.assigned_to = reviewer
    appeal.save(update_fields=["assigned_to"])
    _step(appeal, by=by, at=at, note=mark_note(Mark.ASSIGNED, str(reviewer)))
    return appeal


def _step(appeal: Appeal, *, by: User | None, at: datetime, note: str) -> None:
    """A step that changes no state; see `violations.rules.appeals.Mark`."""
    AppealStep.objects.create(appeal=appeal, from_state=appeal.state, to_state=appeal.state, by=by, at=at, note=note)


def _entry_take_back(entry: LedgerEntry, reason: str, by: User, at: datetime) -> datetime:
    """Reverse the entry; returns the instant of its reversal, also of one that ops made meanwhile."""
    chain_lock(creator=entry.creator)
    reversal = entry.reversals.first() or reversal_append(
        entry=entry, kind=ReversalKind.APPEAL_WON, reason=reason, by=by, at=at
    )
    return reversal.recorded_at


def _evidence_keep(appeal: Appeal, evidence: Sequence[StoredFile], by: User | None, at: datetime) -> None:
    AppealEvidence.objects.bulk_create(
        [AppealEvidence(appeal=appeal, file=file, added_by=by, added_at=at) for file in evidence]
    )
    # An upload that nothing takes is swept; these are kept.
    StoredFile.objects.filter(pk__in=[file.pk for file in evidence]).update(expires_at=None)


def _mail_last_step(appeal: Appeal) -> None:
    step = appeal.steps.order_by("-pk").values_list("pk", flat=True)[0]
    transaction.on_commit(partial(mail_queue, step_id=step), robust=True)


def _impossible(text: str) -> DomainError:
    return DomainError("appeal_step_impossible", text, status=409)


def _when(instant: datetime, at: datetime) -> str:
    return format_moment(timezone.localtime(instant), get_language() or "en", timezone.localtime(at).date())

"""Problems of collaborations: raised, worked off step by step, ended with an outcome, handed to ops.

Lock order: collaboration, then problem.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.rules import ROLES
from campaigns.models import Collaboration, Problem, ProblemFile, ProblemStep
from campaigns.services.collaborations import collaboration_hold, collaboration_move
from campaigns.services.settlements import line_add
from campaigns.states.collaborations import CollaborationState
from campaigns.states.problems import PROBLEM_STEPS, ProblemKind, ProblemOutcome, ProblemState
from campaigns.states.settlements import LineKind
from core.errors import DomainError
from core.models import StoredFile

SUMMARY_MAX, STEP_MAX = 200, 300
# With these the collaboration may be dropped at once.
DROPPING = frozenset({ProblemOutcome.TERMINATED, ProblemOutcome.DROPPED})


@transaction.atomic
def problem_raise(
    *,
    collaboration: Collaboration,
    kind: str,
    summary: str,
    owner: User,
    due_on: date,
    by: User,
    at: datetime,
    details: str = "",
    evidence: Sequence[StoredFile] = (),
) -> Problem:
    """Raise a problem with the next steps of its kind; the files are kept with it.

    Raises DomainError `problem_invalid` with the fields.
    """
    values = _checked(collaboration.shop, kind=kind, summary=summary, owner=owner, due_on=due_on, earliest=at.date())
    problem = Problem.objects.create(
        collaboration=collaboration, details=details.strip(), raised_by=by, raised_at=at, **values
    )
    keys = [key for key, _text in PROBLEM_STEPS[kind]]
    ProblemStep.objects.bulk_create(
        [ProblemStep(problem=problem, position=place, key=key) for place, key in enumerate(keys, start=1)]
    )
    _files_keep(problem, evidence, by=by, at=at)
    return problem


@transaction.atomic
def problem_update(
    *, problem: Problem, summary: str, details: str, owner: User, due_on: date, by: User, at: datetime
) -> Problem:
    """Say what happened better, give it to somebody else or another day; the kind keeps its steps.

    Raises DomainError `problem_invalid`, `problem_resolved` (409).
    """
    held = _open(problem)
    # A day that was over before stays as it is.
    earliest = min(at.date(), held.due_on)
    values = _checked(
        held.collaboration.shop, kind=held.kind, summary=summary, owner=owner, due_on=due_on, earliest=earliest
    )
    for name, value in (values | {"details": details.strip()}).items():
        setattr(held, name, value)
    held.save(update_fields=[*values, "details"])
    return held


@transaction.atomic
def problem_step_tick(*, step: ProblemStep, done: bool, by: User, at: datetime) -> ProblemStep:
    """Tick a step off, or take the tick back. Raises DomainError `problem_resolved` (409)."""
    _open(step.problem)
    held = ProblemStep.objects.select_for_update().get(pk=step.pk)
    if done == (held.done_at is not None):
        return held
    held.done_by, held.done_at = (by, at) if done else (None, None)
    held.save(update_fields=["done_by", "done_at"])
    return held


@transaction.atomic
def problem_step_add(*, problem: Problem, text: str, by: User) -> ProblemStep:
    """Add a step of one's own at the end. Raises DomainError `step_text_missing`, `problem_resolved` (409)."""
    held, text = _open(problem), text.strip()
    if not text or len(text) > STEP_MAX:
        message = _("Say in at most 300 characters what is to be done.")
        raise DomainError("step_text_missing", message, fields={"text": message})
    last = held.steps.aggregate(last=Max("position"))["last"] or 0
    return ProblemStep.objects.create(problem=held, position=last + 1, text=text)


@transaction.atomic
def problem_files_add(*, problem: Problem, files: Sequence[StoredFile], by: User, at: datetime) -> list[ProblemFile]:
    """Keep more files. Raises DomainError `evidence_missing`, `problem_resolved` (409)."""
    held = _open(problem)
    if not files:
        text = _("Add a file that proves it.")
        raise DomainError("evidence_missing", text, fields={"evidence": text})
    return _files_keep(held, files, by=by, at=at)


@transaction.atomic
def problem_resolve(
    *,
    problem: Problem,
    outcome: str,
    note: str,
    by: User,
    at: datetime,
    drop: bool = False,
    compensation: Decimal | None = None,
) -> Problem:
    """End a problem. `drop` drops a collaboration that is terminated or dropped, for the same reason.

    `compensation`, in the plan's currency, becomes a payable line of the settlement. Raises DomainError
    `outcome_unknown`, `note_missing`, `drop_not_offered`, `compensation_not_offered`, `problem_resolved` (409), and
    what `collaboration_move` and `line_add` raise.
    """
    note = note.strip()
    _check_outcome(outcome, note, drop=drop, compensation=compensation)
    collaboration_hold(collaboration=problem.collaboration)
    held = _open(problem)
    if drop:
        reason = f"{held.summary}: {note}"
        collaboration_move(collaboration=held.collaboration, to=CollaborationState.DROPPED, by=by, at=at, reason=reason)
    if compensation is not None:
        _compensate(held, compensation, note, by=by, at=at)
    held.state, held.outcome, held.outcome_note = ProblemState.RESOLVED, outcome, note
    held.resolved_by, held.resolved_at = by, at
    held.save(update_fields=["state", "outcome", "outcome_note", "resolved_by", "resolved_at"])
    return held


def _check_outcome(outcome: str, note: str, *, drop: bool, compensation: Decimal | None) -> None:
    if outcome not in ProblemOutcome.values:
        text = _("Choose how it ended.")
        raise DomainError("outcome_unknown", text, fields={"outcome": text})
    if not note:
        text = _("Say how it ended, for who reads it later.")
        raise DomainError("note_missing", text, fields={"note": text})
    if drop and outcome not in DROPPING:
        text = _("A collaboration goes on when its problem is mended or compensated.")
        raise DomainError("drop_not_offered", text, fields={"drop": text})
    if compensation is not None and outcome != ProblemOutcome.COMPENSATED:
        text = _("An amount belongs to the outcome “Compensated” only.")
        raise DomainError("compensation_not_offered", text, fields={"compensation": text})


def _compensate(held: Problem, amount: Decimal, note: str, *, by: User, at: datetime) -> None:
    note = f"{held.summary}: {note}"
    try:
        line_add(collaboration=held.collaboration, kind=LineKind.COMPENSATION, amount=amount, note=note, by=by, at=at)
    except DomainError as error:
        if "amount" in error.fields:
            error.fields["compensation"] = error.fields.pop("amount")
        raise


@transaction.atomic
def problem_reopen(*, problem: Problem, reason: str, due_on: date, by: User, at: datetime) -> Problem:
    """Open a problem again; how it had ended is kept in its details.

    Raises DomainError `reason_missing`, `due_in_past`, `problem_open` (409).
    """
    held = problem_hold(problem=problem)
    if held.state == ProblemState.OPEN:
        raise DomainError("problem_open", _("This problem is open already."), status=409)
    reason = reason.strip()
    if not reason:
        text = _("Say why.")
        raise DomainError("reason_missing", text, fields={"reason": text})
    if due_on < at.date():
        text = _("This day is over.")
        raise DomainError("due_in_past", text, fields={"due_on": text})
    told = _("%(day)s, %(name)s opened it again: %(reason)s It had ended as “%(outcome)s”: %(note)s") % {
        "day": at.date().isoformat(),
        "name": by,
        "reason": reason,
        "outcome": held.get_outcome_display(),
        "note": held.outcome_note,
    }
    held.details = f"{held.details}\n\n{told}".strip()
    held.state, held.outcome, held.outcome_note, held.due_on = ProblemState.OPEN, "", "", due_on
    held.resolved_by, held.resolved_at = None, None
    held.save(update_fields=["details", "state", "outcome", "outcome_note", "due_on", "resolved_by", "resolved_at"])
    return held


@transaction.atomic
def problem_hand(*, problem: Problem, by: User, at: datetime) -> Problem:
    """Hand a breach to ops with its files; they log the violation. Also after it ended: a breach stays one.

    Raises DomainError `handed_already` (409).
    """
    held = problem_hold(problem=problem)
    if held.handed_at is not None:
        raise DomainError("handed_already", _("Ops have this problem already."), status=409)
    held.handed_at, held.handed_by = at, by
    held.save(update_fields=["handed_at", "handed_by"])
    return held


@transaction.atomic
def problem_take_back(*, problem: Problem, by: User) -> Problem:
    """Take a breach back that ops have not logged. Raises DomainError `not_handed`, `logged_already` (409)."""
    held = problem_hold(problem=problem)
    check_waiting(held)
    held.handed_at, held.handed_by = None, None
    held.save(update_fields=["handed_at", "handed_by"])
    return held


def check_waiting(held: Problem) -> None:
    """Raises DomainError `not_handed`, `logged_already` (409)."""
    if held.handed_at is None:
        raise DomainError("not_handed", _("This problem is not with ops. Hand it over first."), status=409)
    if held.entry is not None:
        text = _("The violation is logged as %(case)s. An entry is corrected by a reversal.") % {
            "case": held.entry.case
        }
        raise DomainError("logged_already", text, status=409)


def owners_of(shop: Shop) -> QuerySet[User]:
    """Who can own a problem of the shop: its members, and admins."""
    works = Q(memberships__shop=shop) | Q(role__in=[code for code, role in ROLES.items() if role.all_shops])
    found: QuerySet[User] = User.objects.filter(works, is_active=True).distinct().order_by("name", "pk")
    return found


def _checked(
    shop: Shop, *, kind: str, summary: str, owner: User, due_on: date, earliest: date
) -> dict[str, str | User | date]:
    problems = {}
    summary = summary.strip()
    if kind not in ProblemKind.values:
        problems["kind"] = _("Choose what kind of problem it is.")
    if not summary or len(summary) > SUMMARY_MAX:
        problems["summary"] = _("Say in at most 200 characters what happened.")
    if not owners_of(shop).filter(pk=owner.pk).exists():
        problems["owner"] = _("Choose somebody who works for this shop.")
    if due_on < earliest:
        problems["due_on"] = _("This day is over.")
    if problems:
        raise DomainError("problem_invalid", _("The problem is not complete: see the fields."), fields=problems)
    return {"kind": kind, "summary": summary, "owner": owner, "due_on": due_on}


def problem_hold(*, problem: Problem) -> Problem:
    """The problem as it is now, held until the transaction ends."""
    locked = Problem.objects.select_for_update(of=("self",))
    return locked.select_related("collaboration__shop", "collaboration__creator", "entry").get(pk=problem.pk)


def _open(problem: Problem) -> Problem:
    held = problem_hold(problem=problem)
    if held.state != ProblemState.OPEN:
        raise DomainError("problem_resolved", _("This problem has ended. Open it again first."), status=409)
    return held


def _files_keep(problem: Problem, files: Sequence[StoredFile], *, by: User, at: datetime) -> list[ProblemFile]:
    kept = [ProblemFile(problem=problem, file=file, added_by=by, added_at=at) for file in files]
    # An upload that nothing takes is swept; these are kept.
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(expires_at=None)
    return ProblemFile.objects.bulk_create(kept)

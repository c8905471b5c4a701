"""Problems as people read them: the list, one problem with its steps, and its evidence."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration, Problem, ProblemFile, ProblemStep
from campaigns.states.problems import PROBLEM_STEPS, ProblemState

RELATED = (
    "collaboration__creator__market", "collaboration__creator__facts", "collaboration__shop", "collaboration__plan",
    "owner", "raised_by", "resolved_by", "handed_by", "entry",
)  # fmt: skip
WORDS: dict[str, str | Promise] = {
    key: text  # type: ignore[misc]
    for steps in PROBLEM_STEPS.values()
    for key, text in steps
}


@dataclass(frozen=True)
class ProblemRow:
    """A problem of the list. `due_text` says how late or how near it is; `colour` is late, soon or ""."""

    problem: Problem
    due_text: str
    colour: str
    steps_done: int
    steps: int


def problems_shown(user: User) -> QuerySet[Problem]:
    """Problems that the user may read, with what pages show of them."""
    return Problem.objects.visible_to(user).select_related(*RELATED)


def problem_rows(problems: QuerySet[Problem], *, today: date) -> list[ProblemRow]:
    """The rows of the list; three queries, however many problems."""
    counted = problems.annotate(
        steps_all=Count("steps", distinct=True),
        steps_done=Count("steps", filter=Q(steps__done_at__isnull=False), distinct=True),
    )
    return [problem_row(one, today=today, done=one.steps_done, of=one.steps_all) for one in counted]


def problem_row(problem: Problem, *, today: date, done: int = 0, of: int = 0) -> ProblemRow:
    """One row; what has ended is never late."""
    if problem.state == ProblemState.RESOLVED:
        return ProblemRow(problem, "", "", done, of)
    days = (problem.due_on - today).days
    if days < 0:
        text = ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
        return ProblemRow(problem, text, "late", done, of)
    text = _("due today") if not days else ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return ProblemRow(problem, text, "soon" if days <= 1 else "", done, of)


def step_text(step: ProblemStep) -> str | Promise:
    """The words of a step: those of its key, or its own."""
    return WORDS.get(step.key, step.text or step.key)


def problem_files_shown(user: User) -> QuerySet[ProblemFile]:
    """Files of problems that the user may read."""
    return ProblemFile.objects.filter(problem__in=Problem.objects.visible_to(user)).select_related("file", "added_by")


def handed_count(user: User) -> int:
    """How many breaches wait for this person's logging; 0 for who logs none."""
    return Problem.objects.visible_to(user).handed().count() if user.can(Permission.VIOLATION_LOG) else 0


def problems_of(collaboration: Collaboration, user: User, at: datetime) -> list[ProblemRow]:
    """The collaboration's problems, open ones first."""
    found = problems_shown(user).filter(collaboration=collaboration).order_by("state", "due_on", "pk")
    return problem_rows(found, today=at.date())

"""What is shown of an import: where it stands, how far it is, what became of its rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.jobs import progress_get
from core.models import Job
from core.states import Look
from creators.models import Creator, CreatorConflict, Import, ImportFailure
from creators.rules import NOTICES
from creators.services.imports.failures import problem_text
from creators.states import IMPORT_LOOKS, ImportState

SHOWN = 50
STEPS: dict[str, Promise] = {
    "read": _("Reading the rows"),
    "match": _("Matching creators"),
    "write": _("Writing creators and their facts"),
    "done": _("Finishing"),
}

# Why a column is not read; see `creators.rules.headers`.
REASONS: dict[str, Promise] = {
    "unknown": _("This header is not known"),
    "no_field": _("There is no field for it"),
    "window_no_field": _("Covers neither 28 nor 30 days"),
    "twin": _("The same figures stand in another column"),
    "duplicate": _("Another column has this field"),
    "left_out": _("Left out"),
}


def import_state(source_import: Import) -> ImportState:
    """Where the import stands, by its two jobs."""
    undo, job = source_import.undo_job, source_import.job
    if source_import.undone_at:
        return ImportState.UNDONE
    if undo is not None and undo.is_open:
        return ImportState.UNDOING
    return ImportState(job.state) if job is not None else ImportState.DRAFT


def import_look(source_import: Import) -> Look:
    """Word and colour of the import's state."""
    return IMPORT_LOOKS[import_state(source_import)]


@dataclass(frozen=True)
class Standing:
    """How far an import or its undoing is. `percent` is None while the end is unknown."""

    state: ImportState
    job: Job | None
    step: str | Promise = ""
    done: int = 0
    percent: int | None = None

    @property
    def look(self) -> Look:
        return IMPORT_LOOKS[self.state]

    @property
    def is_open(self) -> bool:
        return self.job is not None and self.job.is_open

    @property
    def has_result(self) -> bool:
        return self.state in {ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE}


def standing_of(source_import: Import) -> Standing:
    """The state of the import with the progress of the job that runs."""
    state = import_state(source_import)
    job = source_import.undo_job if state == ImportState.UNDOING else source_import.job
    if job is None or not job.is_open:
        return Standing(state, job)
    if state == ImportState.UNDOING:
        return Standing(state, job, _("Taking the values back"))
    progress = progress_get(job=job)
    step = STEPS.get(progress.step, _("Waiting for a free worker"))
    return Standing(state, job, step, progress.done, progress.percent if progress.total else None)


@dataclass(frozen=True)
class FailedRow:
    """A refused row: its number in the file, its first cells, and what is wrong in words."""

    number: int
    cells: list[str]
    problem: str


def failed_rows(source_import: Import) -> list[FailedRow]:
    """The first refused rows."""
    failures: QuerySet[ImportFailure] = source_import.failures.order_by("row_number")[:SHOWN]
    return [FailedRow(row.row_number, row.cells, problem_text(row.problems)) for row in failures]


def notices_of(source_import: Import) -> list[tuple[int, str]]:
    """Remarks about values that were left empty: how often, and why."""
    counts: dict[str, int] = source_import.job.result.get("notices", {}) if source_import.job else {}
    return [(count, str(NOTICES.get(code, code))) for code, count in sorted(counts.items())]


def repeats_of(source_import: Import) -> list[dict[str, Any]]:
    """The first rows that a later row of the same file replaced: row, kept, handle."""
    return list(source_import.job.result.get("repeats", [])[:SHOWN]) if source_import.job else []


def conflicts_of(source_import: Import) -> QuerySet[CreatorConflict]:
    """The conflicts of the import, open ones first."""
    rows = source_import.conflict_rows.select_related("creator", "resolved_by")
    return rows.order_by(F("resolved_at").asc(nulls_first=True), "row_number")


@dataclass(frozen=True)
class UndoPlan:
    """What undoing takes back: `values` rows of values; up to `creators` that only this list brought."""

    values: int
    creators: int


def undo_plan(source_import: Import) -> UndoPlan:
    """Counted at this moment."""
    return UndoPlan(source_import.snapshots.count(), Creator.objects.filter(brought_by=source_import).count())

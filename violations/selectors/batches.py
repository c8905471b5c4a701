"""Reads of a batch: its counts, and rows with what each would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.exports import Column, Table
from core.jobs import Progress, progress_get
from violations.models import Batch, BatchRow, Rule
from violations.rules.batch_rows import FIELDS, LABELS, PROBLEMS
from violations.rules.restrictions import Standing
from violations.selectors.standings import book_in_force, standings_of
from violations.services.batches.checking import RowReader
from violations.states import BatchKind

SHOWN = 50


@dataclass(frozen=True)
class Counts:
    """How many rows there are, have a problem, and were written."""

    total: int
    refused: int
    written: int

    @property
    def good(self) -> int:
        return self.total - self.refused


@dataclass(frozen=True)
class ShownRow:
    """A row: its cells in order of the columns, its problem in words, and what it adds to which balance."""

    row: BatchRow
    cells: list[str]
    problem: str
    points: int | None = None
    before: int | None = None

    @property
    def after(self) -> int | None:
        return None if self.points is None or self.before is None else self.before + self.points


@dataclass(frozen=True)
class Listing:
    """What the page of a batch shows."""

    counts: Counts
    columns: list[str | Promise]
    rows: list[ShownRow]
    progress: Progress


def batch_listing(batch: Batch, *, at: datetime, only_problems: bool = False, page: int = 1) -> Listing:
    """Counts, and fifty rows: those with problems first while the batch has not been started."""
    found = batch.rows.select_related("creator__market", "entry")
    if only_problems:
        found = found.exclude(problems=[])
    rows = list(found.order_by("number")[(page - 1) * SHOWN : page * SHOWN])
    progress = progress_get(job=batch.job) if batch.job else Progress()
    return Listing(counts_of(batch), [LABELS[name] for name in FIELDS[batch.kind]], _shown(batch, rows, at), progress)


def counts_of(batch: Batch) -> Counts:
    rows = batch.rows
    return Counts(rows.count(), rows.filter(~Q(problems=[])).count(), rows.filter(done_at__isnull=False).count())


def problem_text(row: BatchRow) -> str:
    """What is wrong with the row, in the language of the page."""
    return " ".join(_problem(problem) for problem in row.problems)


def failures_table(batch: Batch) -> Table:
    """The refused rows with the reason beside them, to be mended and uploaded again."""
    columns = [Column(name, LABELS[name], _Cell(name), width=24) for name in FIELDS[batch.kind]]
    columns.append(Column("problem", _("Problem"), problem_text, width=70))
    rows: Iterable[BatchRow] = batch.rows.exclude(problems=[]).order_by("number").iterator(chunk_size=1_000)
    return Table(name=_("%(name)s – problems") % {"name": batch}, sheet=_("Problems"), columns=columns, rows=rows)


@dataclass(frozen=True)
class _Cell:
    """The text of one field of a row."""

    name: str

    def __call__(self, row: BatchRow) -> str:
        text: str = row.values.get(self.name, "")
        return text


def _problem(problem: dict[str, str]) -> str:
    if problem["code"] == "same_incident" and "case" in problem:
        return _("The same incident is logged as %(case)s.") % {"case": problem["case"]}
    return problem.get("text") or str(PROBLEMS[problem["code"]])


def _shown(batch: Batch, rows: list[BatchRow], at: datetime) -> list[ShownRow]:
    effects = _effects(batch, rows, at) if batch.kind == BatchKind.VIOLATIONS and batch.job is None else {}
    return [
        ShownRow(
            row,
            [row.values.get(name, "") for name in FIELDS[batch.kind]],
            problem_text(row),
            *effects.get(row.pk, (None, None)),
        )
        for row in rows
    ]


def _effects(batch: Batch, rows: list[BatchRow], at: datetime) -> dict[int, tuple[int, int]]:
    """Points and balance before of each good row; rows of one creator add up in their order."""
    reader, good = RowReader(batch, at=at), [row for row in rows if not row.problems and row.creator]
    standings: dict[int, Standing] = standings_of({row.creator_id for row in good if row.creator_id}, at=at)
    balances = {pk: found.balance for pk, found in standings.items()}
    points = {market: _points(market, at) for market in {row.creator.market_id for row in good if row.creator}}
    effects = {}
    for row in good:
        if row.creator is None:
            continue
        added = points[row.creator.market_id].get(reader.read(row).rule, 0)
        effects[row.pk] = (added, balances[row.creator.pk])
        balances[row.creator.pk] += added
    return effects


def _points(market: str, at: datetime) -> dict[str, int]:
    book = book_in_force(market, at=at)
    return dict(Rule.objects.filter(book=book).values_list("code", "points")) if book else {}

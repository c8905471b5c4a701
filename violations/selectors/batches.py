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
from violations.services.batches.checking import RowReader, batch_title, repeats_find
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
    """A row: its cells in order of the columns, its problem in words, and what it adds to which balance.

    `repeats` names what it may be the same incident as, so that it needs a confirmation.
    """

    row: BatchRow
    cells: list[str]
    problem: str
    repeats: str = ""
    points: int | None = None
    before: int | None = None

    @property
    def after(self) -> int | None:
        return None if self.points is None or self.before is None else self.before + self.points


@dataclass(frozen=True)
class Listing:
    """What the page of a batch shows; `repeats` counts the rows that are written only when confirmed."""

    counts: Counts
    repeats: int
    columns: list[str | Promise]
    rows: list[ShownRow]
    progress: Progress


def batch_listing(batch: Batch, *, at: datetime, only_problems: bool = False, page: int = 1) -> Listing:
    """Counts, and fifty rows in the order of the file with the columns that hold something in them."""
    found = batch.rows.select_related("creator__market", "entry")
    if only_problems:
        found = found.exclude(problems=[])
    rows = list(found.order_by("number")[(page - 1) * SHOWN : page * SHOWN])
    names = [name for name in FIELDS[batch.kind] if any(row.values.get(name) for row in rows)]
    repeats = _repeats(batch, at)
    return Listing(
        counts=counts_of(batch),
        repeats=len(repeats),
        columns=[LABELS[name] for name in names],
        rows=_shown(batch, rows, names, repeats, at),
        progress=progress_get(job=batch.job) if batch.job else Progress(),
    )


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
    return Table(
        name=_("%(name)s – problems") % {"name": batch_title(batch)}, sheet=_("Problems"), columns=columns, rows=rows
    )


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


def _repeats(batch: Batch, at: datetime) -> dict[int, str]:
    """What needs a confirmation before the batch is started, over all its pages."""
    if batch.kind != BatchKind.VIOLATIONS or batch.job is not None:
        return {}
    rows = batch.rows.filter(problems=[]).select_related("creator__market").order_by("creator", "number")
    return repeats_find(list(rows), RowReader(batch, at=at))


def _shown(
    batch: Batch, rows: list[BatchRow], names: list[str], repeats: dict[int, str], at: datetime
) -> list[ShownRow]:
    effects = _effects(batch, rows, at) if batch.kind == BatchKind.VIOLATIONS and batch.job is None else {}
    return [
        ShownRow(
            row,
            [row.values.get(name, "") for name in names],
            problem_text(row),
            repeats.get(row.pk, ""),
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

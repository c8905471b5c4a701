"""Order lines and reports of them as pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import OrderImport, OrderLine
from campaigns.rules.money import commission_base
from campaigns.rules.order_columns import LABELS, PROBLEMS
from campaigns.selectors.settlements import exact
from campaigns.services.order_imports import Report, report_open
from campaigns.services.payables import sale_of
from core.exports import Column, Table
from core.jobs import Progress, progress_get
from core.lists import Order, Page, keyset_page

NEWEST_FIRST = Order("-id", "id", descending=True)
RELATED = ("shop", "creator__market", "product", "collaboration__plan")
PREVIEW = 8
SHOWN = 100


@dataclass(frozen=True)
class OrderRow:
    """An order line with its amounts as text."""

    line: OrderLine

    @property
    def base(self) -> str:
        return exact(commission_base([sale_of(self.line)]), self.line.currency)

    @property
    def price(self) -> str:
        return exact(self.line.item_price, self.line.currency)

    @property
    def coupons(self) -> str:
        return exact(self.line.platform_coupon + self.line.seller_coupon, self.line.currency)

    @property
    def refunded(self) -> str:
        return exact(self.line.refunded, self.line.currency) if self.line.refunded else ""

    @property
    def reported(self) -> str:
        return exact(self.line.commission_reported, self.line.currency)

    @property
    def rate(self) -> str:
        rate = self.line.commission_rate
        return "–" if rate is None else f"{rate.normalize():f}%"


@dataclass(frozen=True)
class Listing:
    rows: list[OrderRow]
    page: Page[OrderLine]


def listing_of(lines: QuerySet[OrderLine], *, size: int, cursor: str = "") -> Listing:
    """A page of order lines, those recorded last first. Raises core.lists.CursorError."""
    page = keyset_page(lines, order=NEWEST_FIRST, size=size, cursor=cursor)
    found = OrderLine.objects.select_related(*RELATED).in_bulk([line.pk for line in page.rows])
    return Listing([OrderRow(found[line.pk]) for line in page.rows if line.pk in found], page)


@dataclass(frozen=True)
class Preview:
    """How a report is read before it is started: its columns, and its first rows with what is wrong with them."""

    columns: list[tuple[str, str]]
    rows: list[tuple[int, list[str], str]]


def preview_of(source: OrderImport, *, at: datetime) -> Preview:
    """The columns that are read, and the first rows. Raises what `report_open` raises."""
    report = report_open(source.file, source.shop)
    columns = [(report.names[place], str(LABELS[name])) for name, place in report.places.items()]
    rows = []
    for number, cells in islice(report.rows(), PREVIEW):
        read = report.read(number, cells, at)
        wrong = "; ".join(dict.fromkeys(problem_text(name, code) for name, code in read.problems))
        rows.append((number, [report.values(cells).get(name, "") for name in report.places], wrong))
    return Preview(columns, rows)


@dataclass(frozen=True)
class Refused:
    """A problem of a row: the column, the cell, and what to do."""

    row: int
    column: str
    value: str
    text: str


def refused_of(source: OrderImport) -> list[Refused]:
    """The first problems of refused rows."""
    return [
        Refused(one["row"], str(LABELS.get(one["field"], "")), one["value"], problem_text(one["field"], one["code"]))
        for one in source.problems[:SHOWN]
    ]


def problem_text(name: str, code: str) -> str:
    """What is wrong with a cell, in words."""
    return str(PROBLEMS.get(code, code))


def progress_of(source: OrderImport) -> Progress:
    return progress_get(job=source.job) if source.job and source.job.is_open else Progress()


def failures_table(source: OrderImport) -> Table:
    """The refused rows as they were sent, with what is wrong, to be mended and uploaded again."""
    report = report_open(source.file, source.shop)
    wrong: dict[int, list[str]] = {}
    for one in source.problems:
        wrong.setdefault(one["row"], []).append(problem_text(one["field"], one["code"]))
    columns = [Column("problem", gettext_lazy("What is wrong"), lambda row: row[0], 48)]
    columns += [Column(str(place), name, _Cell(place), 18) for place, name in enumerate(report.names)]
    name = _("Refused rows of %(file)s") % {"file": source.file.name}
    return Table(name, _("Refused rows"), columns, _failures(report, wrong))


@dataclass(frozen=True)
class _Cell:
    """The text of one column of a row."""

    place: int

    def __call__(self, row: Any) -> str:
        cells = row[1]
        return cells[self.place] if self.place < len(cells) else ""


def _failures(report: Report, wrong: dict[int, list[str]]) -> Iterator[tuple[str, list[str]]]:
    last = max(wrong, default=0)
    for number, cells in report.rows():
        if number > last:
            return
        if number in wrong:
            yield "; ".join(dict.fromkeys(wrong[number])), cells

"""Reads of a product list in a file: its columns, its first rows with their problems, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from campaigns.models import ProductImport, ProductImportRow
from campaigns.rules.product_columns import LABELS, is_header, places_of, readings_of
from campaigns.rules.product_rows import PROBLEMS, Problem, Read, Reading, cells_of, read_row
from core.exports import Column
from core.exports import Table as Sheet
from core.jobs import Progress, progress_get
from core.uploads.storage import file_path
from core.uploads.tables import Table, guess_sheet, open_table
from creators.models import Market
from creators.rules.headers import is_repeated_header, is_total_row, normalise_header

SAMPLE_ROWS = 200
PREVIEW_ROWS = 20
SHOWN = 200


class ProductList:
    """The rows of an uploaded file under the columns that were chosen. Raises the DomainErrors of `open_table`."""

    def __init__(self, source: ProductImport) -> None:
        self.source = source
        self.table: Table = open_table(file_path(source.file))
        header = guess_sheet(self.table, is_header)
        self.header_row, self.names = header.row_number, header.names
        self._plain_names = [normalise_header(name) for name in self.names]
        self.places = places_of(source.columns)
        self.currency = _currency(source)
        self.sample = [cells for _number, cells in islice(self.rows(), SAMPLE_ROWS)]
        self.readings: dict[str, Reading] = readings_of(self.places, self.names, self.sample, currency=self.currency)

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Number in the file and cells of the rows below `after`, without sums and repeated headers."""
        for number, cells in self.table.rows(after=max(after, self.header_row)):
            if not is_total_row(cells) and not is_repeated_header(cells, self._plain_names):
                yield number, cells

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return cells_of(row, self.places)

    def read(self, row: Sequence[str], *, currency: str = "") -> Read:
        """What a row says; `currency` is that of amounts that name none, if it is not the shop's."""
        return read_row(self.cells(row), self.readings, currency=currency or self.currency)

    def header_of(self, name: str) -> str:
        """The header of a field's column as the file has it; "" when there is none."""
        place = self.places.get(name)
        return self.names[place] if place is not None and place < len(self.names) else ""


@dataclass(frozen=True)
class PreviewRow:
    """A row of the file: its number, each cell with what is wrong in it, and what is wrong with the row."""

    number: int
    cells: list[tuple[str, str]]
    problem: str


@dataclass(frozen=True)
class Preview:
    """The head of the file: (position, header, field or "") of each column, and the first rows."""

    columns: list[tuple[int, str, str]]
    rows: list[PreviewRow]

    @property
    def problem_count(self) -> int:
        return sum(bool(row.problem) or any(problem for _cell, problem in row.cells) for row in self.rows)

    @property
    def read_count(self) -> int:
        return sum(bool(name) for _place, _header, name in self.columns)


@dataclass(frozen=True)
class Result:
    """How many products were added, changed and left as they were, and how many rows were refused."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    without_category: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.unchanged + self.refused


def preview_of(source: ProductImport) -> Preview:
    """The first twenty rows under the columns that are chosen now."""
    products = ProductList(source)
    names = {place: name for name, place in products.places.items()}
    columns = [(place, header, names.get(place, "")) for place, header in enumerate(products.names)]
    rows = [_preview_row(products, number, cells, names) for number, cells in islice(products.rows(), PREVIEW_ROWS)]
    return Preview(columns, rows)


def _preview_row(products: ProductList, number: int, cells: Sequence[str], names: dict[int, str]) -> PreviewRow:
    problems = {name: str(PROBLEMS[code]) for name, code in products.read(cells).problems}
    shown = [
        (cells[place] if place < len(cells) else "", problems.pop(names.get(place, ""), ""))
        for place in range(len(products.names))
    ]
    return PreviewRow(number, shown, " ".join(problems.values()))


def stored_problem(products: ProductList, row: Sequence[str], problem: Problem) -> dict[str, str]:
    """A problem as a refused row keeps it: with the column and the value that it is about."""
    name, code = problem
    return {"field": name, "code": code, "column": products.header_of(name), "value": products.cells(row).get(name, "")}


def problem_text(row: ProductImportRow) -> str:
    """What is wrong with a refused row, in the language of the page: row, column, value, and what to do."""
    return " ".join(_problem_text(row.number, problem) for problem in row.problems)


def _problem_text(number: int, problem: dict[str, str]) -> str:
    told = problem.get("text") or str(PROBLEMS[problem["code"]])
    if not problem.get("column"):
        return _("Row %(row)s: %(problem)s") % {"row": number, "problem": told}
    text = _("Row %(row)s, column “%(column)s”, value “%(value)s”: %(problem)s")
    return text % {"row": number, "column": problem["column"], "value": problem["value"], "problem": told}


def result_of(source: ProductImport) -> Result:
    """What became of the rows so far."""
    return Result(**source.job.result) if source.job else Result()


def progress_of(source: ProductImport) -> Progress:
    return progress_get(job=source.job) if source.job else Progress()


def refused_of(source: ProductImport) -> list[tuple[ProductImportRow, str]]:
    """The first 200 refused rows, each with its problem in words."""
    return [(row, problem_text(row)) for row in source.rows.order_by("number")[:SHOWN]]


def refused_sheet(source: ProductImport) -> Sheet:
    """The refused rows as the file had them, with the reason beside them, to be mended and uploaded again."""
    headers = ProductList(source).names
    columns = [Column(f"c{place}", header or "–", _Cell(place), 24) for place, header in enumerate(headers)]
    columns.append(Column("problem", _("Problem"), problem_text, 80))
    rows = source.rows.order_by("number").iterator(chunk_size=1_000)
    name = _("%(name)s – problems") % {"name": source.file.name.rsplit(".", 1)[0]}
    return Sheet(name=name, sheet=_("Problems"), columns=columns, rows=rows)


@dataclass(frozen=True)
class _Cell:
    """The text of one column of a refused row."""

    place: int

    def __call__(self, row: ProductImportRow) -> str:
        cells: list[str] = row.values
        return cells[self.place] if self.place < len(cells) else ""


def field_choices() -> list[tuple[str, str]]:
    """What a column can be read as; the first one is that it is left out."""
    return [("", _("– not read –")), *((name, str(label)) for name, label in LABELS.items())]


def _currency(source: ProductImport) -> str:
    market = Market.objects.filter(code=source.shop.market_code).first()
    return market.currency if market else "USD"

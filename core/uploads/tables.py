"""An uploaded table, whatever its format: its sheets and its rows as text."""

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from core.errors import DomainError
from core.uploads.checks import MAX_ROWS, FileKind, broken, encrypted, sniff
from core.uploads.headers import HeaderGuess, Known, find_header
from core.uploads.text import csv_rows, find_delimiter, find_encoding

Row = tuple[int, list[str]]
EXACT = 2**53  # the largest range of whole numbers that a spreadsheet cell holds exactly


@dataclass(slots=True)
class Table:
    """One sheet of a file. `sheets` is empty, `sheet` "" for text; `encoding` and `delimiter` are "" for workbooks."""

    path: Path
    kind: FileKind
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    _loaded: tuple[str, CalamineSheet] | None = field(default=None, repr=False, compare=False)

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Number in the file (from 1) and cells of every row below `after` that is not blank, as a stream.

        Raises DomainError too_many_rows when more than 1,000,000 rows follow, and those of the reader.
        """
        source = csv_rows(self.path, self.encoding, self.delimiter) if self.kind == "csv" else self._sheet_rows()
        left = MAX_ROWS + (after == 0)
        for number, cells in source:
            if number <= after:
                continue
            left -= 1
            if left < 0:
                raise DomainError(
                    "too_many_rows", _("The file has more than 1,000,000 rows. Split it and import the parts.")
                )
            yield number, cells

    def head(self, count: int = 50) -> list[Row]:
        """The first rows that are not blank. Raises DomainError no_rows when there are none."""
        rows = list(islice(self.rows(), count))
        if not rows:
            raise DomainError("no_rows", _("The file has no rows. Check the sheet, or export the list again."))
        return rows

    def _sheet_rows(self) -> Iterator[Row]:
        for number, row in enumerate(self._load().iter_rows(), 1):
            cells = [value if type(value) is str else cell_text(value) for value in row]
            if any(cells):
                yield number, cells

    def _load(self) -> CalamineSheet:
        """The chosen sheet, read into memory once: its head and its rows are asked for one after the other."""
        if self._loaded is None or self._loaded[0] != self.sheet:
            self._loaded = None
            try:
                with CalamineWorkbook.from_path(self.path) as workbook:
                    self._loaded = self.sheet, workbook.get_sheet_by_name(self.sheet)
            except CalamineError as error:
                raise _unreadable(error) from error
        return self._loaded[1]


def open_table(path: Path | str, *, sheet: str | None = None) -> Table:
    """The table in a file: kind by content, encoding and delimiter of text, the named or the first visible sheet.

    Raises DomainError: those of sniff and of find_encoding, sheet_unknown, no_rows for a workbook without sheets.
    """
    path = Path(path)
    kind = sniff(path)
    if kind == "csv":
        encoding = find_encoding(path)
        return Table(path, kind, encoding=encoding, delimiter=find_delimiter(path, encoding))
    sheets = _sheets(path)
    if not sheets:
        raise DomainError("no_rows", _("The workbook has no sheet with rows. Export the list again."))
    if sheet is not None and sheet not in sheets:
        raise DomainError(
            "sheet_unknown",
            format_lazy(
                _("The workbook has no sheet “{sheet}”. Choose one of: {sheets}."),
                sheet=sheet,
                sheets=", ".join(sheets),
            ),
        )
    return Table(path, kind, sheets=sheets, sheet=sheet or sheets[0])


def row_batches(rows: Iterator[Row], size: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Numbers and cells of `size` rows at a time, the last batch shorter."""
    while batch := list(islice(rows, size)):
        yield [number for number, _cells in batch], [cells for _number, cells in batch]


@contextmanager
def collector_resting() -> Iterator[None]:
    """The garbage collector rests while long lists are read: it would walk them again and again, for nothing.

    Doubles the speed of reading; the lists have no cycles and go by their reference counts.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def guess_sheet(table: Table, known: Known) -> HeaderGuess:
    """Set `table.sheet` to the sheet whose header has most known names, skipping notes, and return its header.

    `known` tells whether a text is the name of a column. Raises DomainError no_rows when no sheet has rows.
    """
    if len(table.sheets) < 2:
        return find_header(table.head(), known)
    best: tuple[int, str, HeaderGuess] | None = None
    for sheet in table.sheets:
        table.sheet = sheet
        rows = list(islice(table.rows(), 50))
        if not rows:
            continue
        guess = find_header(rows, known)
        score = 2 * guess.known + (len(rows) > 1)
        if best is None or score > best[0]:
            best = score, sheet, guess
    if best is None:
        raise DomainError("no_rows", _("The file has no rows. Check the sheet, or export the list again."))
    table.sheet = best[1]
    return best[2]


def _sheets(path: Path) -> list[str]:
    """Names of the sheets, hidden ones last, without charts and macros."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            metadata = workbook.sheets_metadata
    except CalamineError as error:
        raise _unreadable(error) from error
    grids = [sheet for sheet in metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return [sheet.name for sheet in sorted(grids, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)]


def _unreadable(error: CalamineError) -> DomainError:
    if isinstance(error, PasswordError):
        return encrypted()
    if isinstance(error, WorksheetNotFound):
        return DomainError("sheet_unknown", _("The workbook has no such sheet. Choose another one."))
    return broken()


def cell_text(value: Any) -> str:
    """A workbook's cell as text: whole numbers without ".0", dates in ISO form, no digit more than the cell holds.

    Numbers from 2^53 on come out with an exponent: a cell cannot hold their last digits, and who reads them as IDs
    must refuse them.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        return f"{value:.15G}" if abs(value) >= EXACT else format(Decimal(repr(value)), "f")
    if isinstance(value, int):
        return str(value) if abs(value) < EXACT else f"{value:.15G}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)

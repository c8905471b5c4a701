"""Tables that leave the product: columns declared once, CSV streamed, XLSX in constant memory."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.errors import DomainError

Kind = Literal["text", "count", "money", "percent", "date", "number"]
FORMATS = ("csv", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# More rows than this become a job with progress and a link.
DIRECT_ROWS = 50_000
# A sheet ends there; one row is the header.
XLSX_ROWS = 1_048_575
BLOCK_ROWS = 1_000
# What spreadsheets take for the beginning of a formula, the full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER_FORMATS: dict[str, str] = {
    "count": "#,##0",
    "money": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "number": "0.0#",
}
FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f]+')
ABOUT_WIDTHS = (32, 100)


@dataclass(frozen=True)
class Column:
    """A column: what a row's cell holds, and how wide and in what format a workbook shows it.

    `value` gives text, a number, a day or None. Money is in USD, a percentage is a fraction (0.058 is 5.8 %).
    """

    key: str
    header: str | Promise
    value: Callable[[Any], Any]
    width: int = 14
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """What a file holds: `rows` is consumed once; `about` goes on a workbook's first sheet as names and texts."""

    name: str
    sheet: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    about: Sequence[tuple[str, str]] = ()


def check_size(rows: int, file_format: str) -> None:
    """Raises DomainError `too_many_rows` when a sheet cannot hold so many."""
    if file_format == "xlsx" and rows > XLSX_ROWS:
        message = _("A sheet holds at most %(most)s rows, and this is more. Choose CSV, or narrow the filters.")
        raise DomainError("too_many_rows", message % {"most": f"{XLSX_ROWS:,}"})


def file_name(table: Table, file_format: str) -> str:
    """The name of the file, safe on every system."""
    stem = FORBIDDEN_IN_NAMES.sub("-", table.name).strip(" .-")[:100] or "export"
    return f"{stem}.{file_format}"


def table_response(table: Table, file_format: str) -> HttpResponseBase:
    """The table as a download: CSV row by row, XLSX from a temporary file."""
    name, kind = file_name(table, file_format), CONTENT_TYPES[file_format]
    response: HttpResponseBase
    if file_format == "csv":
        blocks = _in_language(get_language(), stream_csv(table.columns, table.rows))
        response = StreamingHttpResponse(blocks, content_type=kind)
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
    else:
        workbook = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - closed, and so removed, with the response
        write_table(Path(workbook.name), table, file_format)
        response = FileResponse(workbook, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response


def _in_language(language: str | None, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks in the language of the request: they are made after the view has returned."""
    with override(language):
        yield from blocks


def write_table(path: Path, table: Table, file_format: str) -> None:
    """Write the table to a file in the format."""
    if file_format == "csv":
        with path.open("wb") as target:
            target.writelines(stream_csv(table.columns, table.rows))
    else:
        write_xlsx(path, table.columns, table.rows, sheet=table.sheet, info_rows=table.about)


def stream_csv(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """The table as UTF-8 with a mark that spreadsheets know it by; percentages as 5.8 under a header with (%).

    Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([_safe(header_text(column, with_percent=True)) for column in columns])
    for number, row in enumerate(rows, 1):
        writer.writerow([csv_cell(column.kind, column.value(row)) for column in columns])
        if number % BLOCK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def header_text(column: Column, *, with_percent: bool = False) -> str:
    """The header in the active language with the unit that the numbers below do not show."""
    if column.kind == "money":
        return f"{column.header} (USD)"
    return f"{column.header} (%)" if column.kind == "percent" and with_percent else str(column.header)


def csv_cell(kind: Kind, value: Any) -> str:
    """A value as CSV holds it: no thousands marks, percentages times a hundred, days as 2026-11-25."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return _number_text(kind, value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return _safe(str(value))


def _number_text(kind: Kind, value: int | float | Decimal) -> str:
    if kind == "money":
        return format(value, ".2f")
    if kind == "percent":
        value = value * 100
    if isinstance(value, int):
        return str(value)
    # Without exponent and without the zeros of the column's scale: 5.8000 is 5.8.
    return format((value if isinstance(value, Decimal) else Decimal(str(value))).normalize(), "f")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_xlsx(
    path: Path,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    sheet: str,
    info_rows: Sequence[tuple[str, str]] = (),
) -> int:
    """A workbook: what it is on the first sheet, the rows on the second. Returns the number of rows.

    Cells are written as what they are, text never as a formula; memory does not grow with the rows.
    """
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    try:
        about = workbook.add_worksheet(_sheet_name(_("About this file")))
        data = workbook.add_worksheet(_sheet_name(sheet))
        count = _write_rows(workbook, data, columns, rows)
        _write_about(workbook, about, [*info_rows, (_("Rows"), f"{count:,}")])
        data.activate()
    finally:
        workbook.close()
    return count


def _write_rows(workbook: Any, sheet: Any, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: workbook.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
    # Such text stays text when somebody edits its cell.
    formula_like = workbook.add_format({"quote_prefix": True})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, header_text(column), head)
    sheet.freeze_panes(1, 1)
    number = 0
    for number, row in enumerate(rows, 1):
        for index, column in enumerate(columns):
            value = column.value(row)
            if value is None or value == "":
                continue
            if isinstance(value, (int, float, Decimal)):
                sheet.write_number(number, index, float(value), formats.get(column.kind))
            elif isinstance(value, (date, datetime)):
                sheet.write_datetime(number, index, value, formats["date"])
            else:
                text = str(value)
                sheet.write_string(number, index, text, formula_like if text.startswith(FORMULA_STARTS) else None)
    sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)
    return number


def _write_about(workbook: Any, sheet: Any, lines: Sequence[tuple[str, str]]) -> None:
    name = workbook.add_format({"bold": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    for index, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(index, index, width)
    for number, (label, shown) in enumerate(lines):
        sheet.write_string(number, 0, str(label), name)
        sheet.write_string(number, 1, str(shown), text)


def _sheet_name(text: str) -> str:
    """A name that workbooks take: at most 31 characters, none of []:*?/\\ and no apostrophe at its ends."""
    return FORBIDDEN_IN_NAMES.sub(" ", str(text)).strip(" '")[:31] or "Data"

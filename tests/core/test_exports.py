"""Files are opened again: what is a number stays one, what looks like a formula cannot become one."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.utils.translation import override

from core.errors import DomainError
from core.exports import (
    XLSX_ROWS,
    Column,
    Table,
    check_size,
    csv_cell,
    file_name,
    stream_csv,
    table_response,
    write_table,
    write_xlsx,
)

ROWS = [
    {"name": "=1+2", "id": "7312345678901234567", "fans": 12_400, "gmv": Decimal("-48.5"), "rate": Decimal("0.0580"),
     "day": date(2026, 11, 20)},
    {"name": "小满", "id": None, "fans": None, "gmv": None, "rate": None, "day": None},
]  # fmt: skip


def column(key: str, header: str, kind: str = "text") -> Column:
    return Column(key, header, lambda row: row[key], 14, kind)


COLUMNS = [
    column("name", "Name"),
    column("id", "ID"),
    column("fans", "Fans", "count"),
    column("gmv", "GMV", "money"),
    column("rate", "Rate", "percent"),
    column("day", "Day", "date"),
]


def read_csv(blocks) -> list[list[str]]:
    data = b"".join(blocks)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_stream_csv_writes_numbers_plainly_and_text_safely():
    head, first, second = read_csv(stream_csv(COLUMNS, ROWS))
    assert head == ["Name", "ID", "Fans", "GMV (USD)", "Rate (%)", "Day"]
    assert first == ["'=1+2", "7312345678901234567", "12400", "-48.50", "5.8", "2026-11-20"]
    assert second == ["小满", "", "", "", "", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_cell_disarms_every_start_of_a_formula(start):
    assert csv_cell("text", f"{start}cmd") == f"'{start}cmd"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("count", -3, "-3"),
        ("count", 1_000_000, "1000000"),
        ("money", 12, "12.00"),
        ("percent", Decimal("-0.0400"), "-4"),
        ("number", Decimal("4.50"), "4.5"),
        ("text", "a-b", "a-b"),
        ("text", None, ""),
    ],
)
def test_csv_cell(kind, value, text):
    assert csv_cell(kind, value) == text


def test_stream_csv_sends_blocks_before_the_last_row_is_read():
    read = []

    def rows():
        for number in range(2_500):
            read.append(number)
            yield {"name": str(number)}

    blocks = stream_csv(COLUMNS[:1], rows())
    next(blocks)
    assert len(read) == 1_000


def test_write_xlsx_keeps_kinds_and_formats(tmp_path):
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, COLUMNS, ROWS, sheet="Creators", info_rows=[("Query", "market=US")]) == 2
    book = openpyxl.load_workbook(path)
    about, data = book.worksheets
    first = [cell.value for cell in data[2]]
    assert first[:4] == ["=1+2", "7312345678901234567", 12_400, -48.5]
    assert data["A2"].data_type == "s"
    assert data["A2"].quotePrefix
    assert [data.cell(2, place).number_format for place in (3, 5, 6)] == ["#,##0", "0.0%", "yyyy-mm-dd"]
    assert (data.freeze_panes, data.auto_filter.ref) == ("B2", "A1:F3")
    assert [[cell.value for cell in row] for row in about.rows] == [["Query", "market=US"], ["Rows", "2"]]


def test_write_xlsx_without_rows_and_with_a_strange_sheet_name(tmp_path):
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, COLUMNS, [], sheet="'a/b*[c]?" + "x" * 40) == 0
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet.title == "a b c " + "x" * 25
    assert sheet.max_row == 1


def test_write_table_writes_the_format(tmp_path):
    path = tmp_path / "out"
    write_table(path, Table("list", "List", COLUMNS, ROWS), "csv")
    assert path.read_bytes().startswith("\ufeffName".encode())
    write_table(path, Table("list", "List", COLUMNS, ROWS), "xlsx")
    assert path.read_bytes().startswith(b"PK")


def test_table_response_speaks_the_language_of_the_request():
    from django.utils.translation import gettext_lazy

    table = Table("Café 2026", "List", [Column("name", gettext_lazy("Market"), lambda row: row["name"])], ROWS)
    with override("zh-hans"):
        response = table_response(table, "csv")
    head = read_csv(response.streaming_content)[0]
    with override("zh-hans"):
        assert head == [str(gettext_lazy("Market"))]
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


def test_table_response_sends_a_workbook():
    response = table_response(Table("list", "List", COLUMNS, ROWS), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.worksheets[1]["A3"].value == "小满"


def test_file_name_is_safe_everywhere():
    assert file_name(Table('a/b: "c"\n', "x", [], []), "csv") == "a-b- -c.csv"
    assert file_name(Table("..", "x", [], []), "csv") == "export.csv"


def test_check_size_knows_the_end_of_a_sheet():
    check_size(XLSX_ROWS, "xlsx")
    check_size(XLSX_ROWS + 1, "csv")
    with pytest.raises(DomainError) as refused:
        check_size(XLSX_ROWS + 1, "xlsx")
    assert refused.value.code == "too_many_rows"

import datetime as dt
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P
from python_calamine import PasswordError

from core.errors import DomainError
from core.uploads import tables
from core.uploads.checks import encrypted
from core.uploads.tables import Table, cell_text, guess_sheet, open_table, row_batches


def xlsx(path: Path, fill: Callable[[xlsxwriter.Workbook], Any]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def known(text: str) -> bool:
    return text.strip() in ("Handle", "Followers", "GMV")


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as caught:
        call()
    assert str(caught.value.message)
    return caught.value.code


def test_csv_table_streams_rows_below_the_header(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Handle;Followers\r\nmira;5\r\n\r\nnoor;6\r\n".encode("utf-16"))

    table = open_table(path)

    assert (table.kind, table.encoding, table.delimiter, table.sheets, table.sheet) == ("csv", "utf-16", ";", [], "")
    assert list(table.rows(after=1)) == [(2, ["mira", "5"]), (4, ["noor", "6"])]


def test_workbook_cells_become_text(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("List")
        sheet.write_row(2, 1, ["Handle", "Followers", "GMV"])
        sheet.write_row(3, 1, ["mira", 12000, 12.5, 0.1773, True, 7288990000000000123])
        sheet.write_formula(5, 1, '="no"&"or"', None, "noor")
        sheet.write_formula(5, 2, "=2+3", None, 5)
        sheet.write_datetime(5, 3, dt.datetime(2024, 8, 27), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_string(5, 4, "7288990000000000123")

    table = open_table(xlsx(tmp_path / "list.csv", fill))

    assert list(table.rows()) == [
        (3, ["Handle", "Followers", "GMV", "", "", ""]),
        (4, ["mira", "12000", "12.5", "0.1773", "TRUE", "7.28899E+18"]),
        (6, ["noor", "5", "2024-08-27", "7288990000000000123", "", ""]),
    ]


def test_merged_cells_keep_their_first_value(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C2", "Top creators")
        sheet.write_row(2, 0, ["Handle", "Followers", "GMV"])

    table = open_table(xlsx(tmp_path / "list.xlsx", fill))

    assert list(table.rows()) == [(1, ["Top creators", "", ""]), (3, ["Handle", "Followers", "GMV"])]


def test_ods_is_read(tmp_path: Path) -> None:
    book, table = OpenDocumentSpreadsheet(), OdfTable(name="List")
    for name, count in (("Handle", "Followers"), ("米拉", 5)):
        row = TableRow()
        for value in (name, count):
            kind = {"valuetype": "float", "value": value} if isinstance(value, int) else {"valuetype": "string"}
            cell = TableCell(**kind)
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(tmp_path / "list.ods")

    assert list(open_table(tmp_path / "list.ods").rows()) == [(1, ["Handle", "Followers"]), (2, ["米拉", "5"])]


def two_sheets(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("Empty")
    book.add_worksheet("Notes").write_column(0, 0, ["Handle with care", "GMV is estimated"])
    book.add_worksheet("List").write_row(0, 0, ["Handle", "Followers"])


def test_sheet_with_the_known_header_is_chosen(tmp_path: Path) -> None:
    table = open_table(xlsx(tmp_path / "list.xlsx", two_sheets))

    header = guess_sheet(table, known)

    assert (table.sheets, table.sheet, header.known) == (["Empty", "Notes", "List"], "List", 2)


def test_named_sheet_is_opened_and_unknown_ones_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "list.xlsx", two_sheets)

    assert next(open_table(path, sheet="Notes").rows()) == (1, ["Handle with care"])
    assert code_of(lambda: open_table(path, sheet="July")) == "sheet_unknown"


def test_head_and_rows_read_the_chosen_sheet(tmp_path: Path) -> None:
    table = open_table(xlsx(tmp_path / "list.xlsx", two_sheets), sheet="Notes")
    head = table.head(1)
    table.sheet = "List"

    assert (head, list(table.rows())) == ([(1, ["Handle with care"])], [(1, ["Handle", "Followers"])])


def test_sheet_that_is_gone_and_password_found_late(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "list.xlsx", two_sheets)

    assert code_of(Table(path, "xlsx", sheet="Gone").head) == "sheet_unknown"
    assert tables._unreadable(PasswordError()).code == encrypted().code


def test_workbook_of_charts_only(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=List!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)

    with pytest.warns(UserWarning, match="Unknown worksheet"):  # the chart shows cells of another file
        path = xlsx(tmp_path / "list.xlsx", fill)

    assert code_of(lambda: open_table(path)) == "no_rows"


def test_hidden_sheets_come_last(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Lookup")
        book.add_worksheet("List").activate()
        book.get_worksheet_by_name("Lookup").hide()

    assert open_table(xlsx(tmp_path / "list.xlsx", fill)).sheets == ["List", "Lookup"]


def test_nothing_but_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(",,\n\n,,\n")
    empty = xlsx(tmp_path / "list.xlsx", lambda book: [book.add_worksheet(), book.add_worksheet()])

    assert code_of(open_table(path).head) == "no_rows"
    assert code_of(lambda: guess_sheet(open_table(path), known)) == "no_rows"
    assert code_of(lambda: guess_sheet(open_table(empty), known)) == "no_rows"


def test_more_rows_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Handle\n" + "mira\n" * 3)
    monkeypatch.setattr(tables, "MAX_ROWS", 3)

    assert len(list(open_table(path).rows(after=1))) == len(list(open_table(path).rows())) - 1 == 3
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert code_of(lambda: list(open_table(path).rows(after=1))) == "too_many_rows"


def test_workbook_that_only_looks_like_one(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "Workbook".encode("utf-16-le"))

    assert code_of(lambda: open_table(path)) == "file_broken"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5"), (-0.5, "-0.5"), (1e-7, "0.0000001"), (2.0**52, "4503599627370496"), (7.28899e18, "7.28899E+18"),
        (7, "7"), (7288990000000000123, "7.28899E+18"), (True, "TRUE"), (False, "FALSE"), ("x", "x"),
        (dt.date(2024, 8, 27), "2024-08-27"), (dt.datetime(2024, 8, 27, 9, 5), "2024-08-27 09:05:00"),
        (dt.datetime(2024, 8, 27), "2024-08-27"), (dt.time(9, 5), "09:05:00"), (dt.timedelta(hours=26),
        "1 day, 2:00:00"),
    ],
)  # fmt: skip
def test_cell_text(value: Any, text: str) -> None:
    assert cell_text(value) == text


def test_batches_leave_the_collector_as_it_was() -> None:
    source = ((number, [str(number)]) for number in range(1, 6))

    assert list(row_batches(source, 2)) == [([1, 2], [["1"], ["2"]]), ([3, 4], [["3"], ["4"]]), ([5], [["5"]])]
    assert gc.isenabled()

import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow

from core.errors import DomainError
from core.uploads import archives, checks
from core.uploads.checks import sniff


def code_of(path: Path) -> str:
    with pytest.raises(DomainError) as caught:
        sniff(path)
    assert str(caught.value.message)
    return caught.value.code


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["Handle", "Followers"])
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def ods(path: Path, rows: int = 1, columns: int = 1) -> Path:
    book, table = OpenDocumentSpreadsheet(), OdfTable(name="List")
    row = TableRow(numberrowsrepeated=rows)
    row.addElement(TableCell(valuetype="string", stringvalue="x", numbercolumnsrepeated=columns))
    table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"Handle,Followers\r\nmira,5\r\n", "达人,粉丝数\n".encode("gb18030"), "Handle\tFollowers\n".encode("utf-16"),
        "Handle,Followers\n".encode("utf-16-le"),
        "Handle,Followers\n".encode("utf-16-be"), b"\xef\xbb\xbfHandle\n", b"x",
    ],
)  # fmt: skip
def test_text_is_csv_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    assert sniff(write(tmp_path / "list.xlsx", content)) == "csv"


def test_workbooks_are_known_by_content(tmp_path: Path) -> None:
    assert sniff(workbook(tmp_path / "list.csv")) == "xlsx"
    assert sniff(ods(tmp_path / "list.txt")) == "ods"
    directory = checks.OLE + bytes(500) + "Workbook".encode("utf-16-le")
    assert sniff(write(tmp_path / "old.csv", directory)) == "xls"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xd8\xff\xe0\x00\x10JFIF",
        bytes(range(256)) * 9,
        b"<html><table><tr><td>Handle</td></tr></table></html>",
        b'\xef\xbb\xbf <!DOCTYPE html><html>', b'{"rows": []}',
        b"<?xml version='1.0'?><Workbook/>", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", checks.OLE + bytes(500),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    assert code_of(write(tmp_path / "list.xls", content)) == "file_type_unknown"


def test_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert code_of(archive(tmp_path / "list.zip", {"list.csv": b"Handle\nmira\n"})) == "file_type_unknown"
    assert (
        code_of(archive(tmp_path / "text.odt", {"mimetype": b"application/vnd.oasis.opendocument.text"}))
        == "file_type_unknown"
    )


def test_empty_file(tmp_path: Path) -> None:
    assert code_of(write(tmp_path / "list.csv", b"")) == "file_empty"


def test_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as target:
        target.truncate(checks.MAX_BYTES + 1)

    assert code_of(path) == "file_too_large"


def test_encrypted_workbooks(tmp_path: Path) -> None:
    package = checks.OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert code_of(write(tmp_path / "list.xlsx", package)) == "workbook_encrypted"
    manifest = b"<manifest:encryption-data/>"
    members = {"mimetype": archives.ODS_TYPE.encode(), "META-INF/manifest.xml": manifest, "content.xml": b"?"}
    assert code_of(archive(tmp_path / "list.ods", members)) == "workbook_encrypted"


def test_archive_with_encrypted_members(tmp_path: Path) -> None:
    path = archive(tmp_path / "list.xlsx", {"xl/workbook.xml": b"<workbook/>"})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert code_of(write(path, bytes(content))) == "workbook_encrypted"


def test_archive_that_grows_too_much_by_its_directory(tmp_path: Path) -> None:
    members = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(archives.RATIO_FROM + 1)}

    assert code_of(archive(tmp_path / "list.xlsx", members)) == "zip_bomb"


def test_archive_whose_directory_lies(tmp_path: Path) -> None:
    honest = bytes(3 * 1024 * 1024)
    path = archive(tmp_path / "list.xlsx", {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": honest})
    content = path.read_bytes()
    place = content.rindex(b"PK\x01\x02")
    lie = content[: place + 16] + zlib.crc32(honest[:100]).to_bytes(4, "little") + content[place + 20 : place + 24]
    lie += (100).to_bytes(4, "little") + content[place + 28 :]

    assert code_of(write(path, lie)) == "zip_bomb"


def test_total_size_and_number_of_members_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "list.xlsx")
    monkeypatch.setattr(archives, "MAX_EXPANDED", 1000)
    assert code_of(path) == "zip_bomb"
    monkeypatch.setattr(archives, "MAX_EXPANDED", 10**9)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    assert code_of(path) == "zip_bomb"


def test_sheet_with_a_cell_far_away(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_000_000, 16_000, "far")

    assert code_of(path) == "sheet_too_large"


def test_ods_whose_elements_repeat(tmp_path: Path) -> None:
    assert sniff(ods(tmp_path / "small.ods", rows=1000, columns=100)) == "ods"
    assert code_of(ods(tmp_path / "list.ods", rows=1_000_000, columns=1000)) == "sheet_too_large"


def test_ods_with_entities(tmp_path: Path) -> None:
    content = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]><d>&a;</d>'
    members = {"mimetype": archives.ODS_TYPE.encode(), "META-INF/manifest.xml": b"<m/>", "content.xml": content}

    assert code_of(archive(tmp_path / "list.ods", members)) == "zip_bomb"


@pytest.mark.parametrize("keep", [0.4, 0.9])
def test_damaged_workbook(tmp_path: Path, keep: float) -> None:
    content = workbook(tmp_path / "list.xlsx").read_bytes()

    assert code_of(write(tmp_path / "cut.xlsx", content[: int(len(content) * keep)])) == "file_broken"


def test_ods_with_broken_content(tmp_path: Path) -> None:
    members = {"mimetype": archives.ODS_TYPE.encode(), "META-INF/manifest.xml": b"<m/>", "content.xml": b"<a><b>"}

    assert code_of(archive(tmp_path / "list.ods", members)) == "file_broken"

"""Workbooks are ZIP archives: what is inside, and whether it grows beyond measure when it is opened."""

import copy
import re
import xml.parsers.expat
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MAX_EXPANDED = 2 * 1024**3
MAX_RATIO = 200  # for members over RATIO_FROM; a real sheet shrinks 5 to 30 times
RATIO_FROM = 10 * 1024**2
MAX_MEMBERS = 10_000
MAX_CELLS = 10_000_000  # the reader keeps a rectangle of cells from A1 to the last one in memory, some 65 bytes each
BLOCK = 1 << 20

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


def archive_kind(path: Path) -> Literal["xlsx", "ods"]:
    """Which workbook an archive is, after its size was checked in its directory and again by unpacking it.

    Raises DomainError zip_bomb, workbook_encrypted, file_type_unknown, file_broken, sheet_too_large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive)
            kind = _kind(archive)
            for member in archive.infolist():
                _check_member(archive, member, kind)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, LookupError) as error:
        raise DomainError(
            "file_broken", _("The workbook is damaged. Open it in a spreadsheet program and save it again.")
        ) from error
    return kind


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_EXPANDED:
        raise _bomb()
    for member in members:
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise _bomb()
        if member.flag_bits & 1:
            raise _encrypted()


def _kind(archive: zipfile.ZipFile) -> Literal["xlsx", "ods"]:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and archive.read("mimetype").decode("ascii", "replace").strip() == ODS_TYPE:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _encrypted()
        return "ods"
    raise DomainError(
        "file_type_unknown",
        _("This archive is not an XLSX or ODS workbook. Unpack it, or save the list as CSV or XLSX."),
    )


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, kind: str) -> None:
    with closing(_unpacked(archive, member)) as blocks:
        if kind == "xlsx" and member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            _check_sheet(blocks)
        elif kind == "ods" and member.filename == "content.xml":
            _check_content(blocks)
        else:
            for _block in blocks:
                pass


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Generator[bytes, None, None]:
    """The bytes of a member, refused as soon as they are more than its directory entry says: entries can lie."""
    honest = copy.copy(member)
    honest.file_size = MAX_EXPANDED + 1  # zipfile would stop silently at the declared size, other readers would not
    size = 0
    with archive.open(honest) as source:
        while block := source.read(BLOCK):
            size += len(block)
            if size > member.file_size:
                raise _bomb()
            yield block


def _check_sheet(blocks: Iterator[bytes]) -> None:
    """Refuse a sheet whose last cell is so far from A1 that the rectangle does not fit into memory."""
    columns: set[bytes] = set()
    last_row, tail = 0, b""
    for block in blocks:
        cells = _CELL.findall(tail + block)
        if cells:
            columns.update(column for column, _row in cells)
            last_row = max(last_row, *(int(row) for _column, row in cells))
        tail = block[-64:]
    width = max((_column_number(column) for column in columns), default=0)
    if width * last_row > MAX_CELLS:
        raise _too_large()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_content(blocks: Iterator[bytes]) -> None:
    """The same for ODS, where one element may stand for many equal cells or rows."""
    area = _OdsArea()
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = area.start
    parser.EntityDeclHandler = area.entity
    try:
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except xml.parsers.expat.ExpatError as error:
        raise zipfile.BadZipFile("content.xml") from error


class _OdsArea:
    """Counts rows and columns up to the last cell with a value in each table of a content.xml."""

    def __init__(self) -> None:
        self.row = self.column = self.repeat = self.width = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE} table":
            self.row = self.width = self.repeat = 0
        elif name == f"{_TABLE} table-row":
            self.repeat = int(attributes.get(f"{_TABLE} number-rows-repeated", "1"))
            self.row += self.repeat
            self.column = 0
        elif name in (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell"):
            self.column += int(attributes.get(f"{_TABLE} number-columns-repeated", "1"))
            if any(key.endswith("value-type") for key in attributes):
                self.width = max(self.width, self.column)
                if self.width * self.row > MAX_CELLS:
                    raise _too_large()

    def entity(self, *_declaration: object) -> None:
        raise _bomb()


def _bomb() -> DomainError:
    return DomainError(
        "zip_bomb",
        _("The workbook unpacks to far more data than a list of creators has. Save it as CSV and upload that file."),
    )


def _encrypted() -> DomainError:
    return DomainError("workbook_encrypted", _("The workbook has a password. Save it without one and upload it again."))


def _too_large() -> DomainError:
    return DomainError(
        "sheet_too_large",
        _(
            "A sheet has more than 10,000,000 cells between its first and its last one. Delete empty rows and columns, "
            "or save it as CSV."
        ),
    )

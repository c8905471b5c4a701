"""What an uploaded file really is, by its content, and the limits it must keep."""

from pathlib import Path
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.uploads.archives import archive_kind

FileKind = Literal["csv", "xlsx", "xls", "ods"]

MAX_BYTES = 200 * 1024 * 1024
MAX_ROWS = 1_000_000
HEAD = 65_536

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Beginnings of files that are text, or nearly, and still no table.
NOT_TABLES = (
    b"%pdf",
    b"{\\rtf",
    b"<!doctype",
    b"<html",
    b"<?xml",
    b"<table",
    b"<head",
    b"<body",
    b"<meta",
    b'{"',
    b"[{",
)
CONTROLS = bytes(range(9)) + bytes(range(14, 26)) + bytes(range(28, 32))


def refuse(code: str, message: str | Promise) -> DomainError:
    """The error for a file that cannot be used at all; nothing has been written when it is raised."""
    return DomainError(code, message)


def sniff(path: Path | str) -> FileKind:
    """The kind of a file by its content, whatever its name says.

    Raises DomainError: file_too_large (over 200 MB), file_empty, file_type_unknown, file_broken, workbook_encrypted,
    zip_bomb.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise refuse(
            "file_too_large",
            format_lazy(
                _("The file has {size} MB; the limit is 200 MB. Split it or save it as CSV."), size=size // 1_048_576
            ),
        )
    if not size:
        raise refuse("file_empty", _("The file is empty. Export it again."))
    with path.open("rb") as source:
        head = source.read(HEAD)
    if head.startswith(ZIP):
        return archive_kind(path)
    if head.startswith(OLE):
        return _ole_kind(path)
    if _is_text(head):
        return "csv"
    raise refuse(
        "file_type_unknown",
        _("This is not a table that can be read. Save the list as CSV, XLSX, XLS or ODS and upload that file."),
    )


def _ole_kind(path: Path) -> FileKind:
    """Old workbooks and encrypted new ones share one container; its directory names the streams in UTF-16."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise encrypted()
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    raise refuse(
        "file_type_unknown",
        _("This is an Office document without a spreadsheet. Save the list as CSV or XLSX and upload that file."),
    )


def encrypted() -> DomainError:
    """The error for a workbook with a password."""
    return refuse("workbook_encrypted", _("The workbook has a password. Save it without one and upload it again."))


def broken() -> DomainError:
    """The error for a workbook that no reader understands."""
    return refuse("file_broken", _("The workbook is damaged. Open it in a spreadsheet program and save it again."))


def _is_text(head: bytes) -> bool:
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(NOT_TABLES):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head):
        return True
    odd = len(head) - len(head.translate(None, CONTROLS))
    return odd <= len(head) / 50


def utf16_without_mark(head: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """UTF-16 shows by zero bytes at every second place: a tenth of the characters of any table are ASCII."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    enough = max(len(head) // 20, 2)
    if high >= enough and not low:
        return "utf-16-le"
    if low >= enough and not high:
        return "utf-16-be"
    return None

"""Text tables: which encoding, which delimiter, and their rows as a stream."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.uploads.checks import utf16_without_mark

BLOCK = 1 << 20
SAMPLE = BLOCK
DELIMITERS = ",;\t|"
MAX_CELL = 1_000_000
READ_ROWS = 1000

# One character of GB18030: four bytes, or two of which the common ones (GB 2312) both lie above 0xA0.
_GB = re.compile(rb"([\xa1-\xfe][\xa1-\xfe])|[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]")


def find_encoding(path: Path) -> str:
    """The encoding in which the whole file reads without an error.

    In this order: a byte order mark, UTF-16 without one, UTF-8, GB18030 where most characters are common Chinese
    ones, Windows-1252, and what charset-normalizer finds. Raises DomainError nul_bytes, encoding_broken,
    encoding_unknown.
    """
    with path.open("rb") as source:
        head = source.read(65_536)
    marked = _byte_order_mark(head) or utf16_without_mark(head)
    if marked:
        if _decodes(path, marked):
            return marked
        raise DomainError("encoding_broken", _broken_message(path, marked))
    if _decodes(path, "utf-8"):
        return "utf-8"
    sample = _sample(path)
    if _mostly_utf8(sample):
        raise DomainError("encoding_broken", _broken_message(path, "utf-8"))
    if _mostly_chinese(sample) and _decodes(path, "gb18030"):
        return "gb18030"
    if _decodes(path, "cp1252"):
        return "cp1252"
    guess = from_bytes(sample[:262_144]).best()
    if guess is not None and _decodes(path, guess.encoding):
        return guess.encoding
    raise DomainError(
        "encoding_unknown", _("The characters of the file cannot be read. Save it as CSV UTF-8 and upload it again.")
    )


def _byte_order_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is valid in this encoding. Raises DomainError nul_bytes."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in _blocks(path):
            if "\x00" in decoder.decode(block):
                raise DomainError(
                    "nul_bytes",
                    _("The file contains zero bytes, so it is damaged or no text. Export it again as CSV UTF-8."),
                )
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _sample(path: Path) -> bytes:
    """The first megabyte of the file, of the parts that are not plain ASCII."""
    sample = b""
    for block in _blocks(path):
        if not block.isascii():
            sample += block
        if len(sample) >= SAMPLE:
            break
    return sample


def _mostly_utf8(sample: bytes) -> bool:
    """UTF-8 with a few damaged characters, which must not be taken for another encoding and read as rubbish."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - bad > 10 * bad


def _mostly_chinese(sample: bytes) -> bool:
    pairs = [match.lastindex == 1 for match in _GB.finditer(sample)]
    return sum(pairs) > 0.6 * len(pairs)


def _broken_message(path: Path, encoding: str) -> Promise:
    with path.open(encoding=encoding, errors="replace", newline="") as source:
        line = next((number for number, text in enumerate(source, 1) if "\ufffd" in text), 1)
    return format_lazy(
        _("Line {line} has characters that are not valid {encoding}. Save the file as CSV UTF-8 and upload it again."),
        line=line,
        encoding=encoding.upper(),
    )


def find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts most rows of the first 100 KB into the same number of cells, more than one."""
    with path.open(encoding=encoding, newline="") as source:
        sample = source.read(100_000)
    hint = re.match(r"sep=(.)\r?\n", sample, re.IGNORECASE)
    if hint:
        return hint[1]
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    widths = Counter(len(row) for row in rows[:-1] or rows if any(cell.strip() for cell in row))
    if not widths:
        return 0.0, 0
    (width, count), total = widths.most_common(1)[0], sum(widths.values())
    return (round(count / total, 1), width) if width > 1 else (0.0, 0)


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Row number (as a spreadsheet counts it, from 1) and cells of each row that is not blank, in constant memory.

    Raises DomainError quote_open when a quotation mark swallows rows or a cell is over 1,000,000 long.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    number, width = 0, 0
    with path.open(encoding=encoding, newline="", buffering=BLOCK) as source:
        reader = csv.reader(source, delimiter=delimiter)
        batch: list[list[str]] = [[]]
        while batch:
            line, batch = reader.line_num, []
            try:
                batch.extend(islice(reader, READ_ROWS))
            except csv.Error as error:
                raise _quote_open(number + len(batch) + 1) from error
            width = width or max((len(row) for row in batch[:50]), default=0)
            if reader.line_num - line > len(batch):  # some cell has a line break
                _check_quotes(batch, number, delimiter, width)
            for row in batch:
                number += 1
                if any(row):
                    yield number, row


def _check_quotes(batch: list[list[str]], number: int, delimiter: str, width: int) -> None:
    for position, row in enumerate(batch, 1):
        if _swallowed(row, delimiter, width):
            raise _quote_open(number + position)


def _swallowed(row: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell with line breaks holds whole rows: a lost quotation mark makes one cell of all up to the next."""
    most = max(2, width // 2)
    return any(
        line.count(delimiter) >= most
        for cell in row
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()[1:-1]
    )


def _quote_open(row: int) -> DomainError:
    return DomainError(
        "quote_open",
        format_lazy(
            _("Row {row} opens a quotation mark that is not closed, so rows run together. Correct it and try again."),
            row=row,
        ),
    )

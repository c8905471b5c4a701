"""Columns of cells read at once: plain shapes by Arrow's vector functions, the rest once for each distinct text.

The result equals parse_number, parse_handle and parse_external_id element by element (tested as a property).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from creators.rules.currencies import resolve
from creators.rules.handles import EMPTY_WORDS, parse_external_id, parse_handle
from creators.rules.numbers import Kind, Mark, RateScale, parse_number

Problem = tuple[int, str, str]

# Shapes that parse_number reads the same way with and without a look at the rest of the column: one or two decimals
# are decimals, three digits behind a grouping mark are thousands. All else is left to parse_number.
_WHOLE = r"^(0|[1-9][0-9]{0,14})$"
_POINT = r"(0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?$"
_COMMA = r"(0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(\.[0-9]{3}){1,4})(,[0-9]{1,2})?$"
_SIGN = r"[$€£₱฿¥]?"
_FRACTION = r"^[01]\.[0-9]{1,12}$"
_HANDLE = r"^@?[A-Za-z0-9_.]{0,63}[A-Za-z0-9_]$"
_ID = r"^[0-9]{5,25}$"
# What looks like a handle and is none: an ID, or a word for nothing.
_NO_HANDLE = rf"^(@?[0-9]{{15,}}|(?i:{'|'.join(EMPTY_WORDS)}))$"
_NO_TEXT = pa.scalar(None, pa.string())


@dataclass(slots=True)
class ColumnValues:
    """A column read: lists as long as the input, numbers as exact decimal text ready for COPY (None: empty).

    `problems` holds (position from 0, cell, code of PROBLEMS) of refused cells, `notices` counts codes of NOTICES.
    """

    value: list[str | None]
    high: list[str | None]
    open: list[bool]
    currency: list[str | None]
    problems: list[Problem] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)


class _Cell(NamedTuple):
    value: str | None
    high: str | None
    open: bool
    currency: str | None
    problem: str | None
    notice: str | None


@lru_cache(maxsize=50_000)
def _cell(text: str, kind: Kind, decimal: Mark, currency: str | None, scale: RateScale, signed: bool) -> _Cell:
    parsed = parse_number(text, kind=kind, decimal=decimal, currency=currency, scale=scale, signed=signed)
    return _Cell(
        None if parsed.value is None else format(parsed.value, "f"),
        None if parsed.high is None else format(parsed.high, "f"),
        *parsed[2:],
    )


def parse_column(
    values: Sequence[str | None],
    *,
    kind: Kind,
    decimal: Mark = "auto",
    currency: str | None = None,
    scale: RateScale = "percent",
    signed: bool = False,
) -> ColumnValues:
    """Read a column of numbers; arguments as for parse_number. None is an empty cell."""
    texts = pa.array(values, pa.string())
    if kind != "rate" and pc.all(pc.match_substring_regex(texts, _WHOLE), skip_nulls=False).as_py():
        size = len(values)
        return ColumnValues(list(values), [None] * size, [False] * size, [currency if kind == "money" else None] * size)
    known = _known(texts, kind, decimal, scale)
    plain = pc.if_else(known, texts, _NO_TEXT)
    signs = _signs(plain, currency) if kind == "money" else pa.nulls(len(texts), pa.string())
    plain = _canonical(plain, decimal)
    rest = pc.and_not(pc.not_equal(texts, "").fill_null(False), known)
    if not pc.any(rest).as_py():
        return ColumnValues(plain.to_pylist(), [None] * len(values), [False] * len(values), signs.to_pylist())
    codes = texts.filter(rest).dictionary_encode()
    cells = [_cell(text, kind, decimal, currency, scale, signed) for text in codes.dictionary.to_pylist()]

    def spread(base: Any, name: str) -> list[Any]:
        found = [getattr(cell, name) for cell in cells]
        if any(found):
            base = pc.replace_with_mask(base, rest, pa.array(found, base.type).take(codes.indices))
        return base.to_pylist()  # type: ignore[no-any-return]

    column = ColumnValues(
        spread(plain, "value"),
        spread(pa.nulls(len(texts), pa.string()), "high"),
        spread(pa.repeat(False, len(texts)), "open"),
        spread(signs, "currency"),
    )
    _report(column, cells, codes.indices, rest, texts)
    return column


def _known(texts: Any, kind: Kind, decimal: Mark, scale: RateScale) -> Any:
    """Which cells have a shape whose canonical text follows without parsing."""
    if kind == "rate":
        if scale != "fraction" or decimal == "comma":
            return pa.repeat(False, len(texts))
        shape = _FRACTION
    else:
        shape = "^" + (_SIGN if kind == "money" else "") + (_COMMA if decimal == "comma" else _POINT)
    return pc.match_substring_regex(texts, shape).fill_null(False)


def _canonical(plain: Any, decimal: Mark) -> Any:
    if decimal == "comma":
        plain = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    else:
        plain = pc.replace_substring(plain, ",", "")
    return pc.utf8_ltrim(plain, "$€£₱฿¥")


def _signs(plain: Any, currency: str | None) -> Any:
    """The currency of each plain amount: that of its sign, else the column's."""
    codes = pc.ascii_rtrim(plain, "0123456789.,").dictionary_encode()
    names = [resolve(sign, currency) if sign else currency for sign in codes.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(codes.indices)


def _report(column: ColumnValues, cells: list[_Cell], indices: Any, rest: Any, texts: Any) -> None:
    """Note problems and notices of the cells that were parsed one distinct text at a time."""
    if not any(cell.problem or cell.notice for cell in cells):
        return
    positions = pc.indices_nonzero(rest).to_pylist()
    for position, index in zip(positions, indices.to_pylist(), strict=True):
        problem, notice = cells[index].problem, cells[index].notice
        if problem:
            column.problems.append((position, texts[position].as_py(), problem))
        if notice:
            column.notices[notice] += 1


def parse_handles(values: Sequence[str | None]) -> tuple[list[str | None], list[Problem]]:
    """Handles of a column in lower case, and the refused cells; an empty cell is refused as handle_missing."""
    texts = pa.array(values, pa.string())
    known = pc.match_substring_regex(texts, _HANDLE).fill_null(False)
    known = pc.and_not(known, pc.match_substring_regex(texts, _NO_HANDLE).fill_null(False))
    plain = pc.ascii_lower(pc.ascii_ltrim(pc.if_else(known, texts, _NO_TEXT), "@"))
    return _with_rest(texts, known, plain, parse_handle)


def parse_external_ids(values: Sequence[str | None]) -> tuple[list[str | None], list[Problem]]:
    """Creator IDs of a column as text, and the refused cells; an empty cell is no problem."""
    texts = pa.array(values, pa.string())
    known = pc.match_substring_regex(texts, _ID).fill_null(False)
    return _with_rest(texts, known, pc.if_else(known, texts, _NO_TEXT), parse_external_id)


def _with_rest(
    texts: Any, known: Any, plain: Any, parse: Callable[[str], tuple[str | None, str | None]]
) -> tuple[list[str | None], list[Problem]]:
    result: list[str | None] = plain.to_pylist()
    problems: list[Problem] = []
    positions = pc.indices_nonzero(pc.invert(known))
    for position, text in zip(positions.to_pylist(), texts.take(positions).to_pylist(), strict=True):
        result[position], problem = parse(text or "")
        if problem:
            problems.append((position, text or "", problem))
    return result, problems


def transpose(rows: Sequence[Sequence[str]], width: int) -> list[Sequence[str]]:
    """The rows of a chunk as `width` columns; short rows are filled with "", cells beyond the width are left out."""
    if not rows:
        return [() for _ in range(width)]
    if set(map(len, rows)) != {width}:
        rows = [row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for row in rows]
    return list(zip(*rows, strict=True))

"""Which column of a file means which field: headers matched by a table, checked against the values below them."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from creators.rules.currencies import SIGN_PATTERN, resolve
from creators.rules.handles import parse_external_id, parse_handle
from creators.rules.numbers import LOCKED_WORDS, MISSING_WORDS, Parsed, parse_number, plain_text

# Values over a window live in fields that say so; the same figure without a window has another field or none.
WINDOWED = {
    "gmv_total": "gmv_30d",
    "likes_total": "likes_30d",
    "videos_total": "videos_30d",
    "products_total": "products_28d",
}
FIELD_WINDOWS = (28, 30)
WINDOWS = frozenset({1, 7, 14, 28, 30, 60, 90, 180, 365})

Reason = Literal["", "unknown", "no_field", "window_no_field", "twin", "duplicate"]


class Alias(NamedTuple):
    """What a header means: a field ("" for a known header without one), its window, whether it needs one."""

    field: str
    window_days: int | None = None
    needs_window: bool = False


@dataclass(slots=True)
class ColumnGuess:
    """What a column seems to be. `field` is None with a `reason` when it is not read.

    Reasons: unknown header; no_field (known, but nothing to keep it in); window_no_field (a figure over 1, 7, 90 or
    180 days, while the field holds 28 or 30); twin (the same figure stands beside it, more exactly); duplicate
    (another column has the field). `confidence` runs from 0 to 1.
    """

    index: int
    header: str
    field: str | None
    window_days: int | None = None
    currency: str | None = None
    confidence: float = 0.0
    reason: Reason = ""


_IGNORED = re.compile(r"[\s_.:*#'\"“”‘’\-–—]+")
_DAYS = re.compile(
    r"(?:近|过去|最近)?(\d{1,3})[天日]内?|(?:in)?(?:the)?(?:last|past)?(\d{1,3})days?|(?:^l|(?<!\d))(\d{1,3})d"
)
_NAMED_WINDOWS = {
    "yesterday": 1, "昨日": 1, "昨天": 1, "近一周": 7, "近一个月": 30, "近1个月": 30, "近一月": 30, "lastmonth": 30,
    "近三个月": 90, "近3个月": 90, "近半年": 180,
}  # fmt: skip
_CURRENCY = re.compile(
    rf"\(({SIGN_PATTERN})\)|(?:(?<=[^a-z])|(?=[^a-z]))({SIGN_PATTERN})$|(?:in)?(usd|vnd|thb|idr|php|myr|gbp|eur)$"
)
_EMPTY_BRACKETS = re.compile(r"\((?:in|近|the|last)?\)")
_CJK = re.compile(r"[\u3400-\u9fff][^a-zA-Z]*")


def normalise_header(text: str) -> str:
    """The header in compatibility form and lower case without blanks, line breaks, dots, dashes and underscores."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return _IGNORED.sub("", text.casefold()) or text.strip()


def load_aliases(lines: Iterable[str]) -> dict[str, Alias]:
    """The alias table by normalised header, from the lines of a CSV with header, field, window_days and source.

    A window_days of "*" means that the header counts only together with a window of its own ("Views in last 30 days").
    """
    table: dict[str, Alias] = {}
    for row in csv.DictReader(lines):
        window = row["window_days"]
        days = int(window) if window.isdigit() else None
        table.setdefault(normalise_header(row["header"]), Alias(row["field"], days, needs_window=window == "*"))
    return table


def guess_mapping(
    headers: Sequence[str], sample_rows: Sequence[Sequence[str]], aliases: Mapping[str, Alias]
) -> list[ColumnGuess]:
    """One guess a column, in order; each field is given to one column only.

    Order of trust: the whole header; the header without window and currency; its Chinese or its Latin half; and for
    the handle, where no header says it, the look of the values. `sample_rows` are rows below the header, as text.
    """
    columns = [[row[i] if i < len(row) else "" for row in sample_rows] for i in range(len(headers))]
    guesses = [guess_column(index, header, aliases) for index, header in enumerate(headers)]
    for guess, values in zip(guesses, columns, strict=True):
        _check_identity(guess, values)
    if not any(guess.field in ("handle", "profile_link") for guess in guesses):
        _find_handle(guesses, columns)
    _keep_one_per_field(guesses, columns)
    return guesses


def guess_column(index: int, header: str, aliases: Mapping[str, Alias]) -> ColumnGuess:
    """What the header alone says about its column."""
    name = normalise_header(header)
    whole = aliases.get(name)
    base, window = _without_window(name)
    base, currency = _without_currency(base)
    guess = ColumnGuess(index, header, None, window, currency, 0.0, "unknown")
    if whole is None:
        whole, guess.confidence = _partial(name, base, header, aliases)
    else:
        guess.confidence = 1.0
    if whole is None:
        return guess
    return _apply(guess, whole)


def is_known_header(text: str, aliases: Mapping[str, Alias]) -> bool:
    """Whether the text is a header of the table, with or without window and currency."""
    return bool(text.strip()) and not text.strip().isdigit() and guess_column(0, text, aliases).reason != "unknown"


def _partial(name: str, base: str, header: str, aliases: Mapping[str, Alias]) -> tuple[Alias | None, float]:
    if base != name and base in aliases:
        return aliases[base], 0.9
    chinese = "".join(_CJK.findall(header))
    latin = _CJK.sub(" ", header)
    for half in (chinese, latin):
        key = _without_currency(_without_window(normalise_header(half))[0])[0]
        if chinese.strip() and key in aliases:
            return aliases[key], 0.8
    return None, 0.0


def _apply(guess: ColumnGuess, alias: Alias) -> ColumnGuess:
    """Fill field and window from the alias, or the reason why there is none."""
    window = guess.window_days or alias.window_days
    field = alias.field
    if window and field in WINDOWED:
        field = WINDOWED[field]
    guess.window_days = window
    if not field or (alias.needs_window and not window):
        guess.reason = "no_field"
    elif field.endswith(("_30d", "_28d")) and window and window not in FIELD_WINDOWS:
        guess.reason = "window_no_field"
    else:
        guess.field, guess.reason = field, ""
        if field.endswith(("_30d", "_28d")) and not window:
            guess.confidence = min(guess.confidence, 0.7)
    return guess


def _without_window(name: str) -> tuple[str, int | None]:
    for word, days in _NAMED_WINDOWS.items():
        if word in name:
            return _EMPTY_BRACKETS.sub("", re.sub(f"(?:in)?{word}", "", name)), days
    for match in _DAYS.finditer(name):
        days = int(match[1] or match[2] or match[3])
        if days in WINDOWS:
            return _EMPTY_BRACKETS.sub("", name[: match.start()] + name[match.end() :]), days
    return name, None


def _without_currency(name: str) -> tuple[str, str | None]:
    match = _CURRENCY.search(name)
    if match is None or match.start() == 0:
        return name, None
    sign = match[1] or match[2] or match[3]
    return name[: match.start()] + name[match.end() :], resolve(sign)


def _filled(values: Iterable[str]) -> list[str]:
    return [text for text in values if plain_text(text) not in MISSING_WORDS and plain_text(text) not in LOCKED_WORDS]


def _check_identity(guess: ColumnGuess, values: Sequence[str]) -> None:
    """Correct names that lists use for different things: "达人ID" may hold handles, "达人" nicknames."""
    filled = _filled(values)
    if guess.field not in ("handle", "external_id") or not filled:
        return
    ids = sum(text.strip().isdigit() and len(text.strip()) >= 15 for text in filled)
    handles = sum(parse_handle(text)[0] is not None and not text.strip().isdigit() for text in filled)
    if guess.field == "handle" and ids > len(filled) / 2:
        guess.field, guess.confidence = "external_id", 0.8
    elif guess.field == "handle" and handles < len(filled) / 2 and _is_name(guess.header):
        guess.field, guess.confidence = "nickname", 0.8
    elif guess.field == "external_id" and handles > len(filled) / 2 and not any(_numeric_id(text) for text in filled):
        guess.field, guess.confidence = "handle", 0.8


def _is_name(header: str) -> bool:
    return normalise_header(header) in {"达人", "creator", "creatorinfo", "account", "账号", "username", "用户名"}


def _numeric_id(text: str) -> bool:
    value, problem = parse_external_id(text)
    return value is not None or problem == "id_lost_digits"


def _find_handle(guesses: list[ColumnGuess], columns: Sequence[Sequence[str]]) -> None:
    """Take as handle the first column without a field whose values are @names or profile links."""
    for guess, values in zip(guesses, columns, strict=True):
        filled = _filled(values)
        marked = sum("@" in text and parse_handle(text)[0] is not None for text in filled)
        if guess.field in (None, "nickname", "external_id", "contact") and filled and marked >= 0.8 * len(filled):
            guess.field, guess.confidence, guess.reason = "handle", 0.5, ""
            return


def _keep_one_per_field(guesses: list[ColumnGuess], columns: Sequence[Sequence[str]]) -> None:
    """Leave each field to its best column: twins to the exact one, else the surest, else the first."""
    by_field: dict[str, list[ColumnGuess]] = {}
    for guess in guesses:
        if guess.field:
            by_field.setdefault(guess.field, []).append(guess)
    for rivals in by_field.values():
        best = min(rivals, key=lambda guess: _rank(guess, rivals, columns))
        for guess in rivals:
            if guess is not best:
                twin = _are_twins(columns[guess.index], columns[best.index])
                guess.field, guess.reason = None, "twin" if twin else "duplicate"


def _rank(guess: ColumnGuess, rivals: Sequence[ColumnGuess], columns: Sequence[Sequence[str]]) -> tuple[float, ...]:
    values = columns[guess.index]
    twins = any(_are_twins(values, columns[other.index]) for other in rivals if other is not guess)
    window = 0 if guess.window_days in FIELD_WINDOWS else 1
    ranges = sum(parse_number(text, kind="money").high is not None for text in values)
    rounded = sum(_is_rounded(text) for text in values) if twins else 0
    return (-guess.confidence, window, rounded, ranges, guess.index)


def _is_rounded(text: str) -> bool:
    return bool(re.search(r"\d\s*[kmbw万亿億]", plain_text(text)))


def _are_twins(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two columns show the same figures, one of them shortened (13.8M beside 13800000)."""
    pairs = [
        (a.value, b.value)
        for a, b in zip(map(_any_number, left), map(_any_number, right), strict=True)
        if a.value is not None and b.value is not None
    ]
    return bool(pairs) and all(abs(a - b) <= max(abs(a), abs(b)) / 10 for a, b in pairs)


def _any_number(text: str) -> Parsed:
    return parse_number(text, kind="money", signed=True)


TOTAL_WORDS = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sum",
        "average",
        "合计",
        "总计",
        "小计",
        "总和",
        "平均",
        "平均值",
        "汇总",
    }
)


def is_total_row(cells: Sequence[str]) -> bool:
    """Whether a row sums up the others: its first word says so and all else in it are numbers or nothing."""
    if cells and cells[0][:1].isdigit():
        return False  # nearly every row of a long list: decided at a glance
    first = next((index for index, text in enumerate(cells) if text and not text.isspace()), None)
    if first is None or len(cells[first]) > 20 or plain_text(cells[first]).rstrip(":：") not in TOTAL_WORDS:
        return False
    rest = map(plain_text, cells[first + 1 :])
    return all(text in MISSING_WORDS or any(c.isdigit() for c in text) for text in rest)


def is_repeated_header(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the row is the header once more, as in files glued together; `names` are normalised headers."""
    if len(cells) < len(names) or not names or (cells[0].isdigit() and names[0] != cells[0]):
        return False
    return any(names) and all(normalise_header(cell) == name for cell, name in zip(cells, names, strict=False))

"""Rows of an uploaded list read a batch at a time into lines for COPY; a row that cannot be read is set apart."""

import decimal
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np

from creators.metrics import BY_KEY, IMPORTED
from creators.rules.columns import parse_column, parse_external_ids, parse_handles, transpose
from creators.rules.dates import parse_date

Cells = list[str | None]
Mark = Literal["point", "comma", "auto"]
Scale = Literal["percent", "fraction", "hundredths"]

NULL = "\\N"
WORDS = {"nickname": 200, "language": 20, "agency": 120, "bio": 5000, "email": 254, "contact": 254}
STAGE_TEXT = ("handle", "external_id", "market_id", *WORDS, "category_ids", "as_of", "currency")
STAGE_COLUMNS = ("row_number", *STAGE_TEXT, *(metric.key for metric in IMPORTED), "ranges")
MALE, GENDER, AGES = "male_share", "audience_gender", "audience_age"
# The largest values that the columns hold; a longer text is compared as a number.
INTEGERS = frozenset({"videos_total", "videos_30d", "lives_30d", "products_28d", "products_total"})
LIMITS = {
    **dict.fromkeys(INTEGERS, 2_147_483_647.0),
    **{m.key: 1000.0 for m in IMPORTED if m.kind == "rate"},
    **{m.key: 1.0 for m in IMPORTED if m.group == "audience"},
    **dict.fromkeys(("gpm", "gpm_video", "gpm_live", "avg_order_value", "price_quote"), 999_999_999_999.0),
    "fulfilment_rate": 1.0,
    "commission_rate": 1.0,
    "pps_score": 5.0,
}
ADULT_AGES = ("age_18_24_share", "age_25_34_share", "age_35_44_share", "age_45_54_share", "age_55_plus_share")
SPECIAL = re.compile(r"[\\\t\n\r\x00]")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
AGE_KEYS = {key.removeprefix("age_").removesuffix("_share").replace("_plus", "+").replace("_", "-"): key
            for key in ("age_13_17_share", *ADULT_AGES)}  # fmt: skip
AGE = re.compile(r"(13\D{1,3}17|18\D{1,3}24|25\D{1,3}34|35\D{1,3}44|45\D{1,3}54|55\s*\+)\D{0,6}?(\d+(?:\.\d+)?)\s*%")
FEMALE_WORDS = re.compile(r"(?<![a-z])(?:female|women|f)\b|女", re.IGNORECASE)
SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


@dataclass(frozen=True)
class ColumnPlan:
    """How one column of the file is read."""

    index: int
    header: str
    field: str
    currency: str | None = None
    scale: Scale = "percent"
    decimal: Mark = "auto"
    day_first: bool = False


@dataclass(frozen=True)
class ReadPlan:
    """How the rows of a file are read: its columns, what stands in for empty cells, and the words of reference lists.

    `market_of` and `categories_of` give the code and the category ids of a text, or None when it is unknown.
    """

    width: int
    columns: tuple[ColumnPlan, ...]
    market: str | None
    currency: str
    as_of: date
    today: date
    market_of: Callable[[str], str | None]
    categories_of: Callable[[str], list[int] | None]

    def column(self, name: str) -> ColumnPlan | None:
        return next((column for column in self.columns if column.field == name), None)


@dataclass(slots=True)
class CellProblem:
    """A cell that was refused, by position of its row in the batch."""

    position: int
    header: str
    value: str
    code: str


@dataclass(slots=True)
class Batch:
    """What became of a batch: lines of the good rows for COPY in the order of STAGE_COLUMNS, and the refused rows."""

    lines: list[str]
    failures: dict[int, list[CellProblem]] = field(default_factory=dict)
    notices: Counter[str] = field(default_factory=Counter)


def read_batch(numbers: Sequence[int], rows: Sequence[Sequence[str]], plan: ReadPlan) -> Batch:
    """Read rows with these row numbers; every row is either a line or a failure."""
    reader = _Reader(rows, plan)
    columns: dict[str, Cells | None] = {"row_number": [str(number) for number in numbers]}
    columns["handle"] = reader.handles()
    columns["external_id"] = reader.external_ids()
    columns["market_id"] = reader.markets()
    for name, size in WORDS.items():
        columns[name] = reader.words(name, size)
    columns["category_ids"] = reader.categories()
    columns["as_of"] = reader.days()
    reader.metrics(columns)
    columns["currency"] = reader.currencies
    columns["ranges"] = [json.dumps(high) if high else None for high in reader.ranges]
    failed = reader.failures
    lines = [
        "\t".join(cells) for cells in zip(*(_nulls(columns.get(n), len(rows)) for n in STAGE_COLUMNS), strict=True)
    ]
    if failed:
        lines = [line for position, line in enumerate(lines) if position not in failed]
    return Batch(lines, failed, reader.notices)


def _nulls(cells: Cells | None, size: int) -> list[str]:
    return [NULL] * size if cells is None else [NULL if cell is None else cell for cell in cells]


class _Reader:
    """Reads one batch column by column and collects what is refused."""

    def __init__(self, rows: Sequence[Sequence[str]], plan: ReadPlan) -> None:
        self.plan = plan
        self.size = len(rows)
        self.columns = transpose(rows, plan.width)
        self.failures: dict[int, list[CellProblem]] = {}
        self.notices: Counter[str] = Counter()
        self.currencies: Cells = [plan.currency] * self.size
        self._one_currency = True
        self.ranges: list[dict[str, str | None] | None] = [None] * self.size
        for position, row in enumerate(rows):
            if len(row) > plan.width and any(cell.strip() for cell in row[plan.width :]):
                self.refuse(position, "", "row_too_long", row[plan.width])

    def refuse(self, position: int, header: str, code: str, value: str) -> None:
        self.failures.setdefault(position, []).append(CellProblem(position, header, value[:200], code))

    def _refuse_all(self, header: str, problems: Sequence[tuple[int, str, str]]) -> None:
        for position, value, code in problems:
            self.refuse(position, header, code, value)

    def cells(self, name: str) -> tuple[ColumnPlan, Sequence[str]] | None:
        column = self.plan.column(name)
        return (column, self.columns[column.index]) if column and column.index < len(self.columns) else None

    def handles(self) -> Cells:
        """From the handle column, where it is empty from the profile link."""
        own, link = self.cells("handle"), self.cells("profile_link")
        if own is None and link is None:
            return [None] * self.size
        column, cells = own or link  # type: ignore[misc]
        if own and link:
            cells = [cell if cell.strip() else other for cell, other in zip(cells, link[1], strict=True)]
        values, problems = parse_handles(cells)
        self._refuse_all(column.header, problems)
        return values

    def external_ids(self) -> Cells | None:
        found = self.cells("external_id")
        if found is None:
            return None
        values, problems = parse_external_ids(found[1])
        self._refuse_all(found[0].header, problems)
        return values

    def markets(self) -> Cells:
        found = self.cells("market")
        default = self.plan.market
        if found is None:
            return [default] * self.size
        result: Cells = []
        for position, cell in enumerate(found[1]):
            text = cell.strip()
            code = self.plan.market_of(text) if text else default
            if code is None:
                self.refuse(position, found[0].header, "market_unknown" if text else "market_missing", text)
            result.append(code)
        return result

    def words(self, name: str, size: int) -> Cells:
        found = self.cells(name)
        if found is None:
            return [""] * self.size
        cells = [cell.strip()[:size] for cell in found[1]]
        if SPECIAL.search("".join(cells)):
            cells = [cell.translate(ESCAPES) for cell in cells]
        return list(cells)

    def categories(self) -> Cells | None:
        """Top categories as an array literal; unknown names are left out and counted."""
        found = self.cells("category")
        if found is None:
            return None
        result: Cells = []
        for cell in found[1]:
            ids = self.plan.categories_of(cell) if cell.strip() else None
            if ids is None and cell.strip():
                self.notices["category_unknown"] += 1
            result.append("{" + ",".join(map(str, ids[:3])) + "}" if ids else None)
        return result

    def days(self) -> Cells:
        default = self.plan.as_of.isoformat()
        found = self.cells("as_of")
        if found is None:
            return [default] * self.size
        column, cells = found
        parse = lru_cache(maxsize=4096)(lambda text: parse_date(text, day_first=column.day_first))
        result: Cells = []
        for position, cell in enumerate(cells):
            day, problem = parse(cell)
            if day and day > self.plan.today:
                problem = "date_in_future"
            if problem:
                self.refuse(position, column.header, problem, cell)
            result.append(day.isoformat() if day else default)
        return result

    def metrics(self, columns: dict[str, Cells | None]) -> None:
        for column in self.plan.columns:
            if column.field in BY_KEY:
                columns[column.field] = self._metric(column, column.field)
        male = self.plan.column(MALE)
        if male and "female_share" not in columns:
            columns["female_share"] = [_complement(cell) for cell in self._metric(male, "female_share", MALE)]
        gender = self.cells(GENDER)
        if gender and "female_share" not in columns:
            columns["female_share"] = [_female_share(cell) for cell in gender[1]]
        ages = self.cells(AGES)
        if ages and not any(key in columns for key in AGE_KEYS.values()):
            shares = [_age_shares(cell) for cell in ages[1]]
            columns |= {key: [found.get(key) for found in shares] for key in AGE_KEYS.values()}
        if "adult_share" not in columns and all(key in columns for key in ADULT_AGES):
            columns["adult_share"] = [_total(cells) for cells in zip(*(columns[k] for k in ADULT_AGES), strict=True)]

    def _metric(self, column: ColumnPlan, key: str, name: str = "") -> Cells:
        metric = BY_KEY[key]
        parsed = parse_column(
            self.columns[column.index],
            kind=metric.kind,
            decimal=column.decimal,
            currency=column.currency or (self.plan.currency if metric.kind == "money" else None),
            scale=column.scale,
            signed=metric.key == "follower_growth_30d",
        )
        self._refuse_all(column.header, parsed.problems)
        self.notices.update(parsed.notices)
        if metric.kind == "count":
            parsed.value = [_whole(cell) if cell and "." in cell else cell for cell in parsed.value]
        if metric.kind == "money":
            self._note_currencies(column, parsed.value, parsed.currency)
        if any(parsed.high) or any(parsed.open):
            self._note_ranges(name or key, parsed.high, parsed.open)
        if key in LIMITS:
            self._check_limit(column, parsed.value, LIMITS[key])
        return parsed.value

    def _note_ranges(self, key: str, highs: Cells, opens: Sequence[bool]) -> None:
        for position, (high, is_open) in enumerate(zip(highs, opens, strict=True)):
            if high is not None or is_open:
                self.ranges[position] = {**(self.ranges[position] or {}), key: high}

    def _note_currencies(self, column: ColumnPlan, values: Cells, currencies: Cells) -> None:
        """A row has one currency: the one its cells name. Cells that disagree are refused."""
        if currencies.count(self.plan.currency) + currencies.count(None) == self.size and self._one_currency:
            return
        self._one_currency = False
        for position, (value, currency) in enumerate(zip(values, currencies, strict=True)):
            if value is None or currency is None or currency == self.currencies[position]:
                continue
            if self.currencies[position] == self.plan.currency:
                self.currencies[position] = currency
            else:
                self.refuse(position, column.header, "currencies_differ", f"{value} {currency}")

    def _check_limit(self, column: ColumnPlan, values: Cells, limit: float) -> None:
        for position in np.nonzero(np.array(values, dtype=float) > limit)[0].tolist():
            self.refuse(position, column.header, "value_too_large", values[position] or "")


def _whole(cell: str) -> str:
    """A count without decimals: 10.45K is 10450, and 1.2345K rounds to 1235."""
    return str(decimal.Decimal(cell).to_integral_value(decimal.ROUND_HALF_UP))


def _complement(cell: str | None) -> str | None:
    return None if cell is None else f"{1 - float(cell):.4f}"


def _total(cells: Sequence[str | None]) -> str | None:
    """The sum of the shares when all are known, at most 1 (parts are rounded)."""
    if any(cell is None for cell in cells):
        return None
    return f"{min(1.0, sum(float(cell) for cell in cells if cell)):.4f}"


@lru_cache(maxsize=10_000)
def _female_share(cell: str) -> str | None:
    """The share of women in words such as "Female 76%" or "男 24%"."""
    share = SHARE.search(cell)
    if share is None:
        return None
    value = float(share.group(1).replace(",", ".")) / 100
    if value > 1:
        return None
    return f"{value if FEMALE_WORDS.search(cell) else 1 - value:.4f}"


@lru_cache(maxsize=10_000)
def _age_shares(cell: str) -> dict[str, str]:
    """The shares of the age groups in words such as "18-24 40%, 25-34: 35.5%"; groups without a share say nothing."""
    found = {
        re.sub(r"\D+(?=\d)", "-", group).replace(" ", ""): float(share) / 100 for group, share in AGE.findall(cell)
    }
    return {AGE_KEYS[group]: f"{share:.4f}" for group, share in found.items() if group in AGE_KEYS and share <= 1}


def looks_blank(row: Sequence[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in row)


def lookup(names: Mapping[str, str]) -> Callable[[str], str | None]:
    """A cached function from a text to its code, blind to case and surrounding spaces."""

    @lru_cache(maxsize=10_000)
    def find(text: str) -> str | None:
        return names.get(text.strip().casefold())

    return find


def category_lookup(names: Mapping[str, int]) -> Callable[[str], list[int] | None]:
    """A cached function from a text with one or more category names to their ids; None when none is known."""

    @lru_cache(maxsize=50_000)
    def find(text: str) -> list[int] | None:
        whole = names.get(text.strip().casefold())
        if whole is not None:
            return [whole]
        parts = re.split(r"[;|/、，\n]|,", text)
        ids = [names[part.strip().casefold()] for part in parts if part.strip().casefold() in names]
        return list(dict.fromkeys(ids)) or None

    return find

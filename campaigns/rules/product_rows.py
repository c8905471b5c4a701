"""What a product must say, and how a row of a product list is read. Values stay Decimal from the first character on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.rules.currencies import CODES, SIGNS
from creators.rules.handles import visible
from creators.rules.numbers import LOCKED_WORDS, MISSING_WORDS, Mark, RateScale, parse_number, plain_text

CENT = Decimal("0.01")
MONEY_MAX = Decimal(10) ** 12
# Above it somebody has typed a wrong number.
STOCK_MAX = 1_000_000
TITLE_MAX, SKU_MAX, ID_MAX, NOTES_MAX = 300, 80, 40, 5_000
MONEY_FIELDS = ("price", "unit_cost", "sample_cost")
RATE_FIELDS = ("platform_fee_rate", "tax_rate")
COMMISSION_FIELDS = ("default_commission_rate", "max_commission_rate")

PROBLEMS: dict[str, str | Promise] = {
    "title_missing": _("Write the product's title."),
    "price_missing": _("Write the price."),
    "too_long": _("This text is too long. Shorten it."),
    "amount_negative": _("Write an amount of 0 or more."),
    "amount_unreadable": _("Write one amount, such as 24.90 or 110.000₫."),
    "amount_too_large": _("Write an amount below 1,000,000,000,000."),
    "currency_unknown": _("Write the currency as its code, such as USD or VND."),
    "currency_mixed": _("All amounts of a product are in one currency. This one names another."),
    "rate_unreadable": _("Write a percentage, such as 12.5."),
    "rate_0_to_100": _("Write a percentage from 0 to 100."),
    "rate_1_to_80": _("Commission is 1% to 80%."),
    "rate_over_max": _("The usual commission is above the highest one."),
    "id_not_digits": _("The platform's product ID has digits only."),
    "id_lost_digits": _("The spreadsheet turned this ID into a number and lost its last digits. "
                        "Format the column as text, paste the IDs again and save the file."),
    "stock_unreadable": _("Write whole pieces, such as 40."),
    "state_unknown": _("Write active, paused or retired."),
    "nothing_to_match": _("The row has neither a product ID, nor a SKU, nor a title."),
    "sku_of_other": _("The product with this SKU has another product ID. Correct one of the two."),
}  # fmt: skip
STATE_WORDS: dict[str, str] = {
    **dict.fromkeys(("active", "live", "on sale", "published", "listed", "在售", "上架", "已上架", "销售中"), "active"),
    **dict.fromkeys(
        ("paused", "inactive", "draft", "suspended", "under review", "暂停", "下架", "已下架", "草稿"), "paused"
    ),
    **dict.fromkeys(("retired", "deleted", "discontinued", "frozen", "停售", "已停售", "已删除"), "retired"),
}
_EXPONENT = re.compile(r"[\d.,]+e[+-]?\d+", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"\d{1,15}\.0+")
_LONG_FLOAT = re.compile(r"\d{16,}\.0*")

Problem = tuple[str, str]


@dataclass(frozen=True)
class Reading:
    """How a column is written: its decimal mark, the scale of its rates, and the currency that its header names."""

    decimal: Mark = "auto"
    scale: RateScale = "percent"
    currency: str | None = None


@dataclass
class Read:
    """What a row says by field of a product, as far as it can be read; an empty cell says nothing.

    `category` is the text of the cell, `problems` are (field, code of PROBLEMS).
    """

    values: dict[str, Any] = field(default_factory=dict)
    category: str = ""
    stock: int | None = None
    problems: list[Problem] = field(default_factory=list)


def problems_of(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a whole product: (field, code of PROBLEMS), in order of the form."""
    found: list[Problem] = []
    if not values["title"]:
        found.append(("title", "title_missing"))
    limits = {"title": TITLE_MAX, "sku": SKU_MAX, "platform_id": ID_MAX, "compliance_notes": NOTES_MAX}
    found += [(name, "too_long") for name, most in limits.items() if len(values[name]) > most]
    if not re.fullmatch(r"[0-9]*", values["platform_id"]):
        found.append(("platform_id", "id_not_digits"))
    if values["price"] is None:
        found.append(("price", "price_missing"))
    if values["currency"] not in CODES:
        found.append(("currency", "currency_unknown"))
    found += [(name, code) for name in MONEY_FIELDS if (code := _amount_problem(values[name]))]
    return found + _rate_problems(values)


def _amount_problem(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return "amount_negative" if amount < 0 else "amount_too_large" if amount >= MONEY_MAX else ""


def _rate_problems(values: Mapping[str, Any]) -> list[Problem]:
    found = [(name, "rate_0_to_100") for name in RATE_FIELDS if not _is_within(values[name], 0, 100)]
    found += [(name, "rate_1_to_80") for name in COMMISSION_FIELDS if not _is_within(values[name], 1, 80)]
    usual, most = (values[name] for name in COMMISSION_FIELDS)
    if not found and usual is not None and most is not None and usual > most:
        found.append(("default_commission_rate", "rate_over_max"))
    return found


def _is_within(rate: Decimal | None, low: int, high: int) -> bool:
    return rate is None or low <= rate <= high


def read_row(cells: Mapping[str, str], readings: Mapping[str, Reading], *, currency: str) -> Read:
    """A row of a product list; `currency` is that of amounts that name none."""
    row = Read(category=_text(cells.get("category", "")))
    for name in ("title", "sku", "compliance_notes"):
        if text := _text(cells.get(name, "")):
            row.values[name] = text
    _read_id(row, cells.get("platform_id", ""))
    _read_amounts(row, cells, readings, currency)
    for name in (*RATE_FIELDS, *COMMISSION_FIELDS):
        _read_rate(row, name, cells.get(name, ""), readings.get(name, Reading()))
    row.problems += _rate_problems({name: row.values.get(name) for name in (*RATE_FIELDS, *COMMISSION_FIELDS)})
    _read_stock(row, cells.get("sample_stock", ""))
    _read_state(row, cells.get("state", ""))
    if not row.problems and not any(row.values.get(name) for name in ("platform_id", "sku", "title")):
        row.problems.append(("title", "nothing_to_match"))
    return row


def is_lost_id(text: str) -> bool:
    """Whether a spreadsheet made a number of the ID: 7.28E+18 has lost its last digits."""
    plain = visible(text)
    return bool(_EXPONENT.fullmatch(plain) or _LONG_FLOAT.fullmatch(plain))


def _text(cell: str) -> str:
    text = visible(cell)
    return "" if plain_text(text) in MISSING_WORDS | LOCKED_WORDS else text


def _read_id(row: Read, cell: str) -> None:
    text = _text(cell).removeprefix("'")
    if not text:
        return
    if is_lost_id(text):
        row.problems.append(("platform_id", "id_lost_digits"))
    elif _WHOLE_FLOAT.fullmatch(text):
        row.values["platform_id"] = text.split(".")[0]
    elif text.isascii() and text.isdigit() and len(text) <= ID_MAX:
        row.values["platform_id"] = text
    else:
        row.problems.append(("platform_id", "id_not_digits"))


def _read_amounts(row: Read, cells: Mapping[str, str], readings: Mapping[str, Reading], currency: str) -> None:
    """Amounts, and the one currency that they name by a column, a header or a sign; plain ones name none."""
    word = plain_text(_text(cells.get("currency", "")))
    own = SIGNS.get(word)
    if word and own is None:
        row.problems.append(("currency", "currency_unknown"))
        return
    named: set[str] = {own} if own else set()
    for name in MONEY_FIELDS:
        text, reading = _text(cells.get(name, "")), readings.get(name, Reading())
        if not text:
            continue
        parsed = parse_number(text, kind="money", decimal=reading.decimal, currency=own or reading.currency or currency)
        if parsed.value is None or parsed.high is not None or parsed.open:
            code = {"number_negative": "amount_negative", "number_too_large": "amount_too_large"}
            row.problems.append((name, code.get(parsed.problem or "", "amount_unreadable")))
            continue
        row.values[name] = parsed.value.quantize(CENT, ROUND_HALF_UP)
        has_sign = parse_number(text, kind="money", decimal=reading.decimal).currency is not None
        found = parsed.currency if has_sign else own or reading.currency
        if found and named and found not in named:
            row.problems.append((name, "currency_mixed"))
        named |= {found} if found else set()
    if len(named) == 1:
        row.values["currency"] = named.pop()


def _read_rate(row: Read, name: str, cell: str, reading: Reading) -> None:
    text = _text(cell)
    if not text:
        return
    parsed = parse_number(text, kind="rate", decimal=reading.decimal, scale=reading.scale)
    if parsed.value is None or parsed.high is not None or parsed.open:
        row.problems.append((name, "rate_unreadable"))
    else:
        row.values[name] = (parsed.value * 100).quantize(CENT, ROUND_HALF_UP)


def _read_stock(row: Read, cell: str) -> None:
    text = _text(cell)
    if not text:
        return
    parsed = parse_number(text, kind="count")
    whole = parsed.value is not None and parsed.value == parsed.value.to_integral_value()
    if not whole or parsed.high is not None or parsed.value is None or parsed.value > STOCK_MAX:
        row.problems.append(("sample_stock", "stock_unreadable"))
    else:
        row.stock = int(parsed.value)


def _read_state(row: Read, cell: str) -> None:
    text = _text(cell)
    if not text:
        return
    state = STATE_WORDS.get(" ".join(plain_text(text).replace("_", " ").split()))
    if state is None:
        row.problems.append(("state", "state_unknown"))
    else:
        row.values["state"] = state


def cells_of(row: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    """The cells of a row by field."""
    return {name: row[place] for name, place in places.items() if place < len(row)}

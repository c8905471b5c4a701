"""How values are written for people: numbers, money, dates, each in the language of the page. Pure functions."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils.functional import Promise

Number = int | float | Decimal
Unit = Literal["count", "money_usd", "percent", "score", "days", "ratio"]
Quality = Literal["exact", "range", "estimate", "missing"]

UNKNOWN = "–"
MINUS = "−"
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
SYMBOLS = {
    "USD": "$",
    "GBP": "£",
    "EUR": "€",
    "JPY": "JP¥",
    "CNY": "CN¥",
    "VND": "₫",
    "THB": "฿",
    "PHP": "₱",
    "IDR": "Rp",
    "MYR": "RM",
    "SGD": "S$",
    "BRL": "R$",
    "MXN": "MX$",
    "KRW": "₩",
}
# (from this size on, divide by, suffix, decimals); the first that fits is taken. A step begins where the one below
# would round up to it, so that 999,950 is 1.00M and not 1000.0K.
ENGLISH_STEPS = (
    (Decimal("999950000"), 10**9, "B", 1),
    (Decimal("99995000"), 10**6, "M", 1),
    (Decimal("999950"), 10**6, "M", 2),
    (Decimal("999.5"), 10**3, "K", 1),
)
CHINESE_STEPS = (
    (Decimal("99995000"), 10**8, "亿", 1),
    (Decimal("999500"), 10**4, "万", 0),
    (Decimal("9999.5"), 10**4, "万", 1),
)
QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(5))


@dataclass(frozen=True)
class NavEntry:
    """An entry of the main navigation or the account menu.

    Shown to users who hold `permission` (to all who are signed in when empty); `key` is the letter after "g"; `count`
    is the path of a function that gives the user a number beside the label, asked on every page: it must be cheap.
    `also` names the beginnings of other addresses at which the reader is in the same place.
    """

    label: str | Promise
    url_name: str
    permission: str = ""
    place: Literal["main", "account"] = "main"
    icon: str = ""
    key: str = ""
    count: str = ""
    also: tuple[str, ...] = ()


def format_compact(value: Number | None, language: str, *, trim: bool = False) -> str:
    """A short count: 612.4K, 1.28M, 2.1B; in Chinese 61.2万, 128万, 1.2亿. `trim` drops zero decimals: 50K."""
    if value is None:
        return UNKNOWN
    number = abs(_decimal(value))
    text = _compact(number, language, trim)
    return _signed(value, text)


def format_number(value: Number | None, digits: int = 0) -> str:
    """All digits with thousands marks: 12,447."""
    if value is None:
        return UNKNOWN
    return _signed(value, f"{_rounded(abs(_decimal(value)), digits):,}")


def format_money(
    value: Number | None,
    currency: str,
    language: str,
    compact: bool = False,
    *,
    digits: int | None = None,
) -> str:
    """$48,210; under a hundred with cents: $31.42; compact from a thousand on: $48.2K. `digits` fixes the decimals."""
    if value is None:
        return UNKNOWN
    number = abs(_decimal(value))
    if compact and _rounded(number, 0) >= 1000:
        text = _compact(number, language, trim=True)
    else:
        if digits is None:
            digits = 2 if 0 < number < 100 else 0
        text = f"{_rounded(number, digits):,}"
    return _signed(value, currency_symbol(currency) + text)


def format_percent(value: Number | None, digits: int = 0) -> str:
    """A fraction as a percentage: 0.058 is 5.8% with one digit."""
    if value is None:
        return UNKNOWN
    return _signed(value, f"{_rounded(abs(_decimal(value)) * 100, digits)}%")


def format_value(
    value: Number | None,
    *,
    unit: Unit,
    language: str,
    high: Number | None = None,
    quality: Quality = "exact",
    digits: int | None = None,
) -> str:
    """A metric as the tables show it. A range stays a range ($50K–100K, open: $1M+); an estimate carries ≈."""
    if value is None or quality == "missing":
        return UNKNOWN
    if quality == "range":
        return _range(value, high, unit, language, digits)
    if quality == "estimate":
        return "≈ " + _single(value, unit, language, digits, compact=True)
    return _single(value, unit, language, digits, compact=False)


def format_delta(value: Number | None, digits: int | None = None) -> str:
    """A change, always with its sign: +3.1, −0.4, whole numbers as such: +7; no change is 0."""
    if value is None:
        return UNKNOWN
    if digits is None:
        digits = 0 if isinstance(value, int) else 1
    number = _rounded(abs(_decimal(value)), digits)
    if number == 0:
        return "0"
    return ("+" if value > 0 else MINUS) + f"{number:,}"


def format_day(value: date | None, language: str, today: date) -> str:
    """12 Dec, in Chinese 12-12; with its year when that is not this one."""
    if value is None:
        return UNKNOWN
    same_year = value.year == today.year
    if _chinese(language):
        return value.strftime("%m-%d" if same_year else "%Y-%m-%d")
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return text if same_year else f"{text} {value.year}"


def format_moment(value: datetime | None, language: str, today: date) -> str:
    """The day and the time of day: 12 Dec, 09:40; in Chinese 12-12 09:40. The caller converts to local time."""
    if value is None:
        return UNKNOWN
    mark = " " if _chinese(language) else ", "
    return f"{format_day(value.date(), language, today)}{mark}{value:%H:%M}"


def format_bytes(value: int | None) -> str:
    """The size of a file: 412 KB, 1.3 MB."""
    if value is None:
        return UNKNOWN
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} KB" if value else "0 KB"
    return f"{value / 1_000_000:.1f} MB"


def currency_symbol(currency: str) -> str:
    """$ for USD; the code itself and a space when there is no unmistakable sign."""
    return SYMBOLS.get(currency, f"{currency} ")


def initials(name: str) -> str:
    """One or two letters for an avatar: "Tin Lantern Home" is TL, "juniper" is JU, 小满 is 小."""
    words = ["".join(filter(str.isalnum, word)) for word in name.replace("_", " ").replace(".", " ").split()]
    words = [word for word in words if word]
    if not words:
        return "?"
    # From the CJK radicals on, one character is a word.
    if words[0][0] >= "\u2e80":
        return words[0][0]
    letters = words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]
    return letters.upper()


def _single(value: Number, unit: Unit, language: str, digits: int | None, compact: bool) -> str:
    if unit == "money_usd":
        return format_money(value, "USD", language, compact, digits=digits)
    if unit == "percent":
        return format_percent(value, _percent_digits(value) if digits is None else digits)
    if unit == "count":
        return format_compact(value, language)
    if unit == "score":
        return format_number(value, 1 if digits is None else digits)
    if unit == "ratio":
        return format_number(value, 2 if digits is None else digits)
    return format_number(value, digits or 0) + (" 天" if _chinese(language) else " d")


def _range(low: Number, high: Number | None, unit: Unit, language: str, digits: int | None) -> str:
    """$50K–100K: the sign of the currency once; an open range ends in a plus."""
    if unit not in ("count", "money_usd"):
        first = _single(low, unit, language, digits, compact=False)
        return f"{first}+" if high is None else f"{first}–{_single(high, unit, language, digits, compact=False)}"
    if unit == "money_usd":
        first = format_money(low, "USD", language, compact=True, digits=digits)
        last = (
            "+" if high is None else "–" + format_money(high, "USD", language, compact=True, digits=digits).lstrip("$")
        )
        return first + last
    first = format_compact(low, language, trim=True)
    return f"{first}+" if high is None else f"{first}–{format_compact(high, language, trim=True)}"


def _compact(number: Decimal, language: str, trim: bool) -> str:
    steps = CHINESE_STEPS if _chinese(language) else ENGLISH_STEPS
    for start, divisor, suffix, decimals in steps:
        if number >= start:
            text = f"{_rounded(number / divisor, decimals):,}"
            return (_trimmed(text) if trim else text) + suffix
    # Under the first step whole numbers stay whole; a small mean keeps one decimal.
    whole = number == number.to_integral_value() or number >= 100
    return f"{_rounded(number, 0 if whole else 1):,}"


def _percent_digits(value: Number) -> int:
    return 1 if 0 < abs(_decimal(value)) < Decimal("0.1") else 0


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return Decimal(value if isinstance(value, int) else str(value))


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(QUANTA[digits], rounding=ROUND_HALF_UP)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: Number, text: str) -> str:
    """A true minus in front of a negative number, unless it rounds to nothing."""
    negative = value < 0 and any(digit in text for digit in "123456789")
    return MINUS + text if negative else text


def _chinese(language: str) -> bool:
    return language.startswith("zh")

"""Numbers as sellers' files write them: suffixes, currencies, percents, ranges, European and Vietnamese marks.

Values are Decimal from the first character on: money never passes through float.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from creators.rules.currencies import SIGN_PATTERN, WHOLE, resolve

Kind = Literal["count", "money", "rate", "score"]
Mark = Literal["point", "comma", "auto"]
RateScale = Literal["percent", "fraction", "hundredths"]

LIMIT = Decimal(10) ** 15
SCALES: dict[RateScale, Decimal] = {
    "percent": Decimal("0.01"),
    "fraction": Decimal(1),
    "hundredths": Decimal("0.0001"),
}


class Parsed(NamedTuple):
    """One cell read. `value` is None when it is missing (no problem) or refused (`problem`).

    `high` is the upper end of a range, `open` an end left open ("1M+"). Rates are fractions: 17.73 % is 0.1773.
    `currency` is the sign's own, else the column's; only money has one. `notice` is a key of NOTICES.
    """

    value: Decimal | None = None
    high: Decimal | None = None
    open: bool = False
    currency: str | None = None
    problem: str | None = None
    notice: str | None = None


MISSING_WORDS = frozenset(
    {
        "", "-", "--", "---", "–", "—", "——", "−", "_", "/", "\\", ".", "..", "...", "?", "n/a", "na", "#n/a", "null",
        "#null!", "none", "nil", "undefined", "unknown", "tbd", "no data", "not available", "hidden", "private",
        "view more", "see more", "more", "查看更多", "更多", "无", "暂无", "暂无数据", "未知", "不详", "没有",
        "空", "未公开",
    }
)  # fmt: skip
LOCKED_WORDS = frozenset(
    {
        "企业版可导出", "企业版可见", "企业版可查看", "专业版可见", "专业版可导出", "会员可见", "vip可见",
        "升级查看", "升级后查看", "升级可见",
        "升级解锁", "开通会员", "upgrade", "upgrade to view", "upgrade to unlock", "upgrade plan", "unlock",
        "unlock to view", "locked", "pro only", "vip only", "enterprise only", "***", "****", "*****", "******",
    }
)  # fmt: skip

K, M, B = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
SUFFIXES: dict[str, Decimal] = {
    "k": K, "m": M, "mn": M, "mio": M, "mi": M, "b": B, "bn": B, "mil": K, "rb": K, "jt": M, "tr": M, "w": K * 10,
    "百": Decimal(100), "千": K, "万": K * 10, "萬": K * 10, "十万": K * 100, "百万": M, "百萬": M, "千万": M * 10,
    "千萬": M * 10, "亿": M * 100, "億": M * 100, "พัน": K, "หมื่น": K * 10, "แสน": K * 100, "ล้าน": M,
    "thousand": K, "million": M, "billion": B,
}  # fmt: skip

# Number words of other scripts and minus signs become ASCII before anything else is looked at.
_TRANSLATE = str.maketrans({"−": "-", "٫": ".", "٬": ",", "٪": "%", "\u200b": None, "\u200e": None, "\u200f": None,
                            "\ufeff": None, "’": "'"})  # fmt: skip
_SUFFIX = "|".join(sorted(map(re.escape, SUFFIXES), key=len, reverse=True))
_SINGLE = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<pre>{SIGN_PATTERN})?\s*(?P<minus>-?)(?P<num>(?:\d[\d.,' ]*|\.\d+))"
    rf"(?P<suffix>{_SUFFIX})?\s*(?P<percent>%)?\s*(?P<post>{SIGN_PATTERN})?\s*(?:[人个個件次条場场位]|/5)?\s*(?P<open>\+)?"
)
_RANGE = re.compile(r"(?<=[^\s(])\s*(?:-|–|—|~|～|〜|至|到|\bto\b)\s*(?=[^\s-])")
_EXPONENT = re.compile(r"[-+]?\d(?:[.,]\d+)?e[-+]?\d{1,3}")
_INFINITE = re.compile(r"[-+]?(?:inf|infinity|nan|∞|1\.#inf|1\.#ind)")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<g>[,.' ])\d{3})(?:(?P=g)\d{3})*")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")


def parse_number(
    text: str,
    *,
    kind: Kind,
    decimal: Mark = "auto",
    currency: str | None = None,
    scale: RateScale = "percent",
    signed: bool = False,
) -> Parsed:
    """Read one cell; never raises.

    `decimal` is the column's decimal mark (guess_decimal_mark), `scale` how a rate without % is written
    (guess_rate_scale), `currency` the column's, `signed` allows values below 0 (growth).
    """
    if text.isascii() and text.isdigit() and kind != "rate" and len(text) <= 15:
        return Parsed(Decimal(text), currency=currency if kind == "money" else None)
    plain = plain_text(text)
    nothing = _no_number(plain)
    if nothing is not None:
        return nothing
    parsed = _parse_bound(plain, kind, decimal, currency, scale)
    if parsed.problem == "number_unreadable":
        parsed = _parse_interval(plain, kind, decimal, currency, scale)
    if parsed.value is None:
        return parsed
    if parsed.value < 0 and not signed:
        return Parsed(problem="number_negative")
    if max(abs(parsed.value), parsed.high or 0) >= LIMIT:
        return Parsed(problem="number_too_large")
    return parsed


def plain_text(text: str) -> str:
    """The text in compatibility form, lower case, ASCII digits, without invisible characters and outer blanks."""
    if text.isascii():
        return text.strip().lower()
    text = unicodedata.normalize("NFKC", text).translate(_TRANSLATE)
    digits = "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdecimal() else c for c in text)
    return digits.strip().lower()


def _no_number(plain: str) -> Parsed | None:
    if plain in MISSING_WORDS:
        return Parsed()
    if plain in LOCKED_WORDS:
        return Parsed(notice="value_locked")
    if _INFINITE.fullmatch(plain):
        return Parsed(problem="number_infinite")
    if plain.startswith("#") and plain.endswith(("!", "?")):
        return Parsed(problem="number_formula_error")
    if _EXPONENT.fullmatch(plain):
        return Parsed(problem="number_lost_digits")
    return None


def _parse_bound(plain: str, kind: Kind, decimal: Mark, currency: str | None, scale: RateScale) -> Parsed:
    """One number with its sign, currency, suffix and percent; "<100" is the range 0–100, ">100" and "100+" open."""
    below, above = plain.startswith(("<", "≤")), plain.startswith((">", "≥"))
    plain = plain.lstrip("<>≤≥=").strip() if below or above else plain
    accounting = plain.startswith("(") and plain.endswith(")")
    match = _SINGLE.fullmatch(plain[1:-1].strip() if accounting else plain)
    if match is None:
        return Parsed(problem="number_unreadable")
    sign = match["pre"] or match["post"]
    misfit = _misfit(kind, sign, match["percent"])
    if misfit:
        return Parsed(problem=misfit)
    if kind == "money":
        currency = resolve(sign, currency) if sign else currency
    else:
        currency = None
    number = read_marks(
        match["num"].strip(), kind=kind, decimal=decimal, currency=currency, short=bool(match["suffix"])
    )
    if number is None:
        return Parsed(problem="number_marks")
    number *= SUFFIXES.get(match["suffix"] or "", Decimal(1))
    if kind == "rate":
        number *= SCALES["percent" if match["percent"] else scale]
    if accounting or match["sign"] == "-" or match["minus"]:
        number = -number
    if below:
        return Parsed(Decimal(0), high=number, currency=currency)
    return Parsed(number, open=above or bool(match["open"]), currency=currency)


def _misfit(kind: Kind, sign: str | None, percent: str | None) -> str | None:
    if sign and kind != "money":
        return "currency_unexpected"
    if percent and kind != "rate":
        return "percent_unexpected"
    return None


def read_marks(num: str, *, kind: Kind, decimal: Mark, currency: str | None, short: bool) -> Decimal | None:
    """The digits with thousands and decimal marks as a Decimal; None when the marks contradict `decimal` or each other.

    With `decimal="auto"` the last of two different marks is the decimal one; a mark that repeats groups; a single
    comma before exactly three digits groups; a single dot before three digits groups in whole counts and in
    currencies without decimals, and is a decimal point elsewhere, after a zero and before a suffix (`short`).
    """
    if num.isdigit():
        return Decimal(num)
    if currency in WHOLE:
        decimal = "auto"  # 110.000₫ and 1.5M₫ stand in one column: each value tells by itself
    mark = {"point": ".", "comma": ","}.get(decimal) or _decimal_of(num, kind, currency, short)
    head, found, tail = num.rpartition(mark) if mark else (num, "", "")
    if not found:
        head, tail = num, ""
    if (tail and not tail.isdigit()) or (found and not tail):
        return None
    if head and not head.isdigit():
        if not (_GROUPED.fullmatch(head) or _LAKHS.fullmatch(head)) or (mark and mark in head):
            return None
        head = re.sub(r"[,.' ]", "", head)
    return Decimal(f"{head or '0'}.{tail}" if tail else head)


def _decimal_of(num: str, kind: Kind, currency: str | None, short: bool) -> str:
    dots, commas = num.count("."), num.count(",")
    if dots and commas:
        last = "." if num.rfind(".") > num.rfind(",") else ","
        return last if num.count(last) == 1 else ""
    if dots + commas != 1:
        return ""
    mark = "." if dots else ","
    head, tail = num.split(mark)
    if len(tail) != 3 or not head or head.strip("0") == "" or len(head) > 3:
        return mark
    if mark == ",":
        return ""
    whole = (kind == "count" and not short) or (currency in WHOLE and not short)
    return "" if whole else mark


def _parse_interval(plain: str, kind: Kind, decimal: Mark, currency: str | None, scale: RateScale) -> Parsed:
    """Ranges: "10K–50K", "$0.00 - $5.00"; in "10-50万" the suffix, % and currency of the end serve both."""
    parts = _RANGE.split(plain)
    if len(parts) != 2:
        return Parsed(problem="number_unreadable")
    low = _parse_bound(parts[0], kind, decimal, currency, scale)
    high = _parse_bound(parts[1], kind, decimal, currency, scale)
    tail = re.search(rf"(?:{_SUFFIX})?\s*%?$", parts[1])
    if tail and tail[0] and parts[0][-1:].isdigit():
        shared = _parse_bound(parts[0] + tail[0], kind, decimal, currency, scale)
        if shared.value is not None and high.value is not None and shared.value <= high.value:
            low = shared
    problem = low.problem or high.problem
    if problem or low.value is None or high.value is None:
        return Parsed(problem=problem or "number_unreadable")
    if low.value > high.value:
        return Parsed(problem="range_reversed")
    signs = {low.currency, high.currency} - {currency}
    return Parsed(low.value, high=high.value, open=high.open, currency=signs.pop() if len(signs) == 1 else low.currency)


def guess_rate_scale(sample: Iterable[str]) -> RateScale:
    """How the plain numbers of a rate column are written, from the values alone and the same at every run.

    Any % sign: plain numbers beside it are percents too. Otherwise the largest value decides: up to 1 fractions
    (0.13), whole numbers of which one is over 100 hundredths of a percent (239 = 2.39 %), all else percents.
    """
    texts = [plain_text(text) for text in sample]
    if any("%" in text for text in texts):
        return "percent"
    parsed = (parse_number(text, kind="score", signed=True) for text in texts)
    values = [abs(p.high or p.value) for p in parsed if p.value is not None]
    if not values or max(values) <= 1:
        return "fraction"
    if max(values) > 100 and all(value == value.to_integral_value() for value in values):
        return "hundredths"
    return "percent"


def guess_decimal_mark(sample: Iterable[str], currency: str | None = None) -> Mark:
    """The decimal mark of a column: that of its unambiguous values; "auto" when they disagree or none is clear."""
    if currency in WHOLE:
        return "auto"
    found: set[Mark] = set()
    for text in sample:
        for num in re.findall(r"\d[\d.,]*", plain_text(text)):
            num = num.rstrip(".,")
            clear = _clear_mark(num)
            if clear:
                found.add(clear)
    return found.pop() if len(found) == 1 else "auto"


def _clear_mark(num: str) -> Mark | None:
    dots, commas = num.count("."), num.count(",")
    if dots and commas:
        return "point" if num.rfind(".") > num.rfind(",") else "comma"
    if dots > 1 or commas > 1:
        return "comma" if dots else "point"
    if dots + commas == 1:
        mark = "." if dots else ","
        head, tail = num.split(mark)
        if len(tail) != 3 or head.strip("0") == "" or len(head) > 3:
            return "point" if mark == "." else "comma"
    return None

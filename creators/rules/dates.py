"""Dates as sellers' files write them, and the day that a file's name gives away."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from creators.rules.numbers import plain_text

FIRST_YEAR, LAST_YEAR = 2016, 2100  # TikTok began in 2016
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet serial numbers
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_TIME = r"(?:[t\s]+\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+([a-z]{{3,9}})\.?,?[\s-]+(\d{{4}}){_TIME}")
_MONTH_NAMED = re.compile(rf"([a-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MISSING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "无", "暂无", "未知"})


def parse_date(text: str, *, day_first: bool = False) -> tuple[date | None, str | None]:
    """(date, None), (None, None) for an empty cell, or (None, a code of PROBLEMS); never raises.

    Understands 2024-08-27, 2024/8/27, 20240827, 2024年8月27日, 27 Aug 2024, Aug 27, 2024, 09/26/2024, 26.09.2024,
    spreadsheet serial numbers and a time behind any of them. `day_first` decides 09/08/2024 (guess_day_first);
    a part above 12 decides by itself, and dots always put the day first.
    """
    plain = plain_text(text)
    if plain in _MISSING:
        return None, None
    parts = _parts(plain, day_first)
    if parts is None:
        return None, "date_unreadable"
    try:
        found = date(*parts)
    except ValueError:
        return None, "date_unreadable"
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None, "date_out_of_range"
    return found, None


def _parts(plain: str, day_first: bool) -> tuple[int, int, int] | None:
    match = _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _YEAR_LAST.fullmatch(plain)
    if match:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12 or ((day_first or match[2] == ".") and second <= 12):
            first, second = second, first
        return year, first, second
    match = _DAY_NAMED.fullmatch(plain)
    if match:
        return int(match[3]), _MONTHS.get(match[2][:3], 0), int(match[1])
    match = _MONTH_NAMED.fullmatch(plain)
    if match:
        return int(match[3]), _MONTHS.get(match[1][:3], 0), int(match[2])
    if _SERIAL.fullmatch(plain):
        serial = _EPOCH + timedelta(days=int(plain.split(".")[0]))
        return serial.year, serial.month, serial.day
    return None


def guess_day_first(sample: Iterable[str]) -> bool:
    """Whether 09/08/2024 means 9 August: some first part is above 12 and no second part is."""
    parts = [(int(m[1]), int(m[3])) for m in map(_YEAR_LAST.fullmatch, map(plain_text, sample)) if m]
    return any(first > 12 for first, _ in parts) and not any(second > 12 for _, second in parts)


# 20241126, with a clock time behind it or not; 2024-11-26 and 2024年11月26日; 26-11-2024.
_NAME_DAYS = (
    re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?=(?:\d{4}|\d{6})?(?!\d))"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})[-_./ 年](?P<m>\d{1,2})[-_./ 月](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-_.](?P<m>\d{1,2})[-_.](?P<y>20\d{2})(?!\d)"),
)
_NAME_MONTH = re.compile(r"(?<!\d)(?P<y>20\d{2})(?:(?P<m>\d{2})|[-_./ 年](?P<n>\d{1,2}))(?![-_./月]?\d)")


def guess_as_of(file_name: str, today: date) -> date | None:
    """The day of a file's figures from its name, never after `today`: "export_20241126.csv", "2024年11月26日".

    A month alone ("creators 2024-11") means its last day, or today in the running month. None when the name does
    not say, or says a day that has not come or lies before 2016.
    """
    for pattern in _NAME_DAYS:
        for match in pattern.finditer(file_name):
            try:
                found = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if found.year >= FIRST_YEAR and found <= today:
                return found
    for match in _NAME_MONTH.finditer(file_name):
        year, month = int(match["y"]), int(match["m"] or match["n"])
        if 1 <= month <= 12 and year >= FIRST_YEAR and (year, month) <= (today.year, today.month):
            return min(date(year, month, calendar.monthrange(year, month)[1]), today)
    return None

"""Texts and days of targeted plans: the invitation with its variables, the last day in the market."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaigns.rules.variables import filled, variables_in
from core.ui import MONTHS
from creators.rules.handles import MAX_HANDLE

MESSAGE_MAX = 500
# What an invitation may name; templates of outreach know more.
INVITATION_VARIABLES = ("creator", "shop", "products", "commission", "ends_on")
LONGEST_CREATOR = "@" + "w" * MAX_HANDLE
TITLES, TITLE_MAX = 3, 60


def unknown_names(message: str) -> list[str]:
    """Names in braces that an invitation does not know."""
    return [name for name in variables_in(message) if name not in INVITATION_VARIABLES]


def longest_length(message: str, values: Mapping[str, str]) -> int:
    """Characters of the invitation for the creator with the longest handle; `values` are those of the plan."""
    return len(filled(message, {**values, "creator": LONGEST_CREATOR}))


def products_text(titles: Sequence[str]) -> str:
    """Titles as an invitation names them, in any language: the first three, cut, and how many more: "A, B, C +4"."""
    shown = ", ".join(title if len(title) <= TITLE_MAX else f"{title[: TITLE_MAX - 1]}…" for title in titles[:TITLES])
    return f"{shown} +{len(titles) - TITLES}" if len(titles) > TITLES else shown


def rates_text(rates: Sequence[Decimal]) -> str:
    """15% or 10–18%; empty without a rate."""
    if not rates:
        return ""
    low, high = (rate_text(one) for one in (min(rates), max(rates)))
    return f"{high}%" if low == high else f"{low}–{high}%"


def rate_text(rate: Decimal) -> str:
    """A percentage without the zeros of the column's scale: 12.50 is 12.5."""
    return f"{rate.normalize():f}"


def day_text(day: date, language: str) -> str:
    """A day that cannot be misread, in words where the text is English."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if language in {"", "en"} else day.isoformat()


def today_in(time_zone: str, at: datetime) -> date:
    """The day in the market."""
    return at.astimezone(ZoneInfo(time_zone)).date()

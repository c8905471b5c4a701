"""Who stopped selling: sales of the last 7 days against the 14 days before them. Source: the issue, "My day"."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

RECENT_DAYS, BEFORE_DAYS = 7, 14
FALL = Decimal("0.5")
# Days with results that a window needs: numbers that nobody brought in are not a fall.
RECENT_KNOWN, BEFORE_KNOWN = 3, 7
# Clicks that a window needs before its conversion means something.
CLICKS_KNOWN = 50


@dataclass(frozen=True)
class Window:
    """Sums of a collaboration over the days of a window; `days` are those with results."""

    days: int
    gmv: Decimal
    orders: int
    clicks: int

    @property
    def gmv_a_day(self) -> Decimal:
        return self.gmv / self.days if self.days else Decimal(0)

    @property
    def conversion(self) -> Decimal:
        return Decimal(self.orders) / self.clicks if self.clicks else Decimal(0)


@dataclass(frozen=True)
class Fall:
    """What fell by half or more: values a day, or orders a click, before and now."""

    what: Literal["gmv", "conversion"]
    before: Decimal
    now: Decimal

    @property
    def share(self) -> Decimal:
        """How much is gone, from 0.5 to 1."""
        return 1 - self.now / self.before


def falls(recent: Window, before: Window) -> Sequence[Fall]:
    """What of GMV a day and conversion fell to half or less; nothing where too few days or clicks are known."""
    if recent.days < RECENT_KNOWN or before.days < BEFORE_KNOWN:
        return []
    found = []
    if before.gmv > 0 and recent.gmv_a_day <= before.gmv_a_day * FALL:
        found.append(Fall("gmv", before.gmv_a_day, recent.gmv_a_day))
    has_clicks = recent.clicks >= CLICKS_KNOWN and before.clicks >= CLICKS_KNOWN
    if has_clicks and before.orders and recent.conversion <= before.conversion * FALL:
        found.append(Fall("conversion", before.conversion, recent.conversion))
    return found

"""Whether something is ahead of its plan or behind it. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Standing = Literal["none", "ahead", "on", "behind"]
# Ours: up to 5 % of what was planned is no difference, nor is less than one piece.
CLOSE = Decimal("0.05")
LEVELS: dict[Standing, str] = {"none": "", "ahead": "up", "on": "", "behind": "late"}


@dataclass(frozen=True)
class Pace:
    """How far the actual is from what was planned by now; `difference` is signed."""

    standing: Standing
    planned: Decimal
    actual: Decimal

    @property
    def difference(self) -> Decimal:
        return self.actual - self.planned

    @property
    def gap(self) -> Decimal:
        """The difference without its sign."""
        return abs(self.difference)

    @property
    def css(self) -> str:
        return LEVELS[self.standing]


def pace_of(planned: Decimal | None, actual: Decimal) -> Pace:
    """Compare; None or nothing planned is no plan, and nobody is ahead of that."""
    if not planned:
        return Pace("none", Decimal(0), actual)
    gap = actual - planned
    if abs(gap) <= planned * CLOSE or abs(gap) < 1:
        return Pace("on", planned, actual)
    return Pace("ahead" if gap > 0 else "behind", planned, actual)


def share_passed(starts_on: date, ends_on: date, today: date) -> Decimal:
    """The part of a stretch of days that lies behind, today included: 0 before it, 1 after it."""
    days = (ends_on - starts_on).days + 1
    passed = min(max((today - starts_on).days + 1, 0), days)
    return Decimal(passed) / Decimal(days)

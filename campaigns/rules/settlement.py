"""What is owed month by month, and which lines bring the books to it. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from campaigns.rules.money import ZERO


@dataclass(frozen=True)
class Held:
    """A line that there is: fixed ones (approved, paid, disputed, on a statement, waived) keep their amount."""

    key: int
    month: date
    amount: Decimal
    is_open: bool
    adjusts: int | None = None


@dataclass(frozen=True)
class Step:
    """make a line of a month, change or drop the line `key`, or correct the fixed line `key` by a line of its own."""

    act: Literal["make", "change", "drop", "correct"]
    amount: Decimal = ZERO
    month: date | None = None
    key: int = 0


def increments(so_far: Mapping[date, Decimal]) -> dict[date, Decimal]:
    """What each month adds to what is owed in all, from what is owed to the end of each month."""
    added, before = {}, ZERO
    for month in sorted(so_far):
        added[month] = so_far[month] - before
        before = so_far[month]
    return added


def steps_to(owed: Mapping[date, Decimal], held: Sequence[Held]) -> list[Step]:
    """The steps after which the lines of every month add up to what is owed for it.

    An open line takes the new amount. A fixed one stays, and one line of its own corrects it: less is owed after a
    refund, more after orders that were reported late. Nothing owed and nothing fixed: the open line goes.
    """
    steps: list[Step] = []
    for month in sorted({*owed, *(line.month for line in held if line.adjusts is None)}):
        first = [line for line in held if line.adjusts is None and line.month == month]
        keys = {line.key for line in first}
        corrections = [line for line in held if line.adjusts in keys]
        fixed = [line for line in first if not line.is_open]
        settled = sum((line.amount for line in (*first, *corrections) if not line.is_open), ZERO)
        left = owed.get(month, ZERO) - settled
        open_first = [line for line in first if line.is_open]
        open_corrections = [line for line in corrections if line.is_open]
        taking = open_corrections if fixed else open_first
        steps += [Step("drop", key=line.key) for line in (open_first if fixed else open_corrections)]
        steps += [Step("drop", key=line.key) for line in taking[1:]]
        if taking:
            line = taking[0]
            if left == 0:
                steps.append(Step("drop", key=line.key))
            elif left != line.amount:
                steps.append(Step("change", left, month, line.key))
        elif left != 0:
            steps.append(Step("correct", left, month, fixed[0].key) if fixed else Step("make", left, month))
    return steps


@dataclass(frozen=True)
class RateChange:
    """A commission that changed at `at`, and from `takes_effect_at` for who showed the product already."""

    from_rate: Decimal
    to_rate: Decimal
    at: datetime
    takes_effect_at: datetime


def rate_at(
    current: Decimal, changes: Sequence[RateChange], *, ordered_at: datetime, accepted_at: datetime | None
) -> Decimal:
    """The commission of a product of a plan that held for an order of a creator; changes are in their order."""
    rate = changes[0].from_rate if changes else current
    for change in changes:
        joined_later = accepted_at is not None and accepted_at >= change.at
        if ordered_at >= (change.at if joined_later else change.takes_effect_at):
            rate = change.to_rate
    return rate

"""Goals of stages spread over weeks, beside what happened. Pure; weeks begin on Monday."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate

WEEK = timedelta(days=7)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Goal:
    """What a stretch of days, both ends included, is to reach."""

    starts_on: date
    ends_on: date
    amount: Decimal | int

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Week:
    """A week of one measure. `planned` is None where no stage has a goal; `actual` is None in weeks to come."""

    monday: date
    planned: Decimal | None
    planned_sum: Decimal | None
    actual: Decimal | None
    actual_sum: Decimal | None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of all weeks that hold a day from `first` to `last`."""
    start, end = monday_of(first), monday_of(last)
    return [start + WEEK * number for number in range((end - start).days // 7 + 1)]


def planned_until(goals: Iterable[Goal], day: date) -> Fraction:
    """What is to be reached by the end of a day: each goal grows evenly over its days."""
    total = Fraction(0)
    for goal in goals:
        passed = min(max((day - goal.starts_on).days + 1, 0), goal.days)
        total += Fraction(goal.amount) * passed / goal.days
    return total


def weeks_of(
    weeks: Sequence[date], *, goals: Sequence[Goal], actual: Mapping[date, Decimal | int], today: date
) -> list[Week]:
    """Planned and actual of each week and up to its end; `actual` is by day.

    The sums of the planned column end at the whole of the goals, to the cent: a week is the difference of two sums.
    """
    sums = [_cents(planned_until(goals, monday + WEEK - timedelta(days=1))) for monday in weeks]
    by_week: dict[date, Decimal] = {}
    for day, amount in actual.items():
        by_week[monday_of(day)] = by_week.get(monday_of(day), Decimal(0)) + Decimal(amount)
    reached = list(accumulate(by_week.get(monday, Decimal(0)) for monday in weeks))
    found, before = [], Decimal(0)
    for place, monday in enumerate(weeks):
        is_past = monday <= today
        found.append(
            Week(
                monday,
                sums[place] - before if goals else None,
                sums[place] if goals else None,
                by_week.get(monday, Decimal(0)) if is_past else None,
                reached[place] if is_past else None,
            )
        )
        before = sums[place]
    return found


def thirds(first: date) -> list[tuple[date, date]]:
    """Three stretches of 30 days from a day on: the usual 90-day map."""
    starts = [first + timedelta(days=30 * number) for number in range(3)]
    return [(start, start + timedelta(days=29)) for start in starts]


def _cents(amount: Fraction) -> Decimal:
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(CENT, ROUND_HALF_UP)

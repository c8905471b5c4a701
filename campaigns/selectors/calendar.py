"""Due dates by day of a month."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone

from campaigns.filters.collaborations import CollaborationFilter
from campaigns.models import Collaboration
from campaigns.rules.next_step import Step
from campaigns.selectors.steps import CSS, parts_of, step_of, step_text
from campaigns.states.collaborations import ACTIVE
from core.states import Look

# Entries of a day that are shown; the rest is a number that leads to the list.
SHOWN = 4
# More than this in a month are counted only by the day.
MOST = 2_000


@dataclass(frozen=True)
class Due:
    """A collaboration on the day when its next step is due."""

    collaboration: Collaboration
    look: Look
    text: str
    css: str


@dataclass(frozen=True)
class CalendarDay:
    """A day of the grid; `is_other` belongs to the month before or after."""

    day: date
    is_other: bool
    is_today: bool
    dues: list[Due]
    hidden: int

    @property
    def number(self) -> int:
        return len(self.dues) + self.hidden


@dataclass(frozen=True)
class Month:
    """A month in whole weeks from Monday."""

    first: date
    weeks: list[list[CalendarDay]]
    previous: date
    next: date
    zone: str
    total: int


def month_of(collaborations: CollaborationFilter, *, first: date, zone: tzinfo) -> Month:
    """The dues of the weeks that the month touches, by day in the time zone."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    begins, ends = _midnight(weeks[0][0], zone), _midnight(weeks[-1][-1] + timedelta(days=1), zone)
    found = collaborations.but_state().filter(state__in=ACTIVE, due_at__gte=begins, due_at__lt=ends)
    rows = list(found.select_related("creator", "plan").order_by("due_at", "pk")[:MOST])
    by_day: dict[date, list[Collaboration]] = {}
    for one in rows:
        if one.due_at is not None:
            by_day.setdefault(timezone.localtime(one.due_at, zone).date(), []).append(one)
    shown = [one for some in by_day.values() for one in some[:SHOWN]]
    dues = _dues(shown, collaborations.at)
    today = timezone.localtime(collaborations.at, zone).date()
    return Month(
        first,
        [[_day(day, first, today, by_day.get(day, []), dues) for day in week] for week in weeks],
        (first - timedelta(days=1)).replace(day=1),
        (first + timedelta(days=31)).replace(day=1),
        str(zone),
        sum(first <= day < (first + timedelta(days=31)).replace(day=1) for day in by_day for _one in by_day[day]),
    )


def _dues(shown: list[Collaboration], at: datetime) -> dict[int, Due]:
    parts = parts_of(shown)
    found = {}
    for one in shown:
        step: Step = step_of(one, parts[one.pk], at=at)
        text = step_text(one, step, parts[one.pk], at=at)
        found[one.pk] = Due(one, one.look, text, CSS[step.urgency])
    return found


def _day(day: date, first: date, today: date, mine: list[Collaboration], dues: dict[int, Due]) -> CalendarDay:
    shown = [dues[one.pk] for one in mine[:SHOWN]]
    return CalendarDay(day, day.month != first.month, day == today, shown, len(mine) - len(shown))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)

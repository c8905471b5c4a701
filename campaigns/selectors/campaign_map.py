"""A campaign's map: its stages, and planned against actual by week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, CampaignStage
from campaigns.rules.map_plot import MapPlot, map_plot
from campaigns.rules.pace import Pace, pace_of
from campaigns.rules.weeks import WEEK, Goal, Week, mondays, planned_until, weeks_of
from campaigns.selectors.campaign_days import days_of

MEASURES: tuple[tuple[str, str | Promise, str], ...] = (
    ("invited", _("Creators invited"), "goal_invited"),
    ("contents", _("Contents published"), "goal_contents"),
    ("gmv_net", _("GMV net"), "goal_gmv"),
)


@dataclass(frozen=True)
class Measure:
    """A measure of the map: up to today against what was planned until then, and the whole goal."""

    key: str
    label: str | Promise
    goal: Decimal | None
    pace: Pace
    weeks: list[Week]
    # At the end of each week, of this one until today; by place of the week.
    paces: list[Pace]
    plot: MapPlot

    @property
    def is_money(self) -> bool:
        return self.key == "gmv_net"

    @property
    def percent(self) -> Decimal | None:
        """What is reached of the goal, for the meter."""
        return max(Decimal(0), min(self.pace.actual / self.goal * 100, Decimal(100))) if self.goal else None

    @property
    def mark(self) -> Decimal | None:
        """What should be reached by today, of the goal."""
        return min(self.pace.planned / self.goal * 100, Decimal(100)) if self.goal else None


@dataclass(frozen=True)
class Cell:
    """A measure in a week."""

    week: Week
    pace: Pace
    is_money: bool


@dataclass(frozen=True)
class MapWeek:
    """A row of the map. `is_outside`: the week lies before or behind the campaign."""

    monday: date
    sunday: date
    stages: list[CampaignStage]
    cells: list[Cell]
    is_now: bool
    is_ahead: bool
    is_outside: bool


@dataclass(frozen=True)
class CampaignMap:
    stages: list[CampaignStage]
    measures: list[Measure]
    weeks: list[MapWeek]


def map_of(campaign: Campaign, *, today: date) -> CampaignMap:
    """The map as of a day in the shop's time; what happened outside the campaign's days has its weeks too."""
    stages = list(campaign.stages.all())
    days = days_of(campaign)
    seen = days.all
    first = min([campaign.starts_on, *seen[:1]])
    last = max([campaign.ends_on, *seen[-1:]])
    weeks = mondays(first, last)
    measures = [
        _measure(key, label, [(one, getattr(one, field)) for one in stages], getattr(days, key), weeks, today)
        for key, label, field in MEASURES
    ]
    return CampaignMap(stages, measures, _rows(campaign, stages, measures, weeks, today))


def _measure(
    key: str,
    label: str | Promise,
    goals: Sequence[tuple[CampaignStage, Decimal | int | None]],
    actual: Mapping[date, Decimal | int],
    weeks: Sequence[date],
    today: date,
) -> Measure:
    known = [Goal(stage.starts_on, stage.ends_on, amount) for stage, amount in goals if amount is not None]
    found = weeks_of(weeks, goals=known, actual=actual, today=today)
    paces = [_pace(known, week, today) for week in found]
    total = sum((Decimal(one) for one in actual.values()), Decimal(0))
    goal = sum((Decimal(one.amount) for one in known), Decimal(0)) if known else None
    plot = map_plot([week.planned_sum for week in found], [week.actual_sum for week in found])
    return Measure(key, label, goal, pace_of(_due(known, today), total), found, paces, plot)


def _pace(goals: Sequence[Goal], week: Week, today: date) -> Pace:
    """Up to the end of the week, or until today in this one; weeks to come have none."""
    if week.actual_sum is None:
        return pace_of(None, Decimal(0))
    return pace_of(_due(goals, min(week.monday + WEEK - timedelta(days=1), today)), week.actual_sum)


def _due(goals: Sequence[Goal], day: date) -> Decimal | None:
    if not goals:
        return None
    due = planned_until(goals, day)
    return Decimal(due.numerator) / Decimal(due.denominator)


def _rows(
    campaign: Campaign,
    stages: Sequence[CampaignStage],
    measures: Sequence[Measure],
    weeks: Sequence[date],
    today: date,
) -> list[MapWeek]:
    rows = []
    for place, monday in enumerate(weeks):
        sunday = monday + WEEK - timedelta(days=1)
        rows.append(
            MapWeek(
                monday,
                sunday,
                [one for one in stages if one.starts_on <= sunday and one.ends_on >= monday],
                [Cell(one.weeks[place], one.paces[place], one.is_money) for one in measures],
                is_now=monday <= today <= sunday,
                is_ahead=monday > today,
                is_outside=sunday < campaign.starts_on or monday > campaign.ends_on,
            )
        )
    return rows

"""Targeted plans as lists and pages show them: seats, days, money, pace, tabs by stage."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from campaigns.models import SEATS, Collaboration, PlanProduct, TargetedPlan
from campaigns.rules.commissions import LOW
from campaigns.rules.pace import Pace, pace_of, share_passed
from campaigns.rules.plans import today_in
from campaigns.selectors.collaborations import RowGroup, groups_of, rows_of, shown
from campaigns.selectors.money import Totals, totals, totals_sum
from campaigns.states.collaborations import ACTIVE, COLLABORATION_LOOKS, RELEASED, STAGES, CollaborationState
from core.states import Look

S = CollaborationState
WAITING = frozenset({S.SEATED, S.INVITED})
# A plan that ends within them is marked.
SOON_DAYS = 7
RELATED = ("shop", "market", "campaign", "owner")


@dataclass(frozen=True)
class PlanRow:
    """A plan of a list. `money` is in the plan's currency, `days_left` negative once it is over."""

    plan: TargetedPlan
    seats: int
    late: int
    days_left: int
    money: Totals

    @property
    def seats_percent(self) -> float:
        return self.seats / SEATS * 100

    @property
    def budget_percent(self) -> float | None:
        return percent_of(self.money.cost, self.plan.budget)

    @property
    def is_over_budget(self) -> bool:
        return self.plan.budget is not None and self.money.cost > self.plan.budget

    @property
    def ends_css(self) -> str:
        """Red when a running plan is over its last day, amber when it soon will be."""
        if self.plan.state != "running" or self.days_left > SOON_DAYS:
            return ""
        return "late" if self.days_left < 0 else "soon"


@dataclass(frozen=True)
class SeatMark:
    """A square of the seats: `css` is in (confirmed), wait or empty; `late` has a red dot."""

    slot: int
    css: str = ""
    is_late: bool = False
    label: str = ""


@dataclass(frozen=True)
class StageTab:
    """A stage that has collaborations: how many, and how many of them are late."""

    stage: str
    look: Look
    count: int
    late: int


@dataclass(frozen=True)
class PlanBoard:
    """The page of a plan: its row, the seats, the tabs, the groups of the chosen stage, and where GMV stands."""

    row: PlanRow
    marks: list[SeatMark]
    confirmed: int
    waiting: int
    tabs: list[StageTab]
    groups: list[RowGroup]
    pace: Pace

    @property
    def total(self) -> int:
        return sum(tab.count for tab in self.tabs)

    @property
    def budget_left(self) -> Decimal | None:
        return None if self.row.plan.budget is None else self.row.plan.budget - self.row.money.cost

    @property
    def budget_over(self) -> Decimal | None:
        return None if self.budget_left is None else -self.budget_left

    @property
    def gmv_percent(self) -> float | None:
        return percent_of(self.row.money.gmv_net or Decimal(0), self.row.plan.expected_gmv)

    @property
    def pace_percent(self) -> float | None:
        """Where GMV would be by now on a straight way to what is expected."""
        return percent_of(self.pace.planned, self.row.plan.expected_gmv)


@dataclass(frozen=True)
class ProductRow:
    """A product of a plan with its commission; `is_low` is below 10 %."""

    line: PlanProduct
    is_low: bool


def percent_of(part: Decimal, whole: Decimal | None) -> float | None:
    """0 to 100 for a meter; None without a whole."""
    return max(0.0, min(100.0, float(part / whole * 100))) if whole else None


def plan_rows(plans: Iterable[TargetedPlan], *, at: datetime) -> list[PlanRow]:
    """Rows of the plans, read with `RELATED`, in their order; the number of queries does not grow with them."""
    found = list(plans)
    states: dict[int, list[Any]] = defaultdict(list)
    for one in _states(found):
        states[one[1]].append(one)
    money = totals([pk for rows in states.values() for pk, *_ in rows])
    return [_row(plan, states[plan.pk], money, at) for plan in found]


def board_of(plan: TargetedPlan, user: User, *, at: datetime, stage: str = "") -> PlanBoard:
    """The page of a plan, read with `RELATED`; `stage` narrows the rows."""
    row = plan_rows([plan], at=at)[0]
    collaborations = shown(plan.collaborations.order_by("state_at", "pk").select_related("seat"))
    chosen = collaborations.filter(state=stage) if stage else collaborations
    marks = _marks(plan, at)
    return PlanBoard(
        row=row,
        marks=marks,
        confirmed=sum(mark.css == "in" for mark in marks),
        waiting=sum(mark.css == "wait" for mark in marks),
        tabs=_tabs(plan, at),
        groups=_sorted_groups(rows_of(chosen, user, at)),
        pace=_pace(plan, row.money, at),
    )


def product_rows(plan: TargetedPlan) -> list[ProductRow]:
    """The products of a plan in the order of their slots."""
    lines = plan.plan_products.filter(removed_at__isnull=True).select_related("product")
    return [ProductRow(line, line.commission_rate < LOW) for line in lines]


def related(plans: QuerySet[TargetedPlan]) -> QuerySet[TargetedPlan]:
    """With all that a row reads, in the same query."""
    return plans.select_related(*RELATED)


def _states(plans: Sequence[TargetedPlan]) -> list[tuple[int, int, str, datetime | None]]:
    found = Collaboration.objects.filter(plan__in=plans).order_by()
    return list(found.values_list("pk", "plan", "state", "due_at"))


def _row(plan: TargetedPlan, states: Sequence[Any], money: dict[int, Totals], at: datetime) -> PlanRow:
    sums = totals_sum(money[pk] for pk, *_ in states if pk in money)
    return PlanRow(
        plan=plan,
        seats=sum(state not in RELEASED for _pk, _plan, state, _due in states),
        late=sum(_is_late(state, due, at) for _pk, _plan, state, due in states),
        days_left=(plan.ends_on - today_in(plan.market.time_zone, at)).days,
        money=sums.get(plan.currency, Totals(plan.currency)),
    )


def _is_late(state: str, due_at: datetime | None, at: datetime) -> bool:
    return state in ACTIVE and due_at is not None and due_at <= at


def _marks(plan: TargetedPlan, at: datetime) -> list[SeatMark]:
    """The thirty seats: confirmed first, then waiting, then the free ones, so that the squares read as a bar."""
    taken = plan.collaborations.exclude(state__in=RELEASED).select_related("creator", "seat")
    marks = [
        SeatMark(
            one.seat.slot,
            "wait" if (one.held_state or one.state) in WAITING else "in",
            _is_late(one.state, one.due_at, at),
            f"@{one.creator.handle}: {one.look.label}",
        )
        for one in taken
    ]
    marks.sort(key=lambda mark: (mark.css == "wait", mark.slot))
    return [*marks, *(SeatMark(0) for _ in range(SEATS - len(marks)))]


def _tabs(plan: TargetedPlan, at: datetime) -> list[StageTab]:
    counts, late = Counter[str](), Counter[str]()
    for _pk, _plan, state, due in _states([plan]):
        counts[state] += 1
        late[state] += _is_late(state, due, at)
    return [
        StageTab(state, COLLABORATION_LOOKS[state], counts[state], late[state]) for state in STAGES if counts[state]
    ]


def _sorted_groups(rows: Sequence[Any]) -> list[RowGroup]:
    """Stages with somebody late come first, then the order of the work."""
    late = {row.collaboration.state for row in rows if row.is_overdue}
    return groups_of(rows, first=[state for state in STAGES if state in late])


def _pace(plan: TargetedPlan, money: Totals, at: datetime) -> Pace:
    """GMV against a straight way from the start to what is expected on the last day."""
    if plan.expected_gmv is None or plan.started_at is None:
        return pace_of(None, money.gmv_net or Decimal(0))
    zone = plan.market.time_zone
    starts_on = min(today_in(zone, plan.started_at), plan.ends_on)
    passed = share_passed(starts_on, plan.ends_on, today_in(zone, at))
    return pace_of(plan.expected_gmv * passed, money.gmv_net or Decimal(0))

"""Campaigns with what their plans reached: rows of the list, and the page of one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from campaigns.models import SEATS, Campaign, Collaboration, TargetedPlan
from campaigns.rules.pace import Pace, pace_of, share_passed
from campaigns.rules.weeks import Goal, planned_until
from campaigns.selectors.funnel import Step, funnels_of
from campaigns.selectors.money import Totals, totals, totals_sum
from campaigns.selectors.results import Figures, figures_sum, results_of
from campaigns.states.plans import PLAN_OPEN, PlanState

RELATED = ("shop", "owner")
# Of the plans on the page of their campaign.
PLAN_ORDER: list[str] = [PlanState.RUNNING, PlanState.DRAFT, PlanState.CLOSED, PlanState.ARCHIVED]


@dataclass(frozen=True)
class Money:
    """Totals in one currency, and those in others, which are never added to it."""

    own: Totals
    others: list[Totals] = field(default_factory=list)
    budget: Decimal | None = None

    @property
    def used_percent(self) -> Decimal | None:
        """How much of the budget samples and fees took; None without a budget."""
        return self.own.cost / self.budget * 100 if self.budget else None

    @property
    def meter_percent(self) -> Decimal | None:
        used = self.used_percent
        return None if used is None else min(used, Decimal(100))

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.own.cost


@dataclass(frozen=True)
class CampaignRow:
    """A campaign of the list. Seats are those of plans that take creators."""

    campaign: Campaign
    plans: int
    plans_running: int
    seats_taken: int
    seats: int
    funnel: list[Step]
    money: Money


@dataclass(frozen=True)
class PlanRow:
    """A plan of the campaign's page."""

    plan: TargetedPlan
    seats_taken: int
    money: Money


@dataclass(frozen=True)
class Overview:
    """The page of a campaign. `goal` is the net GMV to reach and where that comes from: stages, plans or neither."""

    row: CampaignRow
    plans: list[PlanRow]
    results: Figures
    contents_published: int
    goal: Decimal | None
    goal_from: str
    pace: Pace
    expected_percent: Decimal | None
    reached_percent: Decimal | None


def campaigns_shown(user: User) -> QuerySet[Campaign]:
    """The campaigns that the user sees, with shop and owner."""
    return Campaign.objects.visible_to(user).select_related(*RELATED)


def rows_of(campaigns: Sequence[Campaign]) -> list[CampaignRow]:
    """The rows of a page of campaigns, in their order; the same number of queries for any."""
    ids = [campaign.pk for campaign in campaigns]
    campaign_of = dict(Collaboration.objects.filter(plan__campaign__in=ids).values_list("pk", "plan__campaign"))
    return _rows(campaigns, _grouped(totals(campaign_of), campaign_of))


def overview_of(campaign: Campaign, *, today: date) -> Overview:
    """The numbers of a campaign as of a day in the shop's time."""
    plan_of = dict(Collaboration.objects.filter(plan__campaign=campaign).values_list("pk", "plan"))
    found = totals(plan_of)
    row = _rows([campaign], {campaign.pk: list(found.values())})[0]
    plans = _plan_rows(campaign, _grouped(found, plan_of))
    results = results_of(plan_of)
    goal, goal_from, due = _goal(campaign, plans, today)
    reached = row.money.own.gmv_net or Decimal(0)
    return Overview(
        row=row,
        plans=plans,
        results=figures_sum([one for one in results.values() if one.currency == campaign.currency]),
        contents_published=sum(one.contents_published for one in results.values()),
        goal=goal,
        goal_from=goal_from,
        pace=pace_of(due, reached),
        expected_percent=min(due / goal * 100, Decimal(100)) if goal and due is not None else None,
        reached_percent=max(Decimal(0), min(reached / goal * 100, Decimal(100))) if goal else None,
    )


def _grouped(found: dict[int, Totals], group_of: dict[int, int]) -> dict[int, list[Totals]]:
    groups: dict[int, list[Totals]] = defaultdict(list)
    for pk, part in found.items():
        groups[group_of[pk]].append(part)
    return groups


def _rows(campaigns: Sequence[Campaign], parts: dict[int, list[Totals]]) -> list[CampaignRow]:
    ids = [campaign.pk for campaign in campaigns]
    plans, funnels = _plans_of(ids), funnels_of(ids)
    return [
        CampaignRow(
            campaign, **plans[campaign.pk], funnel=funnels[campaign.pk],
            money=money_of(parts.get(campaign.pk, []), campaign.currency, campaign.budget),
        )
        for campaign in campaigns
    ]  # fmt: skip


def _plan_rows(campaign: Campaign, parts: dict[int, list[Totals]]) -> list[PlanRow]:
    """The campaign's plans: running, drafts, closed, archived, each the newest first."""
    taken = Count("seats", filter=Q(seats__released_at__isnull=True))
    plans = campaign.plans.select_related("market", "owner").annotate(taken=taken).order_by("-pk")
    rows = [PlanRow(plan, plan.taken, money_of(parts.get(plan.pk, []), plan.currency, plan.budget)) for plan in plans]
    return sorted(rows, key=lambda row: PLAN_ORDER.index(row.plan.state))


def money_of(parts: Sequence[Totals], currency: str, budget: Decimal | None = None) -> Money:
    """The sum of totals in the currency, and the sums in others beside it."""
    sums = totals_sum(parts)
    own = sums.pop(currency, Totals(currency))
    return Money(own, list(sums.values()), budget)


def _plans_of(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Plans, running ones, seats taken and seats there are, by campaign; two queries."""
    found = {pk: {"plans": 0, "plans_running": 0, "seats_taken": 0, "seats": 0} for pk in ids}
    plans = TargetedPlan.objects.filter(campaign__in=ids).order_by().values("campaign")
    open_plans = Count("pk", filter=Q(state__in=PLAN_OPEN))
    counts = plans.annotate(
        number=Count("pk"), running=Count("pk", filter=Q(state=PlanState.RUNNING)), open=open_plans
    )  # fmt: skip
    for row in counts:
        counted = {"plans": row["number"], "plans_running": row["running"], "seats": row["open"] * SEATS}
        found[row["campaign"]].update(counted)
    taking = plans.filter(seats__released_at__isnull=True, state__in=PLAN_OPEN)
    for campaign, taken in taking.annotate(taken=Count("seats")).values_list("campaign", "taken"):
        found[campaign]["seats_taken"] = taken
    return found


def _goal(
    campaign: Campaign, plans: Sequence[PlanRow], today: date
) -> tuple[Decimal | None, str, Decimal | None]:  # fmt: skip
    """Net GMV to reach, whose goal it is, and what is due by the day: goals of stages, else what plans expect."""
    stages = [Goal(one.starts_on, one.ends_on, one.goal_gmv) for one in campaign.stages.all() if one.goal_gmv]
    if stages:
        due = planned_until(stages, today)
        goal = sum((Decimal(one.amount) for one in stages), Decimal(0))
        return goal, "stages", Decimal(due.numerator) / Decimal(due.denominator)
    expected = [
        row.plan.expected_gmv
        for row in plans
        if row.plan.expected_gmv and row.plan.currency == campaign.currency and row.plan.state != PlanState.ARCHIVED
    ]
    if not expected:
        return None, "", None
    goal = sum(expected, Decimal(0))
    return goal, "plans", goal * share_passed(campaign.starts_on, campaign.ends_on, today)

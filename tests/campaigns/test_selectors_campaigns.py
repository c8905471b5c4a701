from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from campaigns.models import Campaign, OrderLine
from campaigns.selectors.campaign_days import days_of
from campaigns.selectors.campaign_history import changes_of
from campaigns.selectors.campaign_map import map_of
from campaigns.selectors.campaigns import overview_of, rows_of
from campaigns.selectors.funnel import funnels_of
from campaigns.selectors.money import totals
from campaigns.services.campaigns import campaign_create, campaign_move, campaign_update, values_of
from campaigns.services.stages import StageValues, stage_create, stages_fill
from tests.campaigns.matrices import make_result
from tests.factories import make_market, make_shop, make_user
from tests.plans import NOON, make_campaign, make_collaboration, make_plan

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def campaign():
    seller = make_user()
    return make_campaign(make_shop([seller], time_zone="America/New_York"), seller)


@pytest.fixture
def plan(campaign):
    return make_plan(campaign.shop, campaign.owner, campaign=campaign, expected_gmv=Decimal("9200"))


def publish(plan, *, day=TODAY, at=NOON, **values):
    collaboration = make_collaboration(plan, state="published", at=at)
    content = collaboration.contents.get()
    collaboration.contents.filter(pk=content.pk).update(state="published", published_at=at)
    make_result(content, day, **values)
    return collaboration


def order(collaboration, price, *, at=NOON, refunded="0", currency="USD"):
    return OrderLine.objects.create(
        shop=collaboration.shop, order_id=str(OrderLine.objects.count()), creator=collaboration.creator,
        collaboration=collaboration, ordered_at=at, currency=currency, item_price=Decimal(price),
        refunded=Decimal(refunded), recorded_at=at,
    )  # fmt: skip


def test_the_funnel_counts_what_was_reached(plan, campaign, django_assert_num_queries):
    for state in ("seated", "invited", "accepted", "content_due", "published", "closed"):
        make_collaboration(plan, state=state)
    with django_assert_num_queries(1):
        steps = funnels_of([campaign.pk])[campaign.pk]
    assert [(one.key, one.count) for one in steps] == [
        ("seated", 6), ("invited", 5), ("accepted", 4), ("sample", 0), ("content", 3), ("published", 2), ("settled", 1),
    ]  # fmt: skip
    rates = {one.key: one.rate for one in steps}
    assert (rates["seated"], rates["accepted"], rates["content"], rates["settled"]) == (
        None, Decimal("0.8"), Decimal("0.75"), Decimal("0.5"),
    )  # fmt: skip


def test_an_empty_funnel(campaign):
    assert {(one.count, one.rate, one.percent) for one in funnels_of([campaign.pk])[campaign.pk]} == {(0, None, 0)}


def test_rows_take_as_many_queries_for_any_number(campaign, plan, django_assert_max_num_queries):
    publish(plan, gmv=Decimal("100"), refunds=Decimal("20"))
    others = [make_campaign(campaign.shop, campaign.owner) for _ in range(5)]
    for other in others:
        make_collaboration(make_plan(campaign.shop, campaign.owner, campaign=other))
    campaigns = list(Campaign.objects.select_related("shop", "owner"))
    with django_assert_max_num_queries(9):
        rows = {row.campaign: row for row in rows_of(campaigns)}
    row = rows[campaign]
    assert (row.plans, row.plans_running, row.seats_taken, row.seats) == (1, 1, 1, 30)
    assert (row.money.own.gmv_net, row.money.left, row.money.used_percent) == (80, 9000, 0)


def test_money_of_other_currencies_stands_beside_it(campaign, plan):
    publish(plan, gmv=Decimal("100"))
    british = make_plan(campaign.shop, campaign.owner, campaign=campaign, currency="GBP", market=make_market("GB"))
    publish(british, gmv=Decimal("70"))
    money = overview_of(campaign, today=TODAY).row.money
    assert (money.own.gmv_net, [(one.currency, one.gmv_net) for one in money.others]) == (100, [("GBP", 70)])


def test_the_goal_is_what_plans_expect_until_stages_name_one(campaign, plan):
    publish(plan, gmv=Decimal("3000"), views=500)
    found = overview_of(campaign, today=TODAY)
    # 22 of 92 days are over.
    assert (found.goal, found.goal_from, found.pace.planned, found.pace.standing) == (9200, "plans", 2200, "ahead")
    assert (found.results.views, found.contents_published, len(found.plans)) == (500, 1, 1)
    stage_create(
        campaign=campaign, by=campaign.owner,
        values=StageValues("Push", campaign.starts_on, date(2026, 11, 30), goal_gmv=Decimal("6000")),
    )  # fmt: skip
    found = overview_of(campaign, today=TODAY)
    assert (found.goal, found.goal_from, found.pace.planned, found.pace.standing) == (6000, "stages", 4400, "behind")
    assert (found.expected_percent, found.reached_percent) == (Decimal(4400) / 60, 50)


def test_without_a_goal_there_is_no_pace(campaign):
    found = overview_of(campaign, today=TODAY)
    assert (found.goal, found.pace.standing, found.expected_percent, found.reached_percent) == (
        None,
        "none",
        None,
        None,
    )


def test_days_agree_with_the_totals(campaign, plan):
    publish(plan, gmv=Decimal("100.50"), refunds=Decimal("0.49"), views=30)
    ordered = publish(plan, gmv=Decimal("999"), views=12)
    # 02:00 in London is still the day before in New York.
    order(ordered, "40.10", at=datetime(2026, 11, 23, 2, tzinfo=UTC), refunded="3")
    order(ordered, "7", currency="GBP")
    refund = publish(plan, day=TODAY, gmv=Decimal("10"))
    make_result(refund.contents.get(), TODAY + timedelta(days=1), refunds=Decimal("4"))
    unknown = publish(plan, refunds=Decimal("55"))
    days = days_of(campaign)
    found = totals([one.pk for one in plan.collaborations.all()])
    assert sum(days.gmv_net.values()) == sum(one.gmv_net for one in found.values() if one.gmv is not None)
    assert days.gmv_net[TODAY] == Decimal("100.50") - Decimal("0.49") + Decimal("37.10") + 10
    assert (days.views[TODAY], days.invited[TODAY], days.contents[TODAY]) == (42, 4, 4)
    assert found[unknown.pk].gmv is None


def test_the_map_sets_planned_against_actual(campaign, plan):
    for values in (
        StageValues("Warm-up", date(2026, 11, 1), date(2026, 11, 30), goal_invited=30, goal_gmv=Decimal("300")),
        StageValues("Push", date(2026, 12, 1), date(2026, 12, 30), goal_gmv=Decimal("3000")),
    ):
        stage_create(campaign=campaign, values=values, by=campaign.owner)
    publish(plan, gmv=Decimal("500"))
    found = map_of(campaign, today=TODAY)
    invited, contents, gmv = found.measures
    assert (invited.goal, invited.pace.planned, invited.pace.actual, invited.pace.standing) == (30, 22, 1, "behind")
    assert (contents.goal, contents.pace.standing, contents.percent, contents.mark) == (None, "none", None, None)
    assert (gmv.goal, gmv.pace.planned, gmv.pace.standing) == (3300, 220, "ahead")
    now = next(week for week in found.weeks if week.is_now)
    assert (now.monday, [str(one) for one in now.stages]) == (date(2026, 11, 16), ["Warm-up"])
    assert [cell.week.actual for cell in now.cells] == [1, 1, 500]
    assert now.cells[2].pace == gmv.pace
    assert found.weeks[-1].is_ahead
    assert found.weeks[-1].cells[0].week.actual is None
    assert gmv.plot.planned.startswith("M8.0 110.0 L")
    assert gmv.plot.actual.count("L") == 4


def test_what_happened_outside_the_campaign_has_its_weeks(campaign, plan):
    make_collaboration(plan, state="invited", at=NOON - timedelta(days=40))
    weeks = map_of(campaign, today=TODAY).weeks
    assert (weeks[0].monday, weeks[0].is_outside, weeks[0].cells[0].week.actual) == (date(2026, 10, 12), True, 1)


def test_history_tells_who_changed_what(campaign):
    seller = campaign.owner
    values = replace(values_of(campaign), name="Another")
    made = campaign_create(shop=campaign.shop, values=values, currency="USD", by=seller, at=NOON)
    other = make_user("admin")
    changed = replace(values, budget=Decimal("12000"), owner=other, forbidden_words=["cure"], ends_on=date(2027, 3, 1))
    campaign_update(campaign=made, values=changed, by=seller)
    campaign_move(campaign=made, to="closed", by=other)
    told = [(one.field, one.before, one.after, one.by) for one in changes_of(made)]
    assert told[0] == ("State", "Active", "Closed", other)
    assert set(told[1:-1]) == {
        ("Budget", "$9,000", "$12,000", seller),
        ("Owner", str(seller), str(other), seller),
        ("Words that must not appear", "–", "cure", seller),
        ("Ends on", "31 Jan 2027", "1 Mar 2027", seller),
    }
    assert told[-1] == ("", "", "", seller)


def test_the_preset_is_on_the_map(campaign):
    stages_fill(campaign=campaign, by=campaign.owner)
    assert len(map_of(campaign, today=TODAY).stages) == 3

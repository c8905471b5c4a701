from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from campaigns.services.campaigns import CampaignValues, campaign_create, campaign_move, campaign_update, values_of
from campaigns.services.stages import (
    StageValues,
    next_free_day,
    stage_create,
    stage_delete,
    stage_update,
    stages_fill,
)
from core.errors import DomainError
from tests.factories import make_shop, make_user
from tests.plans import NOON, make_campaign, make_plan

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 1), date(2027, 1, 31)


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller])


@pytest.fixture
def campaign(shop, seller):
    return make_campaign(shop, seller)


def values(owner, **changes):
    return replace(CampaignValues("Winter care", "sales", FIRST, LAST, owner, Decimal("9000")), **changes)


def create(shop, owner, by=None, **changes):
    return campaign_create(shop=shop, values=values(owner, **changes), currency="USD", by=by or owner, at=NOON)


def refusal(function, **arguments):
    with pytest.raises(DomainError) as refused:
        function(**arguments)
    return refused.value


def test_a_campaign_begins_active_with_its_first_row_of_history(shop, seller):
    campaign = create(shop, seller, name=" Winter care ", forbidden_words=["cure", " cure ", "", "best"])
    assert (campaign.name, campaign.state, campaign.forbidden_words) == ("Winter care", "active", ["cure", "best"])
    event = apps.get_model("campaigns", "CampaignEvent")._default_manager.get(pgh_obj_id=campaign.pk)
    assert event.pgh_context.metadata["user"] == seller.pk


def test_only_members_make_campaigns(shop, seller):
    with pytest.raises(DomainError) as refused:
        create(shop, seller, by=make_user())
    assert (refused.value.code, refused.value.status) == ("not_member", 403)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": date(2026, 10, 31)}, "campaign_dates_crossed"),
        ({"budget": Decimal("-1")}, "campaign_budget_negative"),
    ],
)
def test_values_that_are_refused(shop, seller, changes, code):
    with pytest.raises(DomainError) as refused:
        create(shop, seller, **changes)
    assert refused.value.code == code


@pytest.mark.parametrize("role", ["seller", "viewer"])
def test_the_owner_works_for_the_shop(shop, seller, role):
    other = make_user(role)
    if role == "viewer":
        shop.members.add(other)
    with pytest.raises(DomainError) as refused:
        create(shop, other, by=seller)
    assert refused.value.code == "campaign_owner_not_member"


def test_a_name_is_taken_once_a_shop_until_it_is_archived(shop, seller):
    first = create(shop, seller)
    with pytest.raises(DomainError) as refused:
        create(shop, seller)
    assert refused.value.code == "campaign_name_taken"
    for to in ("closed", "archived"):
        first = campaign_move(campaign=first, to=to, by=seller)
    second = create(shop, seller)
    assert refusal(campaign_move, campaign=first, to="closed", by=seller).code == "campaign_name_taken"
    assert second.state == "active"


def test_closing_leaves_plans_as_they_are_and_opening_again_is_possible(campaign, seller, shop):
    plan = make_plan(shop, seller, campaign=campaign)
    closed = campaign_move(campaign=campaign, to="closed", by=seller)
    plan.refresh_from_db()
    assert (closed.state, plan.state) == ("closed", "running")
    assert campaign_move(campaign=closed, to="active", by=seller).state == "active"
    assert refusal(campaign_move, campaign=campaign, to="archived", by=seller).code == "campaign_move_impossible"


def test_a_closed_campaign_is_not_changed(campaign, seller):
    stage = stage_create(campaign=campaign, values=StageValues("Push", FIRST, FIRST), by=seller)
    campaign_move(campaign=campaign, to="closed", by=seller)
    for function, arguments in (
        (campaign_update, {"campaign": campaign, "values": values_of(campaign)}),
        (stage_create, {"campaign": campaign, "values": StageValues("Push", FIRST, FIRST)}),
        (stage_update, {"stage": stage, "values": StageValues("Push", FIRST, FIRST)}),
        (stage_delete, {"stage": stage}),
        (stages_fill, {"campaign": campaign}),
    ):
        assert refusal(function, by=seller, **arguments).code == "campaign_not_active"


def test_a_change_keeps_who_made_it(campaign, seller):
    campaign_update(campaign=campaign, values=replace(values_of(campaign), budget=Decimal("12000")), by=seller)
    campaign.refresh_from_db()
    assert campaign.budget == 12000
    event = apps.get_model("campaigns", "CampaignEvent")._default_manager.get(pgh_obj_id=campaign.pk)
    assert event.pgh_context.metadata["user"] == seller.pk


def test_stages_lie_inside_the_campaign(campaign, seller):
    stage = stage_create(campaign=campaign, values=StageValues("Push", FIRST, LAST, 30, 20, Decimal("5000")), by=seller)
    assert (stage.goal_invited, stage.goal_contents, stage.goal_gmv) == (30, 20, 5000)
    for first, last, field in ((date(2026, 10, 31), FIRST, "starts_on"), (FIRST, date(2027, 2, 1), "ends_on")):
        error = refusal(stage_update, stage=stage, values=StageValues("Push", first, last), by=seller)
        assert (error.code, list(error.fields)) == ("stage_outside", [field])


def test_dates_of_a_campaign_do_not_cut_its_stages_off(campaign, seller):
    stage_create(campaign=campaign, values=StageValues("Push", FIRST, LAST), by=seller)
    shorter = replace(values_of(campaign), ends_on=date(2027, 1, 30))
    assert refusal(campaign_update, campaign=campaign, values=shorter, by=seller).code == "campaign_stages_outside"


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        (StageValues("Push", LAST, FIRST), "stage_dates_crossed"),
        (StageValues("Push", FIRST, LAST, goal_contents=-1), "stage_goal_negative"),
    ],
)
def test_stages_that_are_refused(campaign, seller, stage, code):
    assert refusal(stage_create, campaign=campaign, values=stage, by=seller).code == code


def test_a_map_has_at_most_twenty_stages(campaign, seller):
    for number in range(20):
        stage_create(campaign=campaign, values=StageValues(f"Stage {number}", FIRST, FIRST), by=seller)
    error = refusal(stage_create, campaign=campaign, values=StageValues("One more", FIRST, FIRST), by=seller)
    assert error.code == "stages_too_many"


def test_the_preset_is_three_times_thirty_days(campaign, seller):
    stages = stages_fill(campaign=campaign, by=seller)
    assert [(one.name, one.starts_on, one.ends_on) for one in stages] == [
        ("Warm-up", date(2026, 11, 1), date(2026, 11, 30)),
        ("Push", date(2026, 12, 1), date(2026, 12, 30)),
        ("Festival", date(2026, 12, 31), date(2027, 1, 29)),
    ]
    assert next_free_day(campaign) == date(2027, 1, 30)
    assert refusal(stages_fill, campaign=campaign, by=seller).code == "stages_there"
    stage_delete(stage=stages[2], by=seller)
    assert next_free_day(campaign) == date(2026, 12, 31)


def test_the_preset_needs_ninety_days(shop, seller):
    short = make_campaign(shop, seller, ends_on=date(2027, 1, 28))
    assert refusal(stages_fill, campaign=short, by=seller).code == "campaign_too_short"
    assert next_free_day(short) == FIRST

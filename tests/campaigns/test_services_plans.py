from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from campaigns.models import DoNotContact, TargetedPlan
from campaigns.services.collaborations import collaboration_move
from campaigns.services.plan_products import ProductLine
from campaigns.services.plans import (
    PlanTerms,
    closing_of,
    plan_archive,
    plan_close,
    plan_create,
    plan_duplicate,
    plan_start,
    plan_update,
    terms_of,
)
from core.errors import DomainError
from creators.models import Market
from tests.factories import make_creator, make_market, make_shop, make_user
from tests.ledger import log, make_book
from tests.plans import NOON, make_campaign, make_collaboration, make_creators, make_plan, make_product, seat_all
from violations.services.blacklist import blacklist_add

pytestmark = pytest.mark.django_db

TERMS = PlanTerms(name="Winter barrier care", ends_on=date(2026, 12, 14))


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller])


def create(shop, by, terms=TERMS, **more):
    return plan_create(shop=shop, market=make_market("US"), terms=terms, by=by, at=NOON, **more)


def code_of(call, *args, **kwargs):
    with pytest.raises(DomainError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_a_new_plan_is_a_draft_in_the_currency_of_its_market(shop, seller):
    product = make_product(shop, seller)
    plan = create(shop, seller, products=[ProductLine(product, Decimal(12))])
    plan.refresh_from_db()
    assert (plan.state, plan.currency, plan.owner, plan.code) == ("draft", "USD", seller, f"TP-{plan.pk:04d}")
    assert plan.plan_products.get().commission_rate == 12


def test_only_members_make_plans_for_a_shop(shop):
    assert code_of(create, shop, make_user()) == "not_member"


def test_a_closed_shop_gets_no_plan(seller):
    assert code_of(create, make_shop([seller], is_active=False), seller) == "shop_inactive"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"ends_on": date(2026, 11, 21)}, "ends_in_past"),
        ({"message": "Hi {creator}, {discount} off"}, "variable_unknown"),
        ({"message": "w" * 501}, "message_too_long"),
        # 480 characters and the longest handle are too many.
        ({"message": "{creator}" + "w" * 471}, "message_too_long"),
    ],
)
def test_terms_that_are_refused(shop, seller, change, code):
    assert code_of(create, shop, seller, replace(TERMS, **change)) == code
    assert not TargetedPlan.objects.exists()


def test_the_last_day_is_one_of_the_market(seller):
    """At 18:00 UTC it is tomorrow in Vietnam."""
    make_market("VN")
    Market.objects.filter(pk="VN").update(time_zone="Asia/Ho_Chi_Minh")
    market, late = Market.objects.get(pk="VN"), datetime(2026, 11, 22, 18, tzinfo=UTC)
    terms = replace(TERMS, ends_on=date(2026, 11, 22))
    code = code_of(plan_create, shop=make_shop([seller]), market=market, terms=terms, by=seller, at=late)
    assert code == "ends_in_past"


def test_a_campaign_of_another_shop(shop, seller):
    other = make_campaign(make_shop([seller]), seller)
    assert code_of(create, shop, seller, replace(TERMS, campaign=other)) == "campaign_of_other_shop"


def test_the_owner_works_for_the_shop(shop, seller):
    assert code_of(create, shop, seller, replace(TERMS, owner=make_user())) == "owner_not_member"


def test_update_writes_the_terms_and_leaves_a_past_day_alone(shop, seller):
    plan = make_plan(shop, seller)
    later = datetime(2027, 1, 10, tzinfo=UTC)
    terms = replace(terms_of(plan), name="New name", budget=Decimal(900))
    plan_update(plan=plan, terms=terms, by=seller, at=later)
    plan.refresh_from_db()
    assert (plan.name, plan.budget, plan.ends_on) == ("New name", 900, date(2026, 12, 14))


def test_an_archived_plan_is_not_changed():
    plan = make_plan(state="archived")
    assert code_of(plan_update, plan=plan, terms=terms_of(plan), by=plan.owner, at=NOON) == "plan_archived"


def test_content_that_a_waiting_creator_may_not_make():
    make_book()
    collaboration = make_collaboration()
    plan = collaboration.plan
    for _ in range(2):
        log(collaboration.creator, "fraud", at=NOON)
    with pytest.raises(DomainError) as refused:
        plan_update(plan=plan, terms=replace(terms_of(plan), content_form="live"), by=plan.owner, at=NOON)
    assert refused.value.code == "creators_hindered"
    assert str(collaboration.creator) in str(refused.value)


def test_start():
    plan = plan_start(plan=(made := make_plan(state="draft", started_at=None)), by=made.owner, at=NOON)
    assert (plan.state, plan.started_at) == ("running", NOON)


def test_start_needs_a_product_and_time():
    plan = make_plan(products=[], state="draft")
    assert code_of(plan_start, plan=plan, by=plan.owner, at=NOON) == "products_missing"
    plan = make_plan(state="draft", ends_on=date(2026, 11, 21))
    assert code_of(plan_start, plan=plan, by=plan.owner, at=NOON) == "ends_in_past"


def test_a_running_plan_does_not_start():
    plan = make_plan()
    assert code_of(plan_start, plan=plan, by=plan.owner, at=NOON) == "plan_move_impossible"


def test_start_names_who_is_in_another_running_plan_by_now():
    draft = make_plan(state="draft")
    product = draft.plan_products.get().product
    collaboration = seat_all(draft, [make_creator()])[0]
    running = make_plan(draft.shop, draft.owner, products=[product])
    seat_all(running, [collaboration.creator])
    with pytest.raises(DomainError) as refused:
        plan_start(plan=draft, by=draft.owner, at=NOON)
    assert refused.value.code == "creators_hindered"
    assert str(collaboration.creator) in str(refused.value)
    assert running.name in str(refused.value)


def test_start_names_who_was_blacklisted_or_does_not_want_to_be_contacted():
    draft = make_plan(state="draft")
    one, two, fine = make_creators(3)
    seat_all(draft, [one, two, fine])
    blacklist_add(creator=one, shop=draft.shop, reason="Kept the sample", by=draft.owner, at=NOON)
    DoNotContact.objects.create(creator=two, shop=draft.shop, reason="Asked us to stop", added_by=draft.owner,
                                added_at=NOON)  # fmt: skip
    with pytest.raises(DomainError) as refused:
        plan_start(plan=draft, by=draft.owner, at=NOON)
    text = str(refused.value)
    assert (str(one) in text, str(two) in text, str(fine) in text) == (True, True, False)


def test_close_lets_invitations_expire_and_agreed_ones_go_on():
    plan = make_plan()
    states = ("seated", "invited", "accepted")
    seated, invited, accepted = (make_collaboration(plan, state=state) for state in states)
    held = make_collaboration(plan)
    collaboration_move(collaboration=held, to="on_hold", by=plan.owner, at=NOON, reason="Restricted")
    told = closing_of(plan)
    closing = plan_close(plan=plan, by=plan.owner, at=NOON)
    assert (told.expired, told.dropped, told.going_on) == (closing.expired, closing.dropped, closing.going_on)
    assert (closing.expired, closing.dropped, closing.going_on) == (1, 2, 1)
    for one, state in ((seated, "dropped"), (invited, "expired"), (accepted, "accepted"), (held, "dropped")):
        one.refresh_from_db()
        assert one.state == state
    plan.refresh_from_db()
    assert (plan.state, plan.closed_at) == ("closed", NOON)
    assert code_of(plan_close, plan=plan, by=plan.owner, at=NOON) == "plan_move_impossible"


def test_reopen_minds_other_plans_of_who_agreed():
    plan = make_plan()
    collaboration = make_collaboration(plan, state="accepted")
    plan_close(plan=plan, by=plan.owner, at=NOON)
    other = make_plan(plan.shop, plan.owner, products=[plan.plan_products.get().product])
    again = seat_all(other, [collaboration.creator])[0]
    assert code_of(plan_start, plan=plan, by=plan.owner, at=NOON) == "creators_hindered"
    collaboration_move(collaboration=again, to="dropped", by=plan.owner, at=NOON, reason="Wrong plan")
    reopened = plan_start(plan=plan, by=plan.owner, at=NOON + timedelta(days=1))
    assert (reopened.state, reopened.closed_at, reopened.started_at) == ("running", None, NOON)


def test_archive_waits_for_open_collaborations_and_can_be_undone():
    plan = make_plan()
    collaboration = make_collaboration(plan, state="accepted")
    plan_close(plan=plan, by=plan.owner, at=NOON)
    assert code_of(plan_archive, plan=plan, by=plan.owner, at=NOON) == "collaborations_open"
    collaboration_move(collaboration=collaboration, to="dropped", by=plan.owner, at=NOON, reason="No time")
    assert plan_archive(plan=plan, by=plan.owner, at=NOON).state == "archived"
    closing = plan_close(plan=plan, by=plan.owner, at=NOON)
    assert (closing.plan.state, closing.going_on) == ("closed", 0)


def test_archiving_a_draft_gives_its_seats_up():
    draft = make_plan(state="draft")
    collaboration = seat_all(draft, [make_creator()])[0]
    assert plan_archive(plan=draft, by=draft.owner, at=NOON).state == "archived"
    collaboration.refresh_from_db()
    assert collaboration.state == "dropped"


def test_duplicate_takes_texts_and_products_and_no_creators():
    plan = make_plan(message="Hello {creator}", budget=Decimal(500), ends_on=date(2026, 11, 1))
    kept = plan.plan_products.get().product
    retired = make_product(plan.shop, plan.owner, state="retired")
    plan.plan_products.create(slot=2, product=retired, commission_rate=Decimal(20))
    make_collaboration(plan)
    type(kept).objects.filter(pk=kept.pk).update(max_commission_rate=Decimal(12))
    copy = plan_duplicate(plan=plan, by=plan.owner, at=NOON)
    copy.refresh_from_db()
    assert (copy.state, copy.source, copy.message, copy.budget) == ("draft", plan, "Hello {creator}", 500)
    assert (copy.ends_on, copy.seats.count()) == (date(2026, 12, 22), 0)
    assert [(one.product, one.commission_rate) for one in copy.plan_products.all()] == [(kept, 12)]

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaigns.models import PRODUCTS, PlanProduct
from campaigns.selectors.commissions import outlook_of, rate_of
from campaigns.services.commissions import commission_change
from campaigns.services.plan_products import ProductLine, product_remove, products_add
from core.errors import DomainError
from tests.factories import make_creator, make_shop
from tests.plans import NOON, make_collaboration, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def code_of(call, **kwargs):
    with pytest.raises(DomainError) as refused:
        call(**kwargs)
    return refused.value.code


def put(plan, product, rate=None):
    return products_add(plan=plan, lines=[ProductLine(product, rate and Decimal(rate))], by=plan.owner, at=NOON)


def test_the_usual_commission_is_taken_where_none_is_written():
    plan = make_plan()
    line = put(plan, make_product(plan.shop, default_commission_rate=Decimal(12)))[0]
    assert (line.slot, line.commission_rate) == (2, 12)


@pytest.mark.parametrize(
    ("fields", "rate", "code"),
    [
        ({}, None, "commission_missing"),
        ({}, "0.5", "commission_out_of_range"),
        ({}, "80.01", "commission_out_of_range"),
        ({"max_commission_rate": Decimal(20)}, "20.5", "commission_above_max"),
        ({"state": "paused"}, "15", "product_not_active"),
    ],
)
def test_refused_products(fields, rate, code):
    plan = make_plan()
    product = make_product(plan.shop, **fields)
    with pytest.raises(DomainError) as refused:
        put(plan, product, rate)
    assert refused.value.code == code


def test_products_of_other_shops_and_twice():
    plan = make_plan()
    lines = [ProductLine(make_product(make_shop()), Decimal(15))]
    assert code_of(products_add, plan=plan, lines=lines, by=plan.owner, at=NOON) == "product_of_other_shop"
    lines = [ProductLine(plan.plan_products.get().product, Decimal(15))]
    assert code_of(products_add, plan=plan, lines=lines, by=plan.owner, at=NOON) == "product_in_plan"


def test_a_hundred_products_and_no_more():
    plan = make_plan(products=[])
    products = [make_product(plan.shop, plan.owner) for _ in range(PRODUCTS)]
    PlanProduct.objects.bulk_create(
        [PlanProduct(plan=plan, slot=slot, product=one, commission_rate=15) for slot, one in enumerate(products, 1)]
    )
    lines = [ProductLine(make_product(plan.shop), Decimal(15))]
    assert code_of(products_add, plan=plan, lines=lines, by=plan.owner, at=NOON) == "products_too_many"
    product_remove(plan_product=plan.plan_products.get(slot=40), by=plan.owner, at=NOON)
    assert products_add(plan=plan, lines=lines, by=plan.owner, at=NOON)[0].slot == 40


def test_a_closed_plan_keeps_its_products():
    plan = make_plan(state="closed")
    line = plan.plan_products.get()
    assert code_of(products_add, plan=plan, lines=[], by=plan.owner, at=NOON) == "plan_closed"
    assert code_of(product_remove, plan_product=line, by=plan.owner, at=NOON) == "plan_closed"
    assert code_of(commission_change, plan_product=line, rate=Decimal(20), by=plan.owner, at=NOON) == "plan_closed"


def test_a_product_that_brings_a_creator_into_two_running_plans():
    collaboration = make_collaboration()
    product = collaboration.plan.plan_products.get().product
    other = make_plan(collaboration.shop, collaboration.owner)
    seat_all(other, [collaboration.creator])
    with pytest.raises(DomainError) as refused:
        put(other, product, "15")
    assert refused.value.code == "creators_hindered"
    assert str(collaboration.creator) in str(refused.value)


def test_remove():
    plan = make_plan()
    line = plan.plan_products.get()
    assert code_of(product_remove, plan_product=line, by=plan.owner, at=NOON) == "last_product"
    put(plan, make_product(plan.shop), "15")
    assert product_remove(plan_product=line, by=plan.owner, at=NOON).removed_at == NOON
    assert code_of(product_remove, plan_product=line, by=plan.owner, at=NOON) == "product_removed"
    assert code_of(commission_change, plan_product=line, rate=Decimal(20), by=plan.owner, at=NOON) == "product_removed"


def test_a_cut_reaches_who_accepted_at_midnight():
    plan = make_plan(rate="20")
    accepted = make_collaboration(plan, state="accepted")
    invited = make_collaboration(plan, state="invited")
    line = plan.plan_products.get()
    outlook = outlook_of(line, at=NOON)
    assert (outlook.showing, outlook.cut_at, outlook.highest) == (1, MIDNIGHT, 20)
    change = commission_change(plan_product=line, rate=Decimal(15), by=plan.owner, at=NOON)
    line.refresh_from_db()
    assert (line.commission_rate, change.from_rate, change.takes_effect_at) == (15, 20, MIDNIGHT)
    assert [rate_of(one, line, at=NOON) for one in (accepted, invited)] == [20, 15]
    assert rate_of(accepted, line, at=MIDNIGHT) == 15


def test_a_rise_holds_at_once_for_everybody():
    collaboration = make_collaboration(state="accepted")
    line = collaboration.plan.plan_products.get()
    change = commission_change(plan_product=line, rate=Decimal(18), by=collaboration.owner, at=NOON)
    line.refresh_from_db()
    assert change.takes_effect_at == NOON
    assert rate_of(collaboration, line, at=NOON) == 18


@pytest.mark.parametrize(("rate", "code"), [("15", "commission_same"), ("81", "commission_out_of_range")])
def test_changes_that_are_refused(rate, code):
    plan = make_plan()
    line = plan.plan_products.get()
    assert code_of(commission_change, plan_product=line, rate=Decimal(rate), by=plan.owner, at=NOON) == code


def test_a_cut_is_measured_against_the_rate_that_still_holds():
    plan = make_plan(rate="20")
    seat_all(plan, [make_creator()])
    line = plan.plan_products.get()
    commission_change(plan_product=line, rate=Decimal(15), by=plan.owner, at=NOON)
    again = commission_change(plan_product=line, rate=Decimal(18), by=plan.owner, at=NOON)
    assert again.takes_effect_at == MIDNIGHT

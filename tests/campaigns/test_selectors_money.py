"""The one place of sums: orders before results, currencies apart, every cost once."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.models import ContentResult, Sample
from campaigns.selectors.money import Totals, totals, totals_sum
from campaigns.services.settlements import settlement_refresh
from tests.factories import make_user
from tests.plans import NOON, make_collaboration
from tests.settlements import make_line, make_order

pytestmark = pytest.mark.django_db


def of(collaboration) -> Totals:
    return totals([collaboration.pk])[collaboration.pk]


def result(collaboration, gmv="900", refunds="100") -> None:
    ContentResult.objects.create(
        content=collaboration.contents.get(), day=date(2026, 11, 23), gmv=Decimal(gmv), refunds=Decimal(refunds),
        orders=9, source="hand", recorded_by=collaboration.owner, recorded_at=NOON,
    )  # fmt: skip


def sample(collaboration, state="delivered", **fields) -> None:
    Sample.objects.create(
        collaboration=collaboration, product=collaboration.plan.plan_products.get().product, state=state, state_at=NOON,
        decide_by=NOON, requested_by=collaboration.owner, requested_at=NOON, decided_by=collaboration.owner,
        **{"cost": Decimal("6.50"), "currency": "USD"} | fields,
    )  # fmt: skip


def test_nothing_is_known_at_first():
    found = of(make_collaboration(state="accepted"))
    assert (found.gmv, found.gmv_net, found.contribution, found.source) == (None, None, 0, "")


def test_results_speak_until_there_are_orders():
    collaboration = make_collaboration(state="accepted")
    result(collaboration)
    found = of(collaboration)
    assert (found.gmv, found.gmv_net, found.orders, found.source) == (Decimal(900), Decimal(800), 9, "results")
    make_order(collaboration, "50", seller_coupon=Decimal(5), refunded=Decimal(10))
    found = of(collaboration)
    assert (found.gmv, found.gmv_net, found.orders, found.source) == (Decimal(45), Decimal(35), 1, "orders")


def test_what_is_left_behind_every_cost():
    collaboration = make_collaboration(state="accepted")
    product = collaboration.plan.plan_products.get().product
    product.unit_cost, product.platform_fee_rate = Decimal(8), Decimal(5)
    product.save()
    make_order(collaboration, "100", quantity=4, tax=Decimal(6), commission_reported=Decimal("14.00"))
    settlement_refresh(shop=collaboration.shop, month=date(2026, 11, 1), at=NOON)
    make_line(collaboration, "20")
    sample(collaboration)
    sample(collaboration, "cancelled")
    found = of(collaboration)
    assert (found.commission_platform, found.fees, found.sample_cost) == (Decimal(14), Decimal(20), Decimal("6.50"))
    assert (found.goods_cost, found.platform_fee, found.is_before_goods_cost) == (Decimal(32), Decimal(5), False)
    assert found.contribution == Decimal(100) - 6 - 14 - 20 - Decimal("6.50") - 32 - 5


def test_unknown_goods_cost_is_said_and_not_taken_off():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, "100")
    found = of(collaboration)
    assert (found.is_before_goods_cost, found.contribution) == (True, Decimal(100))


def test_goods_that_came_back_cost_nothing():
    collaboration = make_collaboration(state="accepted")
    product = collaboration.plan.plan_products.get().product
    product.unit_cost, product.platform_fee_rate = Decimal(8), Decimal(0)
    product.save()
    make_order(collaboration, "100", refunded=Decimal(100))
    make_order(collaboration, "50")
    assert of(collaboration).goods_cost == Decimal(8)


def test_other_currencies_are_named_and_never_added():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, "110000", currency="VND")
    sample(collaboration, cost=Decimal(9), currency="EUR")
    found = of(collaboration)
    assert (found.gmv, found.sample_cost, found.left_out) == (None, 0, ("EUR", "VND"))


def test_several_are_added_by_currency():
    first, second, silent = (make_collaboration(state="accepted") for _ in range(3))
    make_order(first, "10")
    make_order(second, "20")
    found = totals_sum([*totals([first.pk, second.pk, silent.pk]).values(), Totals("VND", gmv=Decimal(5))])
    assert [(one.currency, one.gmv) for one in found.values()] == [("USD", Decimal(30)), ("VND", Decimal(5))]
    assert (found["USD"].orders, found["USD"].source, found["USD"].is_before_goods_cost) == (2, "orders", True)


def test_cancelled_lines_do_not_count():
    from campaigns.services.settlements import line_cancel

    line = make_line()
    line_cancel(line=line, by=make_user(), at=NOON, reason="Agreed.")
    assert of(line.collaboration).fees == 0


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    keys = [make_collaboration(state="accepted").pk for _ in range(5)]
    with django_assert_num_queries(4):
        totals(keys)

from decimal import Decimal

import pytest

from campaigns.models import Product, StockMove
from campaigns.services.collaborations import collaboration_move
from campaigns.services.sampling import (
    sample_approve,
    sample_ask_again,
    sample_cancel,
    sample_cost_correct,
    sample_refuse,
    sample_request,
    samples_approve,
)
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_plan, make_product
from tests.works import days, make_sample

pytestmark = pytest.mark.django_db
LATER = NOON + days(1)


def refused(code, act, **kwargs):
    with pytest.raises(DomainError) as error:
        act(**kwargs)
    assert error.value.code == code
    return error.value


def stock(sample):
    return Product.objects.get(pk=sample.product_id).sample_stock


def request(collaboration, **kwargs):
    values = {"product": collaboration.plan.plan_products.get().product, "by": collaboration.owner, "at": LATER}
    return sample_request(collaboration=collaboration, **values | kwargs)


def test_acceptance_asks_with_a_screening():
    sample = make_sample()
    assert (sample.state, sample.decide_by) == ("requested", NOON + days(7))
    assert {one["code"] for one in sample.screening} >= {"followers", "standing", "earlier", "market", "stock"}
    assert stock(sample) == 10


def test_several_samples_of_one_collaboration():
    first = make_sample()
    second = request(first.collaboration, quantity=3)
    assert (second.quantity, first.collaboration.samples.count()) == (3, 2)


def test_what_cannot_be_asked_for():
    sample = make_sample()
    refused(
        "product_not_in_plan", request, collaboration=sample.collaboration, product=make_product(sample.product.shop)
    )
    refused("quantity_out_of_range", request, collaboration=sample.collaboration, quantity=0)
    refused("not_agreed", request, collaboration=make_collaboration(make_plan(sample_rule="approval")))
    refused("no_samples_in_plan", request, collaboration=make_collaboration(state="accepted"))


def test_approval_books_the_cost_and_takes_stock():
    sample = make_sample()
    approved = sample_approve(sample=sample, by=sample.collaboration.owner, at=LATER)
    assert (approved.state, approved.cost, approved.ship_by) == ("approved", Decimal("6.50"), LATER + days(1))
    assert stock(sample) == 9
    approved.collaboration.refresh_from_db()
    assert approved.collaboration.due_at == LATER + days(1)
    move = StockMove.objects.get(sample=sample)
    assert (move.delta, move.balance) == (-1, 9)


def test_the_cost_can_be_another():
    sample = make_sample()
    by = sample.collaboration.owner
    assert sample_approve(sample=sample, by=by, at=LATER, cost=Decimal("9")).cost == Decimal("9")
    assert sample_cost_correct(sample=sample, cost=Decimal("8"), by=by, at=LATER).cost == Decimal("8")
    refused("cost_negative", sample_cost_correct, sample=sample, cost=Decimal("-1"), by=by, at=LATER)
    other = make_sample()
    refused("sample_not_booked", sample_cost_correct, sample=other, cost=Decimal("8"), by=by, at=LATER)


def test_a_cost_that_nobody_knows_has_to_be_written():
    sample = make_sample()
    Product.objects.update(sample_cost=None)
    refused("cost_missing", sample_approve, sample=sample, by=sample.collaboration.owner, at=LATER)


def test_stock_that_is_too_low_refuses_and_books_nothing():
    sample = make_sample(stock=0)
    error = refused("stock_too_low", sample_approve, sample=sample, by=sample.collaboration.owner, at=LATER)
    assert "0 samples in stock" in str(error)
    sample.refresh_from_db()
    assert (sample.state, sample.cost) == ("requested", None)


def test_the_automatic_rule_approves_at_once():
    sample = make_sample(sample_rule="automatic")
    assert (sample.state, sample.cost, stock(sample)) == ("approved", Decimal("6.50"), 9)


def test_the_automatic_rule_waits_where_stock_is_out():
    sample = make_sample(sample_rule="automatic", stock=0)
    assert (sample.state, sample.cost, sample.decided_by) == ("requested", None, None)


def test_the_automatic_rule_waits_where_the_cost_is_not_known():
    product = make_product(make_plan().shop, sample_cost=None)
    assert make_sample(sample_rule="automatic", product=product).state == "requested"


def test_a_refusal_says_why_and_can_be_asked_again():
    sample = make_sample()
    by = sample.collaboration.owner
    refused("reason_missing", sample_refuse, sample=sample, by=by, at=LATER, reason=" ")
    no = sample_refuse(sample=sample, by=by, at=LATER, reason="Wrong audience")
    assert (no.state, no.reason, no.decided_by) == ("refused", "Wrong audience", by)
    again = sample_ask_again(sample=no, by=by, at=LATER + days(1))
    assert (again.state, again.decide_by, again.decided_by) == ("requested", LATER + days(8), None)
    refused("sample_move_impossible", sample_ask_again, sample=again, by=by, at=LATER)


def test_a_cancelled_approval_gives_the_stock_back():
    sample = make_sample(state="approved")
    by = sample.collaboration.owner
    assert sample_cancel(sample=sample, by=by, at=LATER, reason="Not needed").state == "cancelled"
    assert stock(sample) == 10


def test_a_drop_gives_the_stock_back():
    sample = make_sample(state="approved")
    owner = sample.collaboration.owner
    collaboration_move(collaboration=sample.collaboration, to="dropped", by=owner, at=LATER, reason="Ghosted")
    sample.refresh_from_db()
    assert (sample.state, stock(sample)) == ("cancelled", 10)
    assert list(sample.moves.values_list("to_state", flat=True)) == ["requested", "approved", "cancelled"]
    refused("not_agreed", sample_ask_again, sample=sample, by=owner, at=LATER)


def test_bulk_approval_refuses_each_on_its_own():
    first = make_sample(stock=1)
    second = request(first.collaboration)
    bulk = samples_approve(samples=[first, second], by=first.collaboration.owner, at=LATER)
    assert [one.pk for one in bulk.done] == [first.pk]
    assert "0 samples in stock" in bulk.refused[second.pk]

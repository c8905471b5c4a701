from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.selectors.matrices import contents_to_assign, matrices_of, matrix_view, seats_to_assign
from campaigns.services.matrices import matrix_create
from campaigns.services.matrix_pushes import cell_push
from core.errors import DomainError
from tests.campaigns.matrices import WEEK_LATER, make_contents, make_result
from tests.factories import make_market, make_shop, make_user
from tests.plans import NOON, make_campaign, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    seller = make_user()
    make_market("US")
    return make_campaign(make_shop([seller]), seller)


@pytest.fixture
def matrix(campaign):
    products = [make_product(campaign.shop, campaign.owner, default_commission_rate=Decimal("12")) for _ in range(2)]
    styles = ["Unboxing", "Story"]
    return matrix_create(
        campaign=campaign, name="Test", products=products, styles=styles, by=campaign.owner, at=NOON
    )  # fmt: skip


def view(matrix, measure="gmv_net", window="week", at=WEEK_LATER):
    return matrix_view(matrix, measure=measure, window=window, at=at)


def test_an_empty_matrix_is_a_grid_without_a_winner(matrix):
    found = view(matrix)
    assert found.styles == ["Unboxing", "Story"]
    assert [len(cells) for _product, cells in found.rows] == [2, 2]
    assert (found.judgement.kind, found.best) == ("nothing", None)


def test_cells_sum_both_windows_and_the_best_is_marked(campaign, matrix, django_assert_max_num_queries):
    first, second = matrix.cells.all()[:2]
    make_contents(campaign, first, ["100", "100", "100"])
    make_contents(campaign, second, ["200", "200", "500"], by_seat=True)
    with django_assert_max_num_queries(5):
        found = view(matrix)
    assert found.judgement.kind == "clear"
    assert (found.best.cell, found.best.each, found.best.is_best) == (second, 300, True)
    one, two = found.rows[0][1]
    assert (one.contents, one.seats, two.contents, two.seats) == (3, 0, 3, 3)
    assert (one.week.gmv_net, one.first_24h.gmv_net, one.week.views, one.first_24h.orders) == (300, 150, 3000, 12)
    assert [cell.cell for cell in found.ranking[:2]] == [second, first]
    assert round(one.percent) == 33
    assert view(matrix, "views", "first_24h").judgement.kind == "tie"


def test_seven_days_are_those_of_the_market_and_count_when_they_are_over(campaign, matrix):
    content = make_contents(campaign, matrix.cells.first(), ["100"])[0]
    day = NOON.date()
    make_result(content, day + timedelta(days=6), gmv=Decimal("50"), refunds=Decimal("20"))
    make_result(content, day + timedelta(days=7), gmv=Decimal("999"))
    found = view(matrix).rows[0][1][0]
    assert (found.week.gmv_net, found.known, found.each, found.running) == (130, 1, 130, 0)
    early = view(matrix, at=WEEK_LATER - timedelta(days=1))
    cell = early.rows[0][1][0]
    assert (cell.week.gmv_net, cell.known, cell.running, early.judgement.kind) == (130, 0, 1, "nothing")
    assert view(matrix, at=NOON, window="first_24h").rows[0][1][0].known == 1


def test_few_contents_are_too_few_to_tell(campaign, matrix):
    first, second = matrix.cells.all()[:2]
    make_contents(campaign, first, ["100"])
    assert view(matrix).judgement.kind == "alone"
    make_contents(campaign, second, ["900", "900", "900"])
    judgement = view(matrix).judgement
    assert (judgement.kind, judgement.best, judgement.thinnest) == ("thin", second.pk, 1)


def test_money_of_another_currency_is_not_compared(campaign, matrix):
    make_contents(campaign, matrix.cells.first(), ["100"], currency="GBP", market=make_market("GB"))
    found = view(matrix)
    cell = found.rows[0][1][0]
    assert (found.left_out, cell.known, cell.week.gmv, cell.week.views) == (1, 0, None, 1000)
    assert view(matrix, "views").left_out == 0


def test_a_content_put_elsewhere_does_not_count_with_its_seat(campaign, matrix):
    first, second = matrix.cells.all()[:2]
    content = make_contents(campaign, first, ["100"], by_seat=True)[0]
    content.cell = second
    content.save()
    one, two = view(matrix).rows[0][1]
    assert (one.seats, one.contents, two.contents) == (1, 0, 1)


def test_what_can_be_put_into_cells(campaign, matrix):
    contents = make_contents(campaign, matrix.cells.first(), ["1", "2"], by_seat=True)
    assert list(contents_to_assign(matrix)) == contents
    assert seats_to_assign(matrix).count() == 2
    listed = matrices_of(campaign).get()
    assert (listed.cell_count, listed.seat_count) == (4, 2)


def test_the_winner_becomes_a_draft_with_the_terms_of_its_seats(campaign, matrix):
    cell = matrix.cells.first()
    make_contents(campaign, cell, ["1", "2"], by_seat=True, rate="18", contents_wanted=2)
    plan = cell_push(cell=cell, by=campaign.owner, at=NOON)
    line = plan.plan_products.get()
    assert (plan.state, plan.campaign, plan.contents_wanted, plan.ends_on) == ("draft", campaign, 2, campaign.ends_on)
    assert (line.product, line.commission_rate) == (cell.product, 18)
    assert plan.name == f"{cell.product.title} × Unboxing"
    assert plan.message == "Hello {creator}\nContent style: Unboxing."
    assert plan.source == cell.seats.first().plan


def test_an_invitation_that_gets_too_long_is_written_anew(campaign, matrix):
    cell = matrix.cells.first()
    make_contents(campaign, cell, ["1"], by_seat=True, message="x" * 490)
    assert cell_push(cell=cell, by=campaign.owner, at=NOON).message == "Content style: Unboxing."


def test_without_seats_the_shop_and_the_product_say_the_terms(campaign, matrix):
    plan = cell_push(cell=matrix.cells.first(), by=campaign.owner, at=NOON + timedelta(days=365))
    assert (plan.market_id, plan.plan_products.get().commission_rate, plan.source) == ("US", 12, None)
    assert plan.ends_on == (NOON + timedelta(days=395)).date()


def test_a_market_that_is_not_known(campaign, matrix):
    campaign.shop.market_code = "XX"
    campaign.shop.save()
    with pytest.raises(DomainError) as refused:
        cell_push(cell=matrix.cells.first(), by=campaign.owner, at=NOON)
    assert refused.value.code == "market_unknown"

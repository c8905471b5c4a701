from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import Product, StockMove
from campaigns.services.products import product_create, product_move, product_update
from campaigns.services.stock import stock_change
from core.errors import DomainError
from tests.factories import make_shop, make_user
from tests.plans import NOON, make_plan, make_product

pytestmark = pytest.mark.django_db
D = Decimal


def create(shop=None, stock=0, **values):
    values = {"title": "Barrier serum", "price": D("24"), "currency": "USD"} | values
    return product_create(shop=shop or make_shop(), values=values, by=make_user(), at=NOON, stock=stock)


def refused(act, *args, **kwargs):
    with pytest.raises(DomainError) as found, transaction.atomic():
        act(*args, **kwargs)
    return found.value


def test_a_product_is_created_with_its_stock_and_its_first_history_row():
    product = create(stock=12, platform_id=" 1729384756012345678 ")
    assert (product.platform_id, product.sample_stock) == ("1729384756012345678", 12)
    assert [(move.delta, move.balance) for move in product.stock_moves.all()] == [(12, 12)]


def test_what_is_wrong_is_said_at_its_field():
    error = refused(create, title=" ", price=None, default_commission_rate=D("0.5"))
    assert error.code == "product_invalid"
    assert set(error.fields) == {"title", "price", "default_commission_rate"}


def test_an_unknown_field_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="sample_stock"):
        create(sample_stock=4)


@pytest.mark.parametrize("field", ["platform_id", "sku"])
def test_ids_are_given_once_a_shop(field):
    product = create(**{field: "4711"})
    error = refused(create, product.shop, **{field: "4711"})
    assert (error.code, list(error.fields)) == ("product_exists", [field])
    assert create(**{field: "4711"}).pk


def test_an_update_changes_what_is_named():
    product = create(unit_cost=D("7"))
    after = product_update(product=product, values={"price": D("26"), "tax_rate": D("8")}, by=make_user())
    assert (after.price, after.tax_rate, after.unit_cost) == (D("26"), D("8"), D("7"))


def test_an_update_that_changes_nothing_leaves_no_history():
    product = create()
    rows = list(product_update(product=product, values={"price": D("24.00")}, by=make_user()).stock_moves.all())
    assert rows == []


def test_the_currency_of_a_planned_product_stays():
    plan = make_plan()
    product = plan.plan_products.get().product
    values = {"currency": "EUR", "price": D("5"), "sample_cost": D("2")}
    assert refused(product_update, product=product, values=values, by=plan.owner).code == "currency_fixed"


def test_all_amounts_change_their_currency_together():
    product = create(unit_cost=D("7"))
    values = {"currency": "VND", "price": D("110000")}
    assert refused(product_update, product=product, values=values, by=make_user()).code == "currency_fixed"
    whole = values | {"unit_cost": D("30000")}
    assert product_update(product=product, values=whole, by=make_user()).currency == "VND"


def test_states_follow_the_table():
    product = create()
    assert product_move(product=product, to="retired", by=make_user()).state == "retired"
    assert refused(product_move, product=product, to="paused", by=make_user()).code == "product_move_impossible"
    assert refused(product_move, product=product, to="gone", by=make_user()).code == "product_move_impossible"
    assert product_move(product=product, to="active", by=make_user()).state == "active"


def change(product, delta, by=None):
    return stock_change(product=product, delta=delta, note="Counted", by=by, at=NOON)


def test_every_piece_leaves_a_row():
    product = make_product(make_shop(), sample_stock=3)
    moves = [change(product, delta) for delta in (-2, 5)]
    assert [(move.delta, move.balance, move.note) for move in moves] == [(-2, 1, "Counted"), (5, 6, "Counted")]
    assert product.sample_stock == 6


@pytest.mark.parametrize(("delta", "code"), [(0, "stock_unchanged"), (-4, "stock_too_low"), (10**6, "stock_too_high")])
def test_stock_that_cannot_be(delta, code):
    product = make_product(make_shop(), sample_stock=3)
    assert refused(change, product, delta).code == code
    assert not product.stock_moves.exists()


def test_the_database_knows_no_negative_stock():
    product = make_product(make_shop())
    with pytest.raises(IntegrityError, match="product_stock_not_negative"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(sample_stock=-1)


@pytest.mark.django_db(transaction=True)
def test_parallel_changes_never_go_below_zero():
    product = make_product(make_shop(), sample_stock=7)

    def take(_index):
        try:
            return change(product, -1).balance
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(take, range(24)))
    assert sorted(one for one in found if isinstance(one, int)) == list(range(7))
    assert found.count("stock_too_low") == 17
    assert Product.objects.get(pk=product.pk).sample_stock == 0
    assert StockMove.objects.filter(product=product).count() == 7

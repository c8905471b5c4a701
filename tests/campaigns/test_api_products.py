from decimal import Decimal

import pytest

from campaigns.models import Product
from tests.factories import make_shop, make_user, sign_in
from tests.plans import make_product

pytestmark = pytest.mark.django_db
D = Decimal
JSON = {"content_type": "application/json"}


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller])


@pytest.fixture
def api(client, seller):
    return sign_in(client, seller)


def test_the_list_passes_the_filters_of_the_page(api, shop):
    make_product(shop, title="Alpha", default_commission_rate=D("15"))
    make_product(shop, title="Beta", state="paused")
    make_product(make_shop(), title="Alpha of others")
    found = api.get("/api/v1/products/?state=active").json()
    assert (found["count"], found["results"][0]["title"]) == (1, "Alpha")
    row = found["results"][0]
    assert (row["price"], row["contribution"], row["is_before_goods_cost"]) == ("24.00", "20.40", True)
    assert row["unknown"] == ["platform_fee_rate", "tax_rate", "unit_cost"]


def test_a_filter_that_cannot_be_read(api, shop):
    response = api.get("/api/v1/products/?state=gone")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_one_product(api, shop):
    product = make_product(shop, platform_id="1729384756012345678")
    assert api.get(f"/api/v1/products/{product.pk}/").json()["platform_id"] == "1729384756012345678"


def test_a_product_is_added(api, shop):
    data = {"shop": shop.pk, "title": "Serum", "price": "24.90", "currency": "USD", "stock": 4}
    response = api.post("/api/v1/products/", data, **JSON)
    assert response.status_code == 201
    assert (response.json()["sample_stock"], response.json()["state"]) == (4, "active")


def test_a_shop_of_others_is_not_known(api):
    data = {"shop": make_shop().pk, "title": "Serum", "price": "24.90", "currency": "USD"}
    response = api.post("/api/v1/products/", data, **JSON)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["shop"])


def test_the_rules_are_those_of_the_page(api, shop):
    data = {"shop": shop.pk, "title": "Serum", "price": "24.90", "currency": "USD", "default_commission_rate": "90"}
    response = api.post("/api/v1/products/", data, **JSON)
    assert (response.status_code, response.json()["code"]) == (400, "product_invalid")
    assert list(response.json()["fields"]) == ["default_commission_rate"]


def test_a_patch_changes_what_is_sent(api, shop):
    product = make_product(shop)
    response = api.patch(f"/api/v1/products/{product.pk}/", {"unit_cost": "7.00", "state": "paused"}, **JSON)
    assert response.status_code == 200
    changed = Product.objects.get(pk=product.pk)
    assert (changed.unit_cost, changed.price, changed.state) == (D("7"), D("24"), "paused")


def test_fields_and_state_change_together_or_not(api, shop):
    product = make_product(shop, state="retired")
    response = api.patch(f"/api/v1/products/{product.pk}/", {"title": "Other", "state": "paused"}, **JSON)
    assert (response.status_code, response.json()["code"]) == (409, "product_move_impossible")
    assert Product.objects.get(pk=product.pk).title == product.title


def test_stock_is_booked_and_never_below_nothing(api, shop):
    product = make_product(shop, sample_stock=3)
    response = api.post(f"/api/v1/products/{product.pk}/stock/", {"delta": -2, "note": "Given away"}, **JSON)
    assert (response.status_code, response.json()["balance"]) == (201, 1)
    refused = api.post(f"/api/v1/products/{product.pk}/stock/", {"delta": -2}, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "stock_too_low")


def test_products_of_others_are_not_there(api):
    assert api.get(f"/api/v1/products/{make_product(make_shop()).pk}/").status_code == 404

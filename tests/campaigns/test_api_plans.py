from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import SEATS, TargetedPlan
from tests.factories import make_creator, make_market, make_shop, make_user, sign_in
from tests.plans import make_collaboration, make_creators, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db

LATER = timezone.now().date() + timedelta(days=40)
JSON = {"content_type": "application/json"}


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    make_market("US")
    return make_shop([seller])


@pytest.fixture
def api(client, seller):
    return sign_in(client, seller)


def seats_url(plan):
    return reverse("api_plan_seats", args=[plan.pk])


def test_create_and_read(api, shop, seller):
    product = make_product(shop, seller)
    body = {
        "shop": shop.pk, "market": "US", "name": "Winter care", "ends_on": LATER.isoformat(), "budget": "900.00",
        "products": [{"product": product.pk, "commission_rate": "12.50"}],
    }  # fmt: skip
    made = api.post(reverse("api_plan-list"), body, **JSON)
    assert made.status_code == 201
    plan = api.get(reverse("api_plan-detail", args=[made.json()["id"]])).json()
    assert (plan["state"], plan["currency"], plan["budget"], plan["seats_taken"]) == ("draft", "USD", "900.00", 0)
    lines = api.get(reverse("api_plan_products", args=[plan["id"]])).json()
    assert [(line["product"], line["commission_rate"]) for line in lines] == [(product.pk, "12.50")]


def test_a_refusal_has_the_shape_of_every_error(api, shop):
    body = {"shop": shop.pk, "market": "US", "name": "Late", "ends_on": "2020-01-01"}
    response = api.post(reverse("api_plan-list"), body, **JSON)
    assert response.status_code == 400
    assert (response.json()["code"], list(response.json()["fields"])) == ("ends_in_past", ["ends_on"])


def test_list_is_filtered(api, shop, seller):
    plan = make_plan(shop, seller)
    make_plan(shop, seller, state="archived")
    make_plan()
    found = api.get(reverse("api_plan-list")).json()["results"]
    assert [one["id"] for one in found] == [plan.pk]
    assert api.get(f"{reverse('api_plan-list')}?state=draft").json()["results"] == []


def test_patch_changes_what_was_sent(api, shop, seller):
    plan = make_plan(shop, seller, budget=Decimal(500))
    url = reverse("api_plan-detail", args=[plan.pk])
    assert api.patch(url, {"name": "New name"}, **JSON).json()["name"] == "New name"
    plan.refresh_from_db()
    assert (plan.name, plan.budget, plan.message) == ("New name", 500, "Hello {creator}")


def test_actions(api, shop, seller):
    plan = make_plan(shop, seller, state="draft", ends_on=LATER)
    make_collaboration(plan, state="invited")

    def act(name):
        return api.post(reverse(f"api_plan-{name}", args=[plan.pk]), {}, **JSON)

    assert act("start").json()["state"] == "running"
    assert act("start").json()["code"] == "plan_move_impossible"
    closed = act("close").json()
    assert (closed["state"], closed["expired"], closed["going_on"]) == ("closed", 1, 0)
    assert act("archive").json()["state"] == "archived"
    copy = act("duplicate")
    assert (copy.status_code, copy.json()["copied_from"]) == (201, plan.pk)


def test_seats_are_given_and_refusals_named(api, shop, seller):
    plan = make_plan(shop, seller)
    seated = seat_all(plan, [make_creator()])[0]
    by_key, by_handle = make_creator(market="GB"), make_creator("brass_lantern")
    body = {"creators": [by_key.pk, seated.creator_id], "handles": ["@Brass_Lantern", "nobody_here", "no!"]}
    response = api.post(seats_url(plan), body, **JSON)
    assert response.status_code == 201
    told = response.json()
    assert [seat["creator"] for seat in told["seats"]] == [by_key.pk, by_handle.pk]
    assert [(one["creator"], one["handle"], one["code"]) for one in told["refused"]] == [
        (seated.creator_id, seated.creator.handle, "already_in_plan"),
        (None, "nobody_here", "creator_unknown"),
        (None, "no!", "handle_unreadable"),
    ]
    assert [one["code"] for one in told["warnings"]] == ["other_market"]
    assert len(api.get(seats_url(plan)).json()) == 3


def test_nobody_gets_a_seat(api, shop, seller):
    plan = make_plan(shop, seller)
    seat_all(plan, make_creators(SEATS))
    creator = make_creator()
    response = api.post(seats_url(plan), {"creators": [creator.pk]}, **JSON)
    assert response.status_code == 409
    assert response.json()["code"] == "nobody_seated"
    assert [(one["creator"], one["code"]) for one in response.json()["refused"]] == [(creator.pk, "plan_full")]


def test_only_unknown_handles(api, shop, seller):
    response = api.post(seats_url(make_plan(shop, seller)), {"handles": ["nobody_here"]}, **JSON)
    assert (response.status_code, response.json()["refused"][0]["code"]) == (409, "creator_unknown")


@pytest.mark.parametrize("body", [{}, {"creators": list(range(1, 1002))}])
def test_seats_want_some_and_not_too_many(api, shop, seller, body):
    assert api.post(seats_url(make_plan(shop, seller)), body, **JSON).json()["code"] == "invalid"


def test_a_seat_is_freed_with_a_reason(api, shop, seller):
    plan = make_plan(shop, seller)
    first, second = (one.seat for one in seat_all(plan, make_creators(2)))
    url = reverse("api_plan_seat", args=[plan.pk, first.pk])
    assert api.delete(url).status_code == 400
    assert api.delete(url, {"reason": "Wrong creator"}, **JSON).status_code == 204
    assert api.delete(f"{reverse('api_plan_seat', args=[plan.pk, second.pk])}?reason=Wrong").status_code == 204
    assert not plan.seats.taken().exists()


def test_products_and_their_commission(api, shop, seller):
    plan = make_plan(shop, seller, rate="20")
    make_collaboration(plan, state="accepted")
    product = make_product(shop, seller)
    added = api.post(
        reverse("api_plan_products", args=[plan.pk]), {"product": product.pk, "commission_rate": "15"}, **JSON
    )  # fmt: skip
    assert added.status_code == 201
    url = reverse("api_plan_product", args=[plan.pk, plan.plan_products.first().pk])
    change = api.patch(url, {"commission_rate": "12"}, **JSON).json()
    assert (change["from_rate"], change["commission_rate"]) == ("20.00", "12.00")
    assert change["takes_effect_at"] > change["effective_at"]
    assert api.delete(url).status_code == 204
    assert TargetedPlan.objects.get().plan_products.filter(removed_at__isnull=True).get().product == product


def test_products_of_other_shops_are_unknown(api, shop, seller):
    plan = make_plan(shop, seller)
    body = {"product": make_product(make_shop()).pk, "commission_rate": "15"}
    assert api.post(reverse("api_plan_products", args=[plan.pk]), body, **JSON).status_code == 400

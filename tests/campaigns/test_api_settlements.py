"""Settlement for programs: the same rules as the pages."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import token_create
from campaigns.models import OrderLine, SettlementLine
from campaigns.services.settlements import line_approve
from tests.factories import make_creator
from tests.plans import make_collaboration, make_plan
from tests.settlements import approver, make_line

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


def api_of(user) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=user, name='Sheet', by=user).secret}"})


def post(user, path, data=None):
    return api_of(user).post(f"{BASE}/{path}", data or {}, content_type="application/json")


@pytest.fixture
def collaboration():
    return make_collaboration(make_plan(), make_creator("brass_lantern"), state="accepted")


@pytest.fixture
def line(collaboration):
    return make_line(collaboration, "120.50", at=timezone.now())


def test_lines_are_listed_filtered_and_read(line):
    make_line()
    user = line.collaboration.owner
    rows = api_of(user).get(f"{BASE}/settlements/", {"state": "due", "creator": "brass"}).json()["results"]
    assert [(row["id"], row["amount"], row["handle"]) for row in rows] == [(line.pk, "120.50", "brass_lantern")]
    assert api_of(user).get(f"{BASE}/settlements/", {"state": "paid"}).json()["results"] == []
    one = api_of(user).get(f"{BASE}/settlements/{line.pk}/").json()
    assert (one["kind"], one["payer"], one["approved_by"]) == ("compensation", "us", None)


def test_approve_and_dispute(line):
    user = approver(line.shop)
    answer = post(user, f"settlements/{line.pk}/approval/")
    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    again = post(line.collaboration.owner, f"settlements/{line.pk}/approval/")
    assert (again.status_code, again.json()["code"]) == (409, "line_not_due")
    answer = post(user, f"settlements/{line.pk}/dispute/", {"reason": "Wrong sum."})
    assert answer.json()["state"] == "disputed"


def test_statements_are_issued_once(line):
    user = line.collaboration.owner
    wanted = {"shop": line.shop_id, "creator": line.creator_id, "month": f"{line.month:%Y-%m}", "currency": "USD"}
    answer = post(user, "statements/", wanted)
    assert (answer.status_code, answer.json()["totals"]["payable"], answer.json()["lines"]) == (
        201,
        "120.50",
        [line.pk],
    )
    assert post(user, "statements/", wanted).json()["code"] == "nothing_to_state"
    assert list(post(user, "statements/", wanted | {"month": "soon"}).json()["fields"]) == ["month"]
    assert len(api_of(user).get(f"{BASE}/statements/").json()["results"]) == 1


def test_payouts_are_made_and_paid_once(line):
    user = line.collaboration.owner
    line_approve(line=line, by=approver(line.shop), at=timezone.now())
    payout = post(user, "payouts/", {"shop": line.shop_id, "currency": "USD"}).json()
    assert (payout["total"], payout["lines"], payout["paid_on"]) == ("120.50", [line.pk], None)
    paid = {"reference": "TT-1", "paid_on": timezone.now().date().isoformat()}
    assert post(user, f"payouts/{payout['id']}/payment/", paid).json()["reference"] == "TT-1"
    assert post(user, f"payouts/{payout['id']}/payment/", paid).json()["code"] == "payout_paid"
    assert api_of(user).get(f"{BASE}/payouts/").json()["results"][0]["id"] == payout["id"]


def order(**fields):
    values = {
        "order_id": "576461413038785752",
        "creator": "@Brass_Lantern",
        "ordered_at": timezone.now().isoformat(),
        "currency": "USD",
        "item_price": "100.00",
        "commission_reported": "15.00",
    }
    return values | fields


def test_order_lines_are_written_and_settled(collaboration):
    user, product = collaboration.owner, collaboration.plan.plan_products.get().product
    lines = [order(sku=product.sku), order(order_id="2", creator="nobody"), order(order_id="3", creator="https://x.y/")]
    answer = post(user, "order-lines/", {"shop": collaboration.shop_id, "lines": lines}).json()
    assert (answer["written"], answer["matched"], answer["settled"]) == (1, 1, 1)
    assert answer["refused"] == [
        {"index": 1, "field": "creator", "code": "creator_unknown"},
        {"index": 2, "field": "creator", "code": "creator_missing"},
    ]
    assert SettlementLine.objects.get().state == "matched"
    rows = api_of(user).get(f"{BASE}/order-lines/").json()["results"]
    assert [(row["collaboration"], row["item_price"]) for row in rows] == [(collaboration.pk, "100.00")]


def test_a_line_that_moves_leaves_its_old_collaboration_at_nothing(collaboration):
    user, product = collaboration.owner, collaboration.plan.plan_products.get().product
    wanted = {"shop": collaboration.shop_id, "lines": [order(sku=product.sku, line_id="1")]}
    post(user, "order-lines/", wanted)
    wanted["lines"][0]["sku"] = ""
    assert post(user, "order-lines/", wanted).json()["settled"] == 1
    assert OrderLine.objects.get().collaboration is None
    assert SettlementLine.objects.get().amount == 0


def test_more_refunded_than_ordered_is_refused(collaboration):
    wanted = {"shop": collaboration.shop_id, "lines": [order(refunded="100.01")]}
    answer = post(collaboration.owner, "order-lines/", wanted)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["lines"])

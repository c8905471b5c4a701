import pytest
from rest_framework.test import APIClient

from campaigns.models import Campaign
from tests.factories import make_market, make_shop, make_user
from tests.plans import make_campaign, make_collaboration, make_plan, make_product

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/"


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    make_market("US")
    return make_shop([seller])


@pytest.fixture
def campaign(shop, seller):
    return make_campaign(shop, seller)


@pytest.fixture
def api(seller):
    client = APIClient()
    client.force_authenticate(seller)
    return client


def values(shop, **changes):
    return {
        "shop": shop.pk, "name": "Spring", "goal": "sales", "starts_on": "2026-12-01", "ends_on": "2027-02-28",
        "currency": "USD",
    } | changes  # fmt: skip


def test_list_and_one(api, campaign, shop, seller):
    make_collaboration(make_plan(shop, seller, campaign=campaign), state="accepted")
    found = api.get(URL, {"state": "active"}).json()["results"]
    assert [one["id"] for one in found] == [campaign.pk]
    one = api.get(f"{URL}{campaign.pk}/").json()
    assert one == found[0]
    assert (one["funnel"]["accepted"], one["budget"], one["gmv_net"], one["seats"]) == (1, "9000.00", None, 30)
    assert api.get(URL, {"goal": "x"}).status_code == 400


def test_make_and_change(api, shop, seller):
    made = api.post(URL, values(shop, forbidden_words=["cure"]), format="json")
    assert (made.status_code, made.json()["owner"], made.json()["forbidden_words"]) == (201, seller.pk, ["cure"])
    url = f"{URL}{made.json()['id']}/"
    changed = api.patch(url, {"budget": "120.50", "name": "Early spring"}, format="json").json()
    assert (changed["budget"], changed["name"], changed["goal"]) == ("120.50", "Early spring", "sales")
    taken = api.post(URL, values(shop, name="Early spring"), format="json")
    assert (taken.status_code, taken.json()["code"]) == (409, "campaign_name_taken")
    assert api.post(URL, values(shop, currency="XXX"), format="json").status_code == 400
    assert api.post(URL, values(make_shop()), format="json").status_code == 400


def test_move(api, campaign):
    assert api.post(f"{URL}{campaign.pk}/move/", {"to": "closed"}, format="json").json()["state"] == "closed"
    refused = api.patch(f"{URL}{campaign.pk}/", {"name": "New"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_not_active")


def test_stages(api, campaign):
    url = f"{URL}{campaign.pk}/stages/"
    stage = {"name": "Push", "starts_on": "2026-12-01", "ends_on": "2026-12-30", "goal_invited": 40}
    made = api.post(url, stage, format="json")
    assert (made.status_code, made.json()["goal_gmv"]) == (201, None)
    one = f"{url}{made.json()['id']}/"
    assert api.patch(one, {"goal_gmv": "900.00"}, format="json").json()["goal_gmv"] == "900.00"
    outside = api.patch(one, {"ends_on": "2027-03-01"}, format="json")
    assert outside.json()["code"] == "stage_outside"
    assert len(api.get(url).json()) == 1
    assert api.delete(one).status_code == 204
    assert api.get(url).json() == []


def test_matrices(api, campaign, seller):
    url = f"{URL}{campaign.pk}/matrices/"
    product = make_product(campaign.shop, seller)
    made = api.post(url, {"name": "Test", "products": [product.pk], "styles": ["Unboxing", "Story"]}, format="json")
    assert made.status_code == 201
    assert [cell["style"] for cell in made.json()["cells"]] == ["Unboxing", "Story"]
    assert (made.json()["judgement"], made.json()["cells"][0]["week"]) == ("nothing", None)
    assert api.get(url).json() == [made.json()]
    foreign = make_product(make_shop())
    assert api.post(url, {"name": "X", "products": [foreign.pk], "styles": ["A"]}, format="json").status_code == 400


def test_strangers_see_none(campaign):
    client = APIClient()
    client.force_authenticate(make_user())
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{campaign.pk}/").status_code == 404
    assert Campaign.objects.count() == 1

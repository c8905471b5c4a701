"""The directory for programs: the same answers as the page, one error shape, a schema that holds."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.services import token_create
from creators.metrics import METRICS
from creators.models import Category, Creator, ExchangeRate, Snapshot
from creators.services.merge import facts_merge
from creators.states import Quality
from tests.factories import DAY, make_creator, make_user, sign_in

pytestmark = pytest.mark.django_db

CREATORS = "/api/v1/creators/"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def api(client: Client) -> Client:
    return sign_in(client, make_user("viewer"))


def answer(api: Client, address: str = CREATORS, status: int = 200, **query: Any) -> Any:
    response = api.get(address, query)
    assert response.status_code == status, response.content
    return response.json()


def handles(page: dict[str, Any]) -> list[str]:
    return [creator["handle"] for creator in page["results"]]


def make_snapshot(creator: Creator, **values: object) -> None:
    defaults = {"source": "tool", "as_of": DAY, "quality": Quality.RANGE, "recorded_at": timezone.now()}
    Snapshot.objects.create(creator=creator, **defaults | values)
    facts_merge(creator_ids=[creator.pk])


def test_creator_carries_every_known_metric_with_its_source(api: Client) -> None:
    ExchangeRate.objects.create(currency="GBP", valid_from=DAY, usd=Decimal("1.25"))
    Category.objects.create(pk=1, level=1, name_en="Beauty", name_zh="美妆")
    creator = make_creator("tin", market="GB", external_id="7288990001112223334")
    ranges = {"gmv_30d": "1000"}
    make_snapshot(
        creator, gmv_30d=400, currency="GBP", ranges=ranges, engagement_by_views=Decimal("0.058"), category_ids=[1],
        nickname="Tin", language="en", agency="Blue",
    )  # fmt: skip
    (found,) = answer(api)["results"]
    # What the ledger publishes is known of everybody.
    assert [found["metrics"].pop(key)["value"] for key in ("points", "strikes")] == [0, 0]
    gmv, engagement = found["metrics"].pop("gmv_30d"), found["metrics"].pop("engagement_by_views")
    assert found == {
        "id": creator.pk, "market": "GB", "handle": "tin", "nickname": "Tin", "external_id": "7288990001112223334",
        "language": "en", "agency": "Blue", "categories": [{"id": 1, "name": "Beauty"}], "tier": None,
        "as_of": "2026-11-20", "metrics": {},
    }  # fmt: skip
    assert gmv == {
        "value": 500.0, "high": 1250.0, "is_range": True, "quality": "range", "source": "tool", "as_of": "2026-11-20",
        "window_days": 30, "unit": "usd",
    }  # fmt: skip
    assert (engagement["value"], engagement["unit"], engagement["is_range"]) == (5.8, "percent", False)


def test_detail_is_the_same_creator(api: Client) -> None:
    creator = make_creator("tin", followers=5)
    assert answer(api, f"{CREATORS}{creator.pk}/") == answer(api)["results"][0]


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "abc"])
def test_unknown_creator_is_not_found(api: Client, pk: str) -> None:
    assert api.get(f"{CREATORS}{pk}/").status_code == 404


def test_filters_and_order_are_those_of_the_page(api: Client) -> None:
    make_creator("low", gmv_30d_usd=10, engagement_by_views=Decimal("0.03"))
    make_creator("high", gmv_30d_usd=20, engagement_by_views=Decimal("0.03"))
    make_creator("dull", gmv_30d_usd=30, engagement_by_views=Decimal("0.01"))
    page = answer(api, engagement_by_views_min="2.0", ordering="gmv_30d")
    assert handles(page) == ["low", "high"]
    assert (page["count"], page["count_is_capped"]) == (2, False)


def test_next_and_previous_walk_the_list(api: Client) -> None:
    for number in range(30):
        make_creator(f"c{number:02}", followers=number)
    first = answer(api, rows="25", market="US")
    second = api.get(first["next"]).json()
    assert (len(first["results"]), first["previous"]) == (25, None)
    assert handles(second) == ["c04", "c03", "c02", "c01", "c00"]
    assert second["next"] is None
    assert handles(api.get(second["previous"]).json()) == handles(first)


def test_invalid_filter_is_an_error_in_the_one_shape(api: Client) -> None:
    error = answer(api, status=400, followers_min="abc", market="XX", ordering="password")
    assert error["code"] == "invalid"
    assert set(error["fields"]) == {"followers_min", "market", "ordering"}
    assert "Write a number" in error["fields"]["followers_min"]


def test_broken_cursor_is_an_error(api: Client) -> None:
    assert "cursor" in answer(api, status=400, cursor="nonsense")["fields"]


@pytest.mark.parametrize("address", [CREATORS, f"{CREATORS}1/", "/api/v1/metrics/"])
def test_strangers_get_401_in_the_one_shape(client: Client, address: str) -> None:
    error = answer(client, address, 401)
    assert set(error) == {"code", "message", "fields"}


def test_schema_is_for_members(client: Client) -> None:
    assert client.get("/api/schema/").status_code == 401
    assert client.get("/api/docs/").status_code == 302


def test_token_opens_the_api(client: Client) -> None:
    user = make_user("viewer")
    secret = token_create(user=user, name="script", by=user).secret
    assert client.get(CREATORS, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert client.get(CREATORS, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_api_only_reads(api: Client) -> None:
    assert api.post(CREATORS, {}).status_code in (403, 405)


def test_metrics_are_the_dictionary(api: Client) -> None:
    found = answer(api, "/api/v1/metrics/")
    assert [metric["key"] for metric in found] == [metric.key for metric in METRICS]
    assert {metric["unit"] for metric in found} == {"count", "usd", "percent", "score"}


def test_page_takes_few_queries(api: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(60):
        make_creator(followers=number)
    with django_assert_max_num_queries(9):
        answer(api, market="US", followers_min="1", ordering="-gmv_30d")


def test_schema_is_valid_and_names_every_filter(api: Client, tmp_path: Any) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    schema = file.read_text()
    assert all(f"name: {metric.key}_min" in schema for metric in METRICS)


def test_docs_run_no_inline_script(api: Client) -> None:
    page = api.get(reverse("api_docs"))
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    assert "<style" not in page.content.decode()
    script = api.get(reverse("api_docs"), {"script": ""})
    assert script["Content-Type"].startswith("application/javascript")

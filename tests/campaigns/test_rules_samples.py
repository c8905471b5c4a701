from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.rules.fulfilment import Shown, judge, parts_of
from campaigns.rules.screening import Facts, screen
from campaigns.rules.tracking import CARRIERS, tracking_url
from tests.plans import NOON

DAY = timedelta(days=1)
VIDEO = Shown("video", product_id=1, published_at=NOON + DAY)
FACTS = Facts(
    followers=9_000, sales_usd=Decimal(10), points=0, findings=(), received=2, unfulfilled=0, creator_market="US",
    plan_market="US", stock=3, quantity=1, cost=Decimal("6.50"), booked=Decimal(0), budget=Decimal(100),
)  # fmt: skip


def verdict(*contents, at, min_views=None):
    return judge(contents, product_id=1, delivered_at=NOON, due_at=NOON + 14 * DAY, min_views=min_views, at=at)


@pytest.mark.parametrize(
    ("content", "after", "expected"),
    [
        (VIDEO, 4 * DAY, "fulfilled"),
        (VIDEO, 4 * DAY - timedelta(seconds=1), "open"),
        (replace(VIDEO, product_id=2), 5 * DAY, "open"),
        (replace(VIDEO, product_id=None), 18 * DAY, "unfulfilled"),
        (replace(VIDEO, published_at=NOON - DAY), 5 * DAY, "open"),
        (replace(VIDEO, taken_down_at=NOON + 4 * DAY), 5 * DAY, "fulfilled"),
        (replace(VIDEO, taken_down_at=NOON + 3 * DAY), 17 * DAY, "open"),
        (replace(VIDEO, published_at=NOON + 14 * DAY), 17 * DAY, "fulfilled"),
        (Shown("live", 1, NOON + DAY, live_minutes=10), 2 * DAY, "fulfilled"),
        (Shown("live", 1, NOON + DAY, live_minutes=1), 2 * DAY, "open"),
        (Shown("live", 1, NOON + DAY), 2 * DAY, "open"),
        (replace(VIDEO, published_at=None), 2 * DAY, "open"),
    ],
)
def test_what_fulfils(content, after, expected):
    assert verdict(content, at=NOON + after) == expected


def test_views_of_the_plan():
    assert verdict(VIDEO, at=NOON + 5 * DAY, min_views=100) == "open"
    assert verdict(replace(VIDEO, views=100), at=NOON + 5 * DAY, min_views=100) == "fulfilled"


def test_the_parts_of_the_test_are_named():
    parts = parts_of(VIDEO, product_id=1, delivered_at=NOON, min_views=5, at=NOON + DAY)
    assert [(part.code, part.passed) for part in parts] == [
        ("after_delivery", True), ("product", True), ("kept", None), ("views", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code", "passed"),
    [
        ({"followers": 4_999}, "followers", False),
        ({"followers": None}, "followers", None),
        ({"sales_usd": Decimal(0)}, "sales", False),
        ({"sales_usd": None}, "sales", None),
        ({"findings": ("restricted",)}, "standing", False),
        ({"unfulfilled": 1}, "earlier", False),
        ({"plan_market": "GB"}, "market", False),
        ({"stock": 0}, "stock", False),
        ({"cost": None}, "cost", None),
        ({"booked": Decimal(95)}, "budget", False),
        ({"cost": None}, "budget", None),
    ],
)
def test_what_speaks_against_a_sample(change, code, passed):
    checks = {one["code"]: one["passed"] for one in screen(replace(FACTS, **change))}
    assert checks[code] is passed


def test_all_speaks_for_it():
    assert all(one["passed"] for one in screen(FACTS))
    assert "budget" not in {one["code"] for one in screen(replace(FACTS, budget=None))}


def test_tracking_pages_of_known_carriers():
    assert tracking_url("U.P.S", "1Z 9") == "https://www.ups.com/track?tracknum=1Z%209"
    assert "dhl.com" in tracking_url("DHL Express", "77")
    assert tracking_url("云途物流", "YT1").endswith("YT1")
    assert tracking_url("My cousin", "77") == tracking_url("UPS", " ") == ""
    assert "UPS" in CARRIERS

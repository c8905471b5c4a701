"""Columns of the directory, and how a cell is written for people."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from creators.exports import CHOOSABLE, COLUMN_BY_KEY, DEFAULT_KEYS, cell, columns_chosen, metric_text
from creators.metrics import BY_KEY, METRICS
from creators.models import Category, Creator, CreatorFacts
from creators.selectors.directory import Row
from creators.selectors.values import Value
from creators.states import Quality
from tests.factories import DAY


def make_value(key: str, value: Any, **fields: Any) -> Value:
    defaults: dict[str, Any] = {
        "high": None, "is_range": False, "quality": Quality.EXACT, "source": "tool", "as_of": DAY, "window_days": 30,
        "currency": "USD", "usd": Decimal(value), "import_id": None, "snapshot_id": 1,
    }  # fmt: skip
    return Value(metric_key=key, value=Decimal(value), **defaults | fields)


def written(key: str, fact: Any, value: Value | None = None, language: str = "en") -> tuple[str, str]:
    return metric_text(BY_KEY[key], fact, value, language)


def test_every_metric_has_a_column() -> None:
    assert {metric.key for metric in METRICS} <= set(COLUMN_BY_KEY)
    assert set(DEFAULT_KEYS) <= set(COLUMN_BY_KEY)


def test_chosen_columns_keep_their_order_and_fall_back_to_the_usual() -> None:
    assert [column.key for column in columns_chosen(["agency", "gpm", "nonsense"])] == ["gpm", "agency"]
    assert [column.key for column in columns_chosen(["nonsense"])] == list(DEFAULT_KEYS)
    assert len(columns_chosen(COLUMN_BY_KEY)) == len(CHOOSABLE)


@pytest.mark.parametrize(
    ("key", "fact", "value", "expected"),
    [
        ("followers", 612_400, None, ("612.4K", "")),
        ("followers", None, None, ("–", "")),
        ("gmv_30d", Decimal(48_210), make_value("gmv_30d", 48_210), ("$48,210", "exact")),
        ("gmv_30d", Decimal(1), make_value("gmv_30d", 1, quality=Quality.EDITED), ("$1", "exact")),
        (
            "gmv_30d", Decimal(50_000),
            make_value("gmv_30d", 50_000, quality=Quality.RANGE, is_range=True, high=Decimal(100_000)),
            ("$50K–100K", "range"),
        ),
        ("gmv_30d", Decimal(9), make_value("gmv_30d", 9, quality=Quality.RANGE, is_range=True), ("$9+", "range")),
        ("gmv_30d", Decimal(38_600), make_value("gmv_30d", 38_600, quality=Quality.ESTIMATE), ("≈ $38.6K", "estimate")),
        ("avg_views", 9, make_value("avg_views", 9, quality=Quality.RANGE), ("9", "range")),
        ("avg_views", 9, make_value("avg_views", 9), ("9", "")),
        ("engagement_by_views", Decimal("0.058"), None, ("5.8%", "")),
        ("female_share", Decimal("0.6"), None, ("60%", "")),
        ("gpm", Decimal("31.4"), None, ("$31.40", "")),
    ],
)  # fmt: skip
def test_metric_is_written_with_its_mark(key: str, fact: Any, value: Value | None, expected: tuple[str, str]) -> None:
    assert written(key, fact, value) == expected


def test_range_of_foreign_money_is_in_usd() -> None:
    value = make_value(
        "gmv_30d", 100, usd=Decimal(125), currency="GBP", quality=Quality.RANGE, is_range=True, high=Decimal(2_000)
    )
    assert written("gmv_30d", Decimal(125), value) == ("$125–2.5K", "range")


def test_range_of_foreign_money_from_nothing_stays_foreign() -> None:
    value = make_value("gmv_30d", 0, currency="GBP", quality=Quality.RANGE, is_range=True, high=Decimal(500))
    assert written("gmv_30d", Decimal(0), value) == ("£0–500", "range")


def test_numbers_follow_the_language() -> None:
    assert written("followers", 612_400, language="zh-hans") == ("61.2万", "")


def make_row(**facts: Any) -> Row:
    creator = Creator(pk=1, handle="tin", market_id="US")
    category = Category(pk=1, level=1, name_en="Beauty", name_zh="美妆")
    return Row(creator, CreatorFacts(creator_id=1, as_of=DAY, **facts), {}, [category])


def test_text_cells_say_unknown_for_nothing() -> None:
    row = make_row(agency="")
    assert cell(COLUMN_BY_KEY["agency"], row, "en").text == "–"
    assert cell(COLUMN_BY_KEY["categories"], row, "en").text == "Beauty"


def test_cell_of_a_value_tells_its_source() -> None:
    row = make_row(followers=5)
    row.values["followers"] = make_value("followers", 5)
    with translation.override("en"):
        found = cell(COLUMN_BY_KEY["followers"], row, "en")
    assert found.title == "tool, as of 2026-11-20, exact"
    assert str(found.narrow_label) == "Followers"

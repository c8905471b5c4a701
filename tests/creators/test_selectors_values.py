"""What is not exact, told cheaply: the same as opening every value."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from creators.models import Creator, Snapshot
from creators.selectors.values import Value, doubts_of, values_of
from creators.states import Quality
from tests.factories import DAY, make_creator

pytestmark = pytest.mark.django_db


def add(creator: Creator, quality: Quality, *, days_ago: int = 0, **fields: Any) -> None:
    as_of = DAY - timedelta(days=days_ago)
    Snapshot.objects.create(
        creator=creator, source="tool", as_of=as_of, quality=quality, recorded_at=timezone.now(), **fields
    )


def doubts(creator: Creator) -> dict[str, Value | Quality]:
    return doubts_of([creator.pk])[creator.pk]


def test_single_numbers_tell_their_quality_and_exact_ones_nothing() -> None:
    creator = make_creator()
    add(creator, Quality.EXACT, followers=10)
    add(creator, Quality.EDITED, likes_total=3)
    add(creator, Quality.RANGE, units_30d=5)
    add(creator, Quality.ESTIMATE, followers=12, avg_views=7)
    assert doubts(creator) == {"units_30d": Quality.RANGE, "avg_views": Quality.ESTIMATE}


@pytest.mark.parametrize("quality", [Quality.EXACT, Quality.RANGE, Quality.ESTIMATE])
def test_ranges_are_opened(quality: Quality) -> None:
    creator = make_creator()
    add(creator, quality, followers=50, gmv_30d=Decimal(9), ranges={"followers": "100", "gmv_30d": None})
    found, opened = doubts(creator), values_of([creator.pk])[creator.pk]
    assert found == opened
    assert opened["followers"].high == 100
    assert opened["gmv_30d"].is_open


@pytest.mark.parametrize(("days_ago", "expected"), [(30, {}), (31, {"followers": Quality.ESTIMATE})])
def test_an_exact_number_wins_while_it_is_fresh(days_ago: int, expected: dict[str, Quality]) -> None:
    creator = make_creator()
    add(creator, Quality.EXACT, days_ago=days_ago, followers=10)
    add(creator, Quality.ESTIMATE, followers=12)
    assert doubts(creator) == expected


def test_of_two_ranges_the_newer_wins() -> None:
    creator = make_creator()
    add(creator, Quality.RANGE, followers=20, ranges={"followers": "30"})
    add(creator, Quality.RANGE, days_ago=1, followers=50, ranges={"followers": "100"})
    found = doubts(creator)["followers"]
    assert isinstance(found, Value)
    assert found.value == 20


def test_nothing_is_asked_about_ranges_when_there_are_none(django_assert_num_queries: Any) -> None:
    creator = make_creator()
    add(creator, Quality.ESTIMATE, followers=12)
    with django_assert_num_queries(1):
        assert doubts(creator) == {"followers": Quality.ESTIMATE}

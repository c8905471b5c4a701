"""Pages by cursor, over creators' facts because core has no list of its own."""

import base64
import json
from typing import Any

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from core.lists import Count, CursorError, Order, Page, count_capped, keyset_page, rows_chosen
from creators.models import Creator, CreatorFacts
from tests.factories import make_creator

pytestmark = pytest.mark.django_db

FALLING = Order("-gmv_30d", "gmv_30d_usd", descending=True)
RISING = Order("gmv_30d", "gmv_30d_usd", descending=False)
VALUES = (50, 10, None, 30, 30, None, 30, 20)


@pytest.fixture(params=["in memory", "along the index"], autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here runs for small results and, by a cap of none, for large ones."""
    if request.param == "along the index":
        monkeypatch.setattr("core.lists.COUNT_CAP", 0)


def pages(order: Order, *, size: int, cursor: str = "") -> Page[CreatorFacts]:
    return keyset_page(CreatorFacts.objects.all(), order=order, size=size, cursor=cursor)


def walk(order: Order, *, size: int) -> list[list[int]]:
    """The keys of every page, forward."""
    found, cursor = [], ""
    while True:
        page = pages(order, size=size, cursor=cursor)
        found.append([row.pk for row in page.rows])
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def in_order(descending: bool) -> list[int]:
    """All keys as Python sorts them: values, then rows without one, keys in the same direction."""
    facts = list(CreatorFacts.objects.all())
    known = [one for one in facts if one.gmv_30d_usd is not None]
    unknown = [one for one in facts if one.gmv_30d_usd is None]
    known.sort(key=lambda one: (one.gmv_30d_usd, one.pk), reverse=descending)
    unknown.sort(key=lambda one: one.pk, reverse=descending)
    return [one.pk for one in [*known, *unknown]]


@pytest.mark.parametrize("order", [FALLING, RISING])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 50])
def test_pages_hold_every_row_once_in_order(order: Order, size: int) -> None:
    for value in VALUES:
        make_creator(gmv_30d_usd=value)
    found = walk(order, size=size)
    assert [pk for page in found for pk in page] == in_order(order.descending)
    assert all(len(page) == size for page in found[:-1])


@pytest.mark.parametrize("order", [FALLING, RISING])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_previous_pages_are_the_pages_before(order: Order, size: int) -> None:
    for value in VALUES:
        make_creator(gmv_30d_usd=value)
    forward, starts, cursor = [], [], ""
    while cursor is not None:
        page = pages(order, size=size, cursor=cursor)
        forward.append([row.pk for row in page.rows])
        starts.append(page.start)
        cursor = page.next_cursor
    backward = [forward[-1]]
    while page.previous_cursor:
        page = pages(order, size=size, cursor=page.previous_cursor)
        backward.insert(0, [row.pk for row in page.rows])
    assert backward == forward
    assert starts == list(range(1, len(VALUES) + 1, size))


def test_first_page_has_no_previous_and_last_no_next() -> None:
    for value in (3, 2, 1):
        make_creator(gmv_30d_usd=value)
    first = pages(FALLING, size=2)
    last = pages(FALLING, size=2, cursor=first.next_cursor or "")
    assert first.previous_cursor is None
    assert last.next_cursor is None
    assert (last.start, last.end) == (3, 3)


def test_insert_before_the_cursor_moves_nothing() -> None:
    for value in (40, 30, 20, 10):
        make_creator(gmv_30d_usd=value)
    first = pages(FALLING, size=2)
    make_creator(gmv_30d_usd=99)
    second = pages(FALLING, size=2, cursor=first.next_cursor or "")
    assert [row.gmv_30d_usd for row in second.rows] == [20, 10]


def test_back_to_the_beginning_shows_a_full_page_with_what_is_new() -> None:
    for value in (40, 30, 20):
        make_creator(gmv_30d_usd=value)
    second = pages(FALLING, size=2, cursor=pages(FALLING, size=2).next_cursor or "")
    make_creator(gmv_30d_usd=99)
    CreatorFacts.objects.filter(gmv_30d_usd=30).delete()
    page = pages(FALLING, size=2, cursor=second.previous_cursor or "")
    assert [row.gmv_30d_usd for row in page.rows] == [99, 40]
    assert page.previous_cursor is None


def packed(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "é",
        packed("-gmv_30d", 0, "5"),
        packed("gmv_30d", 0, "5", 1, 1),
        packed("-gmv_30d", 0, "NaN", 1, 1),
        packed("-gmv_30d", 0, "Infinity", 1, 1),
        packed("-gmv_30d", 0, "x", 1, 1),
        packed("-gmv_30d", 0, [], 1, 1),
        packed("-gmv_30d", 0, "5", 2**70, 1),
        packed("-gmv_30d", 0, "5", 1, 0),
        packed(),
    ],
)
def test_broken_or_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        pages(FALLING, size=2, cursor=cursor)


def test_count_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.lists.COUNT_CAP", 2)
    for _ in range(2):
        make_creator()
    whole, whole_page = count_capped(CreatorFacts.objects.all()), pages(FALLING, size=1)
    make_creator()
    capped, capped_page = count_capped(CreatorFacts.objects.all()), pages(FALLING, size=1)
    assert whole == whole_page.count == Count(2, is_capped=False)
    assert capped == capped_page.count == Count(2, is_capped=True)


def test_impossible_filter_is_an_empty_page() -> None:
    make_creator()
    page = keyset_page(CreatorFacts.objects.filter(pk__in=[]), order=FALLING, size=2)
    assert (page.rows, page.count) == ([], Count(0, is_capped=False))


def test_empty_list_is_one_empty_page() -> None:
    page = pages(FALLING, size=2)
    assert (page.rows, page.next_cursor, page.previous_cursor) == ([], None, None)


@pytest.mark.parametrize(("query", "rows"), [("", 50), ("rows=25", 25), ("rows=7", 50), ("rows=x", 50)])
def test_rows_per_page_come_from_the_choices(query: str, rows: int) -> None:
    assert rows_chosen(QueryDict(query)) == rows


def test_pages_by_a_column_that_is_never_empty_are_read_along_any_index(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    creators = [make_creator() for _number in range(3)]
    with django_assert_max_num_queries(2) as queries:
        page = keyset_page(Creator.objects.all(), order=Order("-added", "id", descending=True), size=2)
    assert [one.pk for one in page.rows] == [creators[2].pk, creators[1].pk]
    assert not any("NULLS" in query["sql"] for query in queries)

"""Filters and columns of what the ledger and the blacklist publish onto the facts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from core.lists import keyset_page
from creators.exports import COLUMN_BY_KEY, cell
from creators.filters import chips_of, creator_filter, shown_facets
from creators.metrics import BY_KEY, IMPORTED
from creators.selectors.directory import rows_of
from tests.factories import make_creator

pytestmark = pytest.mark.django_db


def found(query: str) -> set[str]:
    """The handles that pass the filters of a query."""
    return {facts.creator.handle for facts in creator_filter(QueryDict(query)).qs.select_related("creator")}


@pytest.fixture
def stood() -> None:
    now = timezone.now()
    make_creator("clean")
    make_creator("warned", points=7, strikes=1, restricted_until=now - timedelta(minutes=1))
    make_creator("withdrawn", points=14, strikes=2, restricted_until=now + timedelta(days=3))
    make_creator("listed", is_blacklisted=True)


@pytest.mark.parametrize(
    ("query", "handles"),
    [
        ("restricted=yes", {"withdrawn"}),
        ("restricted=no", {"clean", "warned", "listed"}),
        ("restricted=yes&restricted=no", {"clean", "warned", "withdrawn", "listed"}),
        ("blacklisted=yes", {"listed"}),
        ("blacklisted=no&points_min=1", {"warned", "withdrawn"}),
        ("points_min=0", {"clean", "warned", "withdrawn", "listed"}),
        ("points_min=8", {"withdrawn"}),
        ("points_max=7", {"clean", "warned", "listed"}),
        ("strikes_max=0", {"clean", "listed"}),
    ],
)
@pytest.mark.usefixtures("stood")
def test_standing_filters(query: str, handles: set[str]) -> None:
    assert found(query) == handles


@pytest.mark.usefixtures("stood")
def test_most_points_come_first_and_none_is_nought() -> None:
    directory = creator_filter(QueryDict("ordering=-points"))
    rows = keyset_page(directory.qs, order=directory.order, size=10).rows
    assert [BY_KEY["points"].of(row) for row in rows] == [14, 7, 0, 0]


def test_standing_chips_speak_in_words() -> None:
    chips = chips_of(creator_filter(QueryDict("restricted=yes&points_min=6")))
    assert {(str(chip.label), chip.shown) for chip in chips} == {("Restricted", "yes"), ("Points", "≥ 6")}


def test_standing_facet_is_picked() -> None:
    shown = shown_facets(creator_filter(QueryDict("blacklisted=yes&restricted=perhaps")), [])
    facet = next(one for one in shown if one.facet.kind == "standing")
    assert facet.is_set
    assert [choice.is_picked for choice in facet.flags[1].choices] == [True, False]
    assert facet.errors


def test_columns_show_nought_and_days() -> None:
    creator = make_creator("one", restricted_until=datetime(9999, 12, 31, tzinfo=UTC), is_blacklisted=True)
    (row,) = rows_of([creator.facts])
    texts = {key: cell(COLUMN_BY_KEY[key], row, "en").text for key in ("points", "restricted_until", "is_blacklisted")}
    assert texts == {"points": "0", "restricted_until": "no end", "is_blacklisted": "yes"}
    creator.facts.restricted_until = datetime(2026, 12, 1, 12, tzinfo=UTC)
    (row,) = rows_of([creator.facts])
    assert cell(COLUMN_BY_KEY["restricted_until"], row, "en").text == "2026-12-01"


def test_no_list_brings_points() -> None:
    assert not {"points", "strikes"} & {metric.key for metric in IMPORTED}

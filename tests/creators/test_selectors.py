"""Reads of the directory and of one creator."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from creators.filters import creator_filter
from creators.metrics import BY_KEY
from creators.models import (
    Audience,
    Category,
    Creator,
    CreatorContact,
    CreatorHandle,
    DailyMetric,
    ExchangeRate,
    Snapshot,
)
from creators.selectors.directory import (
    directory_languages,
    directory_page,
    directory_totals,
    high_end,
    market_counts,
    relaxation,
)
from creators.selectors.panels import HISTORY, OVERVIEW, Asked, panels
from creators.selectors.profile import daily_rows, history_of, places_of, profile_of
from creators.selectors.values import values_of
from creators.services.loading import partitions_ensure
from creators.services.merge import facts_merge
from creators.states import Quality
from tests.factories import DAY, make_creator, make_shop, make_shortlist, make_user

pytestmark = pytest.mark.django_db
ASKED = Asked(days=30, at=datetime(2026, 11, 25, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def make_snapshot(creator: Creator, **values: object) -> Snapshot:
    """A source's word about the creator, merged into its facts."""
    defaults = {"source": "tool", "as_of": DAY, "quality": Quality.EXACT, "recorded_at": timezone.now()}
    snapshot = Snapshot.objects.create(creator=creator, **defaults | values)
    facts_merge(creator_ids=[creator.pk])
    return snapshot


def make_rate(currency: str, usd: str) -> None:
    ExchangeRate.objects.create(currency=currency, valid_from=DAY, usd=Decimal(usd))


def test_page_has_rows_with_values_and_categories() -> None:
    Category.objects.create(pk=1, level=1, name_en="Beauty", name_zh="美妆")
    make_snapshot(make_creator("one"), followers=5_000, category_ids=[1])
    listing = directory_page(creator_filter(QueryDict("")), size=10)
    (row,) = listing.rows
    assert (row.creator.handle, row.facts.followers) == ("one", 5_000)
    assert row.values["followers"].source == "tool"
    assert [str(category) for category in row.categories] == ["Beauty"]
    assert (listing.count.number, listing.count.is_capped) == (1, False)


def test_page_takes_few_queries_however_many_rows(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(30):
        make_creator(followers=1)
    with django_assert_max_num_queries(7):
        listing = directory_page(creator_filter(QueryDict("")), size=25)
    assert len(listing.rows) == 25


def test_totals_are_kept_for_a_minute() -> None:
    make_creator(as_of=DAY)
    first = directory_totals()
    make_creator(as_of=DAY + timedelta(days=1))
    assert (first.creators, first.as_of) == (1, DAY)
    assert directory_totals() == first
    cache.clear()
    assert directory_totals().creators == 2


def test_languages_are_those_in_use() -> None:
    for code in ("vi", "en", "en", ""):
        make_creator(language=code)
    assert directory_languages() == ["en", "vi"]


def test_market_counts_leave_the_market_filter_out() -> None:
    make_creator(market="US", followers=10)
    make_creator(market="GB", followers=10)
    make_creator(market="GB", followers=1)
    assert market_counts(creator_filter(QueryDict("market=US&followers_min=5"))) == {"US": 1, "GB": 1}


def test_relaxation_names_the_filter_that_removed_most() -> None:
    for _ in range(3):
        make_creator(followers=10, gmv_30d_usd=1)
    make_creator(followers=1, gmv_30d_usd=100)
    found = relaxation(creator_filter(QueryDict("followers_min=5&gmv_30d_min=50")))
    assert found is not None
    assert (found.chip.parameter, found.removed.number) == ("gmv_30d_min", 3)


def test_relaxation_is_none_when_no_filter_alone_is_to_blame() -> None:
    make_creator(followers=1, gmv_30d_usd=1)
    assert relaxation(creator_filter(QueryDict("followers_min=5&gmv_30d_min=50"))) is None


def test_high_end_of_money_is_in_usd() -> None:
    make_rate("GBP", "1.25")
    creator = make_creator(market="GB")
    ranges = {"gmv_30d": "1000", "gpm": None, "followers": "90"}
    make_snapshot(creator, gmv_30d=500, gpm=5, followers=50, ranges=ranges, quality=Quality.RANGE, currency="GBP")
    values = values_of([creator.pk])[creator.pk]
    assert high_end(BY_KEY["gmv_30d"], values["gmv_30d"]) == 1250
    assert high_end(BY_KEY["gpm"], values["gpm"]) is None
    assert high_end(BY_KEY["followers"], values["followers"]) == 90


def test_profile_groups_what_is_known() -> None:
    make_rate("USD", "1")
    creator = make_creator()
    make_snapshot(
        creator, followers=5, gmv_30d=7, female_share=Decimal("0.6"), age_18_24_share=Decimal("0.25"), bio="Hi"
    )
    profile = profile_of(creator)
    known = {str(label): [fact.metric.key for fact in facts] for label, facts in profile.groups}
    assert known == {"Reach": ["followers"], "Sales": ["gmv_30d"]}
    assert [one.percent for one in profile.ages] == [25.0]
    assert (profile.female, profile.not_female, profile.female_percent) == (Decimal("0.6"), Decimal("0.4"), 60.0)
    assert profile.bio == "Hi"
    assert profile.has_audience


def test_profile_of_a_creator_without_facts_is_empty() -> None:
    creator = make_creator()
    creator.facts.delete()
    profile = profile_of(Creator.objects.get(pk=creator.pk))
    assert (profile.facts, profile.groups, profile.has_audience) == (None, [], False)


def test_places_come_largest_first() -> None:
    creator = make_creator()
    for name, share in (("Texas", "0.2"), ("Ohio", "0.5")):
        Audience.objects.create(creator=creator, label_en=name, share=Decimal(share), as_of=DAY)
    assert [place.label for place in places_of(creator)] == ["Ohio", "Texas"]


def test_daily_rows_end_at_the_newest_day() -> None:
    creator = make_creator()
    partitions_ensure(first=DAY - timedelta(days=60), last=DAY)
    for back in (0, 29, 30):
        DailyMetric.objects.create(creator=creator, day=DAY - timedelta(days=back))
    assert [row.day for row in daily_rows(creator, days=30)] == [DAY - timedelta(days=29), DAY]
    assert daily_rows(make_creator(), days=30) == []


def test_overview_shows_contacts_and_lists_of_own_shops_only() -> None:
    user, stranger = make_user(), make_user()
    shop, creator = make_shop([user]), make_creator()
    CreatorContact.objects.create(
        creator=creator, shop=shop, kind="email", value="a@example.com", added_at=timezone.now()
    )
    make_shortlist(shop, user, creators=[creator])
    mine = OVERVIEW.context(profile_of(creator), user, ASKED)
    theirs = OVERVIEW.context(profile_of(creator), stranger, ASKED)
    assert (len(mine["contacts"]), len(mine["entries"])) == (1, 1)
    assert (theirs["contacts"], theirs["entries"]) == ([], [])


def test_overview_draws_daily_views_and_gmv() -> None:
    creator = make_creator()
    partitions_ensure(first=DAY, last=DAY)
    DailyMetric.objects.create(creator=creator, day=DAY, views_video=5, views_live=3, gmv_video_cents=1_250)
    views, gmv = OVERVIEW.context(profile_of(creator), make_user(), ASKED)["charts"]
    assert [series["values"] for series in views.data["series"]] == [[5], [3], [0]]
    assert [series["values"] for series in gmv.data["series"]] == [[12.5], [0.0], [0.0]]
    assert gmv.rows == [["2026-11-20", "$12.50", "$0", "$0"]]


def test_history_tells_sources_handles_and_links() -> None:
    creator = make_creator("new")
    older = make_snapshot(creator, followers=1, as_of=DAY - timedelta(days=9))
    newer = make_snapshot(creator, followers=2)
    CreatorHandle.objects.create(creator=creator, handle="old", replaced_by="new", until=DAY)
    history = history_of(creator, make_user())
    assert history.snapshots == [newer, older]
    assert [one.handle for one in history.handles] == ["old"]
    assert history.events == []


def test_panels_are_those_of_the_composition() -> None:
    keys = [panel.key for panel in panels(make_user())]
    assert keys == [OVERVIEW.key, "collaborations", "violations", HISTORY.key]

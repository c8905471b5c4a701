"""The directory's filters: what each lets through, chips, errors, order."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation

from creators.filters import CreatorFilter, chips_of, creator_filter, shown_facets, unshown
from creators.metrics import METRICS
from creators.models import Category, CreatorHandle
from tests.factories import DAY, make_creator, make_market

pytestmark = pytest.mark.django_db


def found(query: str) -> set[str]:
    """The handles that pass the filters of a query."""
    return {facts.creator.handle for facts in creator_filter(QueryDict(query)).qs.select_related("creator")}


def errors(query: str) -> set[str]:
    return set(creator_filter(QueryDict(query)).errors)


def make_category(pk: int, name: str, parent: Category | None = None) -> Category:
    return Category.objects.create(pk=pk, level=2 if parent else 1, parent=parent, name_en=name, name_zh=name)


@pytest.mark.parametrize("metric", [metric for metric in METRICS if not metric.derived], ids=lambda metric: metric.key)
def test_every_metric_filters_by_both_ends(metric) -> None:
    scale = Decimal("0.01") if metric.kind == "rate" else 1
    for name, value in (("low", 1), ("middle", 2), ("high", 3)):
        make_creator(name, **{metric.fact: value * scale})
    make_creator("unknown")
    assert found(f"{metric.key}_min=2") == {"middle", "high"}
    assert found(f"{metric.key}_max=2") == {"low", "middle"}


def test_posts_count_videos_and_lives() -> None:
    make_creator("both", videos_30d=3, lives_30d=2)
    make_creator("videos", videos_30d=4)
    make_creator("none")
    assert found("posts_30d_min=5") == {"both"}
    assert found("posts_30d_max=4") == {"videos"}


@pytest.mark.parametrize("text", ["15000", "15,000", "15K", "15k", "$15,000", "1.5万"])
def test_money_is_read_as_people_type_it(text: str) -> None:
    make_creator("enough", gmv_30d_usd=15_000)
    make_creator("little", gmv_30d_usd=Decimal("14999.99"))
    query = QueryDict(mutable=True)
    query["gmv_30d_min"] = text
    assert {facts.creator.handle for facts in creator_filter(query).qs} == {"enough"}


@pytest.mark.parametrize("text", ["2", "2.0", "2%", "2.0 %"])
def test_rates_are_percentages(text: str) -> None:
    make_creator("enough", engagement_by_views=Decimal("0.02"))
    make_creator("little", engagement_by_views=Decimal("0.0199"))
    query = QueryDict(mutable=True)
    query["engagement_by_views_min"] = text
    assert {facts.creator.handle for facts in creator_filter(query).qs} == {"enough"}


def test_counts_between_whole_numbers_are_rounded_inwards() -> None:
    make_creator("ten", avg_views=10)
    make_creator("eleven", avg_views=11)
    assert found("avg_views_min=10.5") == {"eleven"}
    assert found("avg_views_max=10.5") == {"ten"}


@pytest.mark.parametrize(
    "query",
    [
        "followers_min=abc", "followers_min=-5", "gmv_30d_min=£5", "gmv_30d_min=5-10", "gmv_30d_min=1M%2B",
        "followers_min=9999999999999999", "engagement_by_views_min=many",
    ],
)  # fmt: skip
def test_unreadable_number_is_an_error_and_not_applied(query: str) -> None:
    make_creator("one", followers=5)
    name = query.split("=")[0]
    assert errors(query) == {name}
    assert found(query) == {"one"}


def test_other_filters_still_apply_beside_an_unreadable_one() -> None:
    make_creator("us", followers=5)
    make_creator("gb", market="GB", followers=5)
    assert found("followers_min=abc&market=GB") == {"gb"}


def test_crossed_ends_are_an_error_at_the_upper_one() -> None:
    make_creator("one", followers=5)
    assert errors("followers_min=10&followers_max=5") == {"followers_max"}
    assert errors("followers_min=5&followers_max=5") == set()


def test_growth_may_be_negative() -> None:
    make_creator("shrinking", follower_growth_30d=-50)
    make_creator("growing", follower_growth_30d=50)
    assert found("follower_growth_30d_max=-10") == {"shrinking"}


def test_markets_are_any_of_several() -> None:
    for code in ("US", "GB", "VN"):
        make_creator(code.lower(), market=code)
    assert found("market=US&market=GB") == {"us", "gb"}
    assert found("market=us,vn") == {"us", "vn"}


def test_unknown_market_is_an_error() -> None:
    make_creator("us")
    assert errors("market=XX") == {"market"}


def test_category_matches_any_of_the_top_three_and_level_1_its_children() -> None:
    beauty = make_category(1, "Beauty")
    make_category(11, "Skincare", beauty)
    make_category(2, "Toys")
    make_creator("child", category_ids=[2, 11], category_tree=[2, 11, 1])
    make_creator("parent", category_ids=[1], category_tree=[1])
    make_creator("toys", category_ids=[2], category_tree=[2])
    assert found("category=1") == {"child", "parent"}
    assert found("category=11") == {"child"}
    assert found("category=11&category=2") == {"child", "toys"}
    assert errors("category=99") == errors("category=beauty") == {"category"}


@pytest.mark.parametrize(
    ("band", "inside"),
    [
        ("1k-20k", {"a1000", "a19999"}), ("20k-100k", {"a20000"}), ("100k-500k", {"a100000"}),
        ("500k-1m", {"a500000", "a999999"}), ("1m-", {"a1000000"}),
    ],
)  # fmt: skip
def test_bands_include_their_lower_end_only(band: str, inside: set[str]) -> None:
    for number in (999, 1_000, 19_999, 20_000, 100_000, 500_000, 999_999, 1_000_000):
        make_creator(f"a{number}", followers=number)
    assert found(f"followers_band={band}") == inside


def test_bands_add_up() -> None:
    for number in (5_000, 50_000, 2_000_000):
        make_creator(f"a{number}", followers=number)
    assert found("followers_band=1k-20k&followers_band=1m-") == {"a5000", "a2000000"}


def test_language_is_any_of_several() -> None:
    for code in ("en", "vi", "th"):
        make_creator(code, language=code)
    assert found("language=en&language=vi") == {"en", "vi"}


def test_agency_any_none_or_part_of_the_name() -> None:
    make_creator("signed", agency="Blue Lantern MCN")
    make_creator("free")
    assert found("agency=any") == {"signed"}
    assert found("agency=none") == {"free"}
    assert found("agency=lantern") == {"signed"}
    assert found("agency=100%25") == set()


def test_tier_is_any_of_several() -> None:
    make_creator("s", tier="S")
    make_creator("c", tier="C")
    make_creator("unknown")
    assert found("tier=S&tier=A") == {"s"}


def test_goal_presets_followers() -> None:
    for number in (19_999, 20_000, 500_000):
        make_creator(f"a{number}", followers=number)
    assert found("goal=brand") == {"a500000"}
    assert found("goal=sales") == {"a20000", "a500000"}
    assert len(found("goal=custom")) == len(found("")) == 3


def test_followers_of_the_person_win_over_the_goal() -> None:
    make_creator("small", followers=1_500)
    assert found("goal=brand&followers_min=1000") == {"small"}
    assert found("goal=brand&followers_min=") == set()


def test_unknown_goal_is_an_error_and_presets_nothing() -> None:
    make_creator("small", followers=5)
    assert errors("goal=fame") == {"goal"}
    assert found("goal=fame") == {"small"}


@pytest.mark.parametrize(
    ("words", "handles"),
    [
        ("lantern", {"tin.lantern"}),
        ("LANTERN home", {"tin.lantern"}),
        ("lantern absent", set()),
        ("@tin.lantern", {"tin.lantern"}),
        ("https://www.tiktok.com/@tin.lantern?lang=en", {"tin.lantern"}),
        ("ti", {"tin.lantern"}),
        ("护", {"hufu"}),
        ("护肤", {"hufu"}),
        ("爱护肤", {"hufu"}),
        ("肤护", set()),
        ("爱护肤 日常", {"hufu"}),
        ("日常x9", {"hufu"}),
        ("100%", {"percent"}),
        ("snake_case", {"snake_case"}),
        ("snakexcase", set()),
    ],
)
def test_search_finds_every_word_in_handle_nickname_or_bio(words: str, handles: set[str]) -> None:
    make_creator("tin.lantern", nickname="Tin Lantern", bio="Home and kitchen")
    make_creator("hufu", nickname="小满爱护肤", bio="日常x9")
    make_creator("percent", bio="100% cotton")
    make_creator("snake_case")
    query = QueryDict(mutable=True)
    query["q"] = words
    assert {facts.creator.handle for facts in creator_filter(query).qs} == handles


def test_search_finds_an_earlier_handle() -> None:
    creator = make_creator("new.name")
    CreatorHandle.objects.create(creator=creator, handle="old.name", replaced_by="new.name", until=DAY)
    assert found("q=old.name") == found("q=@old.name") == {"new.name"}
    assert found("q=old.nam") == set()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_every_metric_orders_both_ways(metric) -> None:
    falling = creator_filter(QueryDict(f"ordering=-{metric.key}")).order
    rising = creator_filter(QueryDict(f"ordering={metric.key}")).order
    assert (falling.column, falling.descending) == (metric.fact, True)
    assert (rising.column, rising.descending) == (metric.fact, False)


def test_unknown_order_is_an_error_and_falls_back_to_followers() -> None:
    directory = creator_filter(QueryDict("ordering=password"))
    assert set(directory.errors) == {"ordering"}
    assert directory.order.name == "-followers"


def test_chips_name_every_filter_in_words() -> None:
    make_market("US")
    make_category(1, "Beauty")
    query = QueryDict(
        "market=US&category=1&gmv_30d_min=15K&engagement_by_views_min=2&followers_band=1m-&agency=none&q=x"
    )
    shown = {(str(chip.label), chip.shown) for chip in chips_of(creator_filter(query))}
    assert shown == {
        ("Market", "United States"), ("Category", "Beauty"), ("GMV 30d", "≥ $15K"), ("Engagement", "≥ 2.0%"),
        ("Followers", "1M+"), ("Agency", "none"), ("Search", "x"),
    }  # fmt: skip


def test_chip_of_a_goal_says_so_and_removes_the_goal() -> None:
    (chip,) = chips_of(creator_filter(QueryDict("goal=brand")))
    assert (chip.shown, chip.origin, chip.name) == ("≥ 500K", "goal: brand", "goal")


def test_chip_of_own_followers_beside_a_goal_is_a_plain_one() -> None:
    (chip,) = chips_of(creator_filter(QueryDict("goal=brand&followers_min=1000")))
    assert (chip.shown, chip.origin, chip.name) == ("≥ 1K", "", "followers_min")


def test_unread_filters_have_no_chip() -> None:
    assert chips_of(creator_filter(QueryDict("followers_min=abc&ordering=-gpm"))) == []


def test_every_filter_has_a_field_on_the_page() -> None:
    directory = creator_filter(QueryDict(""))
    facets = shown_facets(directory, ["en"])
    fields = {end.name for shown in facets for one in shown.ranges for end in one.ends}
    fields |= {shown.facet.kind for shown in facets} | {"q", "goal", "ordering"}
    fields |= {flag.name for shown in facets for flag in shown.flags}
    declared = set(CreatorFilter.base_filters)
    assert declared - {name for name in declared if name.endswith("_max")} <= fields


def test_upper_ends_without_a_field_are_kept() -> None:
    directory = creator_filter(QueryDict("gpm_max=5&gmv_30d_max=7"))
    assert unshown(directory, shown_facets(directory, [])) == [("gpm_max", "5")]


def test_facets_show_what_is_picked_and_what_is_wrong() -> None:
    make_market("US")
    facets = shown_facets(creator_filter(QueryDict("market=US&gmv_30d_min=abc&language=vi")), ["en"])
    by_kind = {shown.facet.kind: shown for shown in facets if not shown.facet.is_more}
    assert [choice.is_picked for choice in by_kind["market"].choices] == [True]
    assert [(choice.value, choice.is_picked) for choice in by_kind["language"].choices] == [("en", False), ("vi", True)]
    assert by_kind["range"].ranges[0].errors
    assert by_kind["range"].is_set


def test_category_choices_follow_their_parent() -> None:
    beauty = make_category(5, "Beauty")
    make_category(51, "Makeup", beauty)
    make_category(0, "Apparel")
    facets = shown_facets(creator_filter(QueryDict("")), [])
    choices = next(shown for shown in facets if shown.facet.kind == "category").choices
    assert [(choice.label, choice.group) for choice in choices] == [
        ("Apparel", "Apparel"), ("Beauty", "Beauty"), ("Makeup", "Beauty"),
    ]  # fmt: skip


def test_chips_speak_the_language_of_the_page() -> None:
    make_market("US")
    with translation.override("zh-hans"):
        shown = [chip.shown for chip in chips_of(creator_filter(QueryDict("market=US&followers_min=15000")))]
    assert shown == ["美国", "≥ 1.5万"]

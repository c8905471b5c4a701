"""Facts are merged from snapshots by one rule, in place and by rebuild alike."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creators.models import Category, Creator, CreatorFacts, CreatorText, ExchangeRate, Snapshot
from creators.selectors.values import values_of
from creators.services.merge import facts_merge
from creators.states import Quality
from tests.factories import make_market

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def make_known(handle: str = "amy") -> Creator:
    return Creator.objects.create(market=make_market("US"), handle=handle, first_seen_on=DAY, last_seen_on=DAY)


def say(creator: Creator, *, days_ago: int = 0, quality: int = Quality.ESTIMATE, **values: Any) -> Snapshot:
    fields = {
        "source": "tool",
        "as_of": DAY - timedelta(days=days_ago),
        "quality": quality,
        "recorded_at": timezone.now(),
    }
    return Snapshot.objects.create(creator=creator, **fields | values)


def merged(creator: Creator) -> CreatorFacts:
    facts_merge(creator_ids=[creator.pk])
    return CreatorFacts.objects.get(pk=creator.pk)


def test_exact_wins_over_newer_estimate() -> None:
    creator = make_known()
    say(creator, days_ago=30, quality=Quality.EXACT, followers=100)
    say(creator, followers=200)
    assert merged(creator).followers == 100


def test_exact_over_30_days_older_loses() -> None:
    creator = make_known()
    say(creator, days_ago=31, quality=Quality.EXACT, followers=100)
    say(creator, followers=200)
    assert merged(creator).followers == 200


def test_newer_wins_among_equals() -> None:
    creator = make_known()
    say(creator, days_ago=3, followers=100)
    say(creator, days_ago=9, followers=300)
    assert merged(creator).followers == 100


def test_empty_cell_says_nothing() -> None:
    creator = make_known()
    say(creator, days_ago=90, followers=100)
    say(creator, avg_views=7)
    facts = merged(creator)
    assert (facts.followers, facts.avg_views, facts.as_of) == (100, 7, DAY)


def test_range_in_exact_source_loses_to_exact_value() -> None:
    creator = make_known()
    ExchangeRate.objects.create(currency="USD", valid_from=DAY - timedelta(days=900), usd=1)
    say(creator, quality=Quality.EXACT, gmv_30d=50, ranges={"gmv_30d": "100"})
    say(creator, days_ago=20, quality=Quality.EXACT, gmv_30d=70)
    assert merged(creator).gmv_30d_usd == 70


def test_edit_wins_for_good() -> None:
    creator = make_known()
    say(creator, days_ago=400, quality=Quality.EDITED, followers=42, nickname="Said by hand")
    say(creator, quality=Quality.EXACT, followers=100, nickname="Tool")
    facts = merged(creator)
    creator.refresh_from_db()
    assert (facts.followers, creator.nickname) == (42, "Said by hand")


def test_money_uses_the_rate_of_its_day() -> None:
    creator = make_known()
    for day, usd in ((DAY - timedelta(days=99), "0.5"), (DAY, "0.25")):
        ExchangeRate.objects.create(currency="MYR", valid_from=day, usd=usd)
    say(creator, days_ago=1, currency="MYR", gmv_30d=100)
    assert merged(creator).gmv_30d_usd == 50
    say(creator, currency="MYR", gmv_30d=100)
    assert merged(creator).gmv_30d_usd == 25


def test_day_before_the_first_rate_uses_the_first() -> None:
    creator = make_known()
    ExchangeRate.objects.create(currency="MYR", valid_from=DAY, usd="0.25")
    say(creator, days_ago=500, currency="MYR", gmv_30d=100)
    assert merged(creator).gmv_30d_usd == 25


def test_category_tree_holds_parents() -> None:
    creator = make_known()
    parent = Category.objects.create(id=1, level=1, name_en="Beauty", name_zh="美妆")
    Category.objects.create(id=11, parent=parent, level=2, name_en="Skin", name_zh="护肤")
    say(creator, category_ids=[11])
    facts = merged(creator)
    assert (facts.category_ids, sorted(facts.category_tree)) == ([11], [1, 11])


def test_posts_are_videos_and_lives_together() -> None:
    creator = make_known()
    say(creator, videos_30d=4)
    assert merged(creator).posts_30d == 4


def test_cjk_grams_of_the_document() -> None:
    creator = make_known()
    say(creator, nickname="小美日记", bio="Love tea")
    merged(creator)
    text = CreatorText.objects.get()
    assert sorted(text.cjk_grams) == ["小", "小美", "日", "日记", "美", "美日", "记"]


def test_creator_without_snapshots_has_an_empty_row() -> None:
    creator = make_known()
    assert merged(creator).followers is None
    facts_merge(creator_ids=None)
    assert CreatorFacts.objects.get().followers is None


def test_rebuild_keeps_what_higher_apps_published() -> None:
    creator = make_known()
    say(creator, followers=1)
    merged(creator)
    CreatorFacts.objects.update(tier="A")
    facts_merge(creator_ids=None)
    assert CreatorFacts.objects.get().tier == "A"


def test_rebuild_keeps_every_index_and_constraint() -> None:
    def shape() -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes"
                " WHERE tablename IN ('creators_creatorfacts', 'creators_creatortext')"
                " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN"
                " ('creators_creatorfacts'::regclass, 'creators_creatortext'::regclass) ORDER BY 1, 2"
            )
            return cursor.fetchall()

    before = shape()
    say(make_known(), followers=1)
    facts_merge(creator_ids=None)
    assert shape() == before


def test_values_open_to_their_source() -> None:
    creator = make_known()
    say(creator, days_ago=5, quality=Quality.EXACT, source="market", avg_views=50, ranges={"avg_views": "90"})
    say(creator, followers=10)
    values = values_of([creator.pk])[creator.pk]
    views, followers = values["avg_views"], values["followers"]
    assert (views.value, views.high, views.quality, views.source) == (50, Decimal(90), Quality.RANGE, "market")
    assert (followers.quality, followers.as_of, followers.is_range) == (Quality.ESTIMATE, DAY, False)


snapshots = st.lists(
    st.fixed_dictionaries(
        {
            "days_ago": st.integers(0, 80),
            "quality": st.sampled_from(Quality.values),
            "followers": st.none() | st.integers(0, 9),
            "units_30d": st.none() | st.integers(0, 9),
            "nickname": st.sampled_from(["", "A", "B"]),
        }
    ),
    min_size=1,
    max_size=4,
)


def expected(said: list[dict[str, Any]], key: str, empty: object) -> object:
    """The rule once more, plainly."""
    present = [(number, s) for number, s in enumerate(said) if s[key] != empty]
    if not present:
        return empty
    newest = min(s["days_ago"] for _number, s in present)
    usable = [(n, s) for n, s in present if s["quality"] == 0 or s["days_ago"] <= newest + 30]
    return min(usable, key=lambda item: (item[1]["quality"], item[1]["days_ago"], -item[0]))[1][key]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(snapshots, min_size=1, max_size=3))
def test_merge_and_rebuild_follow_the_rule(people: list[list[dict[str, Any]]]) -> None:
    Creator.objects.all().delete()
    for number, said in enumerate(people):
        creator = make_known(f"c{number}")
        for values in said:
            say(creator, **values)
    ids = list(Creator.objects.order_by("handle").values_list("pk", flat=True))
    facts_merge(creator_ids=ids)
    in_place = list(CreatorFacts.objects.order_by("pk").values())
    assert [(row["followers"], row["units_30d"]) for row in in_place] == [
        (expected(said, "followers", None), expected(said, "units_30d", None)) for said in people
    ]
    names = list(Creator.objects.order_by("handle").values_list("nickname", flat=True))
    assert names == [expected(said, "nickname", "") for said in people]
    facts_merge(creator_ids=None)
    assert list(CreatorFacts.objects.order_by("pk").values()) == in_place

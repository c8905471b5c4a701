import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from creators.rules import invented, invented_daily, invented_words
from creators.services.loading import REFERENCE

DAY = date(2026, 11, 24)
CATEGORIES = {
    niche: [niche * 10 + child for child in range(4)] for niche in (*invented.NICHES, invented.MUSLIM_FASHION)
}
MARKETS = [*invented.MARKET_SHARES, "DE", "JP"]


def make(size: int = 20_000, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = invented.invent_creators(rng, size, markets=MARKETS, categories=CATEGORIES)
    return frame.assign(id=np.arange(1, size + 1), rate=0.5, currency="EUR")


@pytest.fixture(scope="module")
def creators() -> pd.DataFrame:
    return make()


def test_draw_shape_meets_its_quantiles() -> None:
    drawn = invented.draw_shape(np.random.default_rng(1), 50_000, (-30, -2, 0, 5, 15, 40, 160))
    found = np.quantile(drawn, [0.05, 0.25, 0.5, 0.75, 0.95])
    assert np.allclose(found, (-2, 0, 5, 15, 40), atol=1)
    assert drawn.min() >= -30
    assert drawn.max() <= 160


def test_the_same_seed_gives_the_same_creators() -> None:
    pd.testing.assert_frame_equal(make(50), make(50))
    assert not make(50).equals(make(50, seed=8))


def test_markets_have_their_shares(creators: pd.DataFrame) -> None:
    shares = creators["market"].value_counts(normalize=True)
    assert shares["US"] == pytest.approx(0.30, abs=0.02)
    assert shares["VN"] == pytest.approx(0.09, abs=0.01)
    # Two others divide 8 %.
    assert shares["JP"] == pytest.approx(0.04, abs=0.01)


def test_followers_are_lognormal_around_12_000(creators: pd.DataFrame) -> None:
    assert creators["followers"].median() == pytest.approx(12_000, rel=0.1)
    assert creators["followers"].min() >= 900
    assert creators["followers"].max() <= 5_000_000


def test_gmv_is_units_times_price_and_gpm_is_per_thousand_views(creators: pd.DataFrame) -> None:
    sold = creators[creators["units_30d"] > 50]
    assert np.allclose(sold["gmv_30d"], sold["units_30d"] * sold["avg_order_value"], rtol=0.01)
    videos = creators[creators["gmv_video_30d"] > 100]
    assert np.allclose(videos["gpm_video"], videos["gmv_video_30d"] * 1000 / videos["views_30d"], rtol=0.01, atol=0.01)
    assert np.allclose(creators["gmv_30d"], creators["gmv_video_30d"] + creators["gmv_live_30d"], atol=0.02)


def test_engagement_agrees_with_its_parts(creators: pd.DataFrame) -> None:
    seen = creators[creators["avg_views"] > 1000]
    parts = seen["avg_likes"] + seen["avg_comments"] + seen["avg_shares"]
    assert np.allclose(seen["engagement_by_views"], parts / seen["avg_views"], atol=1e-4)
    assert seen["engagement_by_views"].median() == pytest.approx(0.069, abs=0.01)


def test_a_creator_without_videos_has_no_averages(creators: pd.DataFrame) -> None:
    idle = creators[creators["videos_30d"] == 0]
    assert len(idle) > 0
    assert idle[["avg_views", "views_30d", "engagement_by_views", "gpm_video"]].isna().all(axis=None)


def test_audiences_add_up_and_follow_the_niche(creators: pd.DataFrame) -> None:
    ages = creators[list(invented.AGES)]
    assert np.allclose(ages.sum(axis=1), 1)
    assert np.allclose(creators["adult_share"], 1 - creators["age_13_17_share"])
    women = creators["niche"].isin(invented.FEMALE_NICHES)
    assert creators.loc[women, "female_share"].median() == pytest.approx(0.76, abs=0.02)
    assert creators.loc[~women, "female_share"].median() == pytest.approx(0.5, abs=0.02)


def test_categories_are_one_to_three_different_ones(creators: pd.DataFrame) -> None:
    lists = [text.strip("{}").split(",") for text in creators["category_ids"]]
    assert {len(found) for found in lists} == {1, 2, 3}
    assert all(len(set(found)) == len(found) for found in lists)
    assert all(int(found[0]) in CATEGORIES[niche] for found, niche in zip(lists, creators["niche"], strict=True))


def test_modest_fashion_is_sold_where_it_is_worn(creators: pd.DataFrame) -> None:
    modest = creators[creators["niche"] == invented.MUSLIM_FASHION]
    assert set(modest["market"]) == {"ID", "MY"}


def test_every_creator_has_a_source(creators: pd.DataFrame) -> None:
    snapshots = invented.invent_snapshots(np.random.default_rng(1), creators, as_of=DAY)
    assert set(snapshots["creator"]) == set(range(len(creators)))
    assert snapshots["as_of"].max() == pd.Timestamp(DAY)
    late = snapshots["as_of"] < pd.Timestamp(DAY - timedelta(days=30))
    assert late.mean() == pytest.approx(1 / 12, abs=0.02)


def test_exact_figures_are_in_the_currency_of_the_market(creators: pd.DataFrame) -> None:
    snapshots = invented.invent_snapshots(np.random.default_rng(1), creators, as_of=DAY)
    exact = snapshots[snapshots["quality"] == invented.EXACT]
    source = creators.loc[exact["creator"]]
    assert (exact["currency"] == "EUR").all()
    assert np.allclose(exact["gmv_30d"], source["gmv_30d"] / 0.5, atol=0.02)


def test_a_range_holds_the_figure(creators: pd.DataFrame) -> None:
    snapshots = invented.invent_snapshots(np.random.default_rng(1), creators, as_of=DAY)
    bands = snapshots[snapshots["quality"] == invented.RANGE]
    local = (creators.loc[bands["creator"], "gmv_30d"] / 0.5).to_numpy()
    highs = [json.loads(text)["gmv_30d"] for text in bands["ranges"]]
    assert (bands["gmv_30d"].to_numpy() <= local).all()
    assert all(high is None or value < float(high) for value, high in zip(local, highs, strict=True))
    assert None in highs


def test_estimates_are_near_and_in_dollars(creators: pd.DataFrame) -> None:
    snapshots = invented.invent_snapshots(np.random.default_rng(1), creators, as_of=DAY)
    guess = snapshots[snapshots["quality"] == invented.ESTIMATE]
    source = creators.loc[guess["creator"], "gmv_30d"].to_numpy()
    assert (guess["currency"] == "USD").all()
    assert np.allclose(guess["gmv_30d"], source, rtol=0.26, atol=0.01)
    assert guess["female_share"].isna().all()


def make_days(creators: pd.DataFrame, count: int = 56) -> invented_daily.Days:
    days = [DAY - timedelta(days=back) for back in reversed(range(count))]
    return invented_daily.invent_days(np.random.default_rng(3), creators, days, as_of=DAY)


def test_days_come_creator_by_creator_in_order(creators: pd.DataFrame) -> None:
    days = make_days(creators.head(2), 3)
    assert days["creator_id"].tolist() == [1, 1, 1, 2, 2, 2]
    assert days["day"][:3].astype(object).tolist() == [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]
    assert days["followers"][2] == creators["followers"][0]


def test_days_have_the_weekday_shares(creators: pd.DataFrame) -> None:
    days = make_days(creators.head(1500))
    weekdays = pd.Series([day.weekday() for day in days["day"].astype(object)])
    views = pd.Series(days["views_video"]).groupby(weekdays.to_numpy()).sum()
    assert np.allclose(views / views.sum(), invented_daily.WEEKDAY_SHARES, atol=0.02)


def test_almost_half_the_days_of_large_creators_have_no_sale(creators: pd.DataFrame) -> None:
    days = make_days(creators[creators["followers"].between(100_000, 300_000)])
    gmv = days["gmv_video_cents"] + days["gmv_live_cents"] + days["gmv_other_cents"]
    assert (gmv == 0).mean() == pytest.approx(0.47, abs=0.05)
    assert ((gmv > 0) == (days["orders"] > 0)).mean() > 0.999


def test_days_are_never_negative(creators: pd.DataFrame) -> None:
    days = make_days(creators.head(1000))
    assert all((values >= 0).all() for name, values in days.items() if name != "day")
    assert (days["refunds"] <= days["orders"]).all()


@pytest.fixture(scope="module")
def words() -> invented_words.Words:
    return json.loads((REFERENCE / "invented_words.json").read_text("utf-8"))


def test_handles_are_valid_and_never_repeat(creators: pd.DataFrame, words: invented_words.Words) -> None:
    texts = invented_words.invent_texts(np.random.default_rng(1), creators, words, numbers=creators["id"].to_numpy())
    assert texts["handle"].is_unique
    assert texts["handle"].str.fullmatch(r"[a-z0-9_.]{1,24}").all()


def test_words_are_in_the_language_of_the_market(creators: pd.DataFrame, words: invented_words.Words) -> None:
    texts = invented_words.invent_texts(np.random.default_rng(1), creators, words, numbers=creators["id"].to_numpy())
    languages = texts["language"].groupby(creators["market"]).agg(set)
    assert languages["VN"] == {"vi"}
    assert languages["US"] == {"en", "es", "zh-hans"}
    japanese = texts[(texts["language"] == "ja") & (texts["bio"] != "")]
    assert japanese["bio"].str.contains("[\u3040-\u30ff]").all()
    assert not texts["bio"].str.contains("{", regex=False).any()


def test_every_language_names_every_niche(words: invented_words.Words) -> None:
    niches = {str(niche) for niche in CATEGORIES}
    assert all(set(vocabulary["niches"]) == niches for vocabulary in words["languages"].values())


def test_slug_keeps_letters_and_digits() -> None:
    assert invented_words.slug("Đức Phúc") == "ducphuc"
    assert invented_words.slug("São-Paulo 24") == "saopaulo24"


def test_places_leave_a_share_for_elsewhere(creators: pd.DataFrame, words: invented_words.Words) -> None:
    places = invented_words.invent_places(np.random.default_rng(1), creators.head(2000), words)
    totals = places.groupby("creator_id")["share"].sum()
    assert len(totals) == pytest.approx(1200, abs=100)
    assert totals.max() < 1
    assert (places["label_zh"] != "").all()

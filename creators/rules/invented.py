"""Invented creators in the shapes of real ones: figures, audiences, and what three kinds of sources would say of them.

Everything is drawn from the generator that the caller seeds, so that the same seed gives the same creators. The
quantiles were measured on public samples of selling creators (5, 25, 50, 75 and 95 %); no row describes a real person.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

# Arrays are typed loosely: the stubs of NumPy cannot follow its arithmetic.
Array = NDArray[Any]

MARKET_SHARES: dict[str, float] = {"US": 30, "ID": 14, "VN": 9, "TH": 8, "GB": 8, "PH": 7, "MY": 5, "MX": 6, "BR": 5}
OTHER_MARKETS_SHARE = 8.0

# Level-1 categories by how many sell in them; followers of the first group are mostly women.
NICHES: dict[int, float] = {
    601450: 22, 601152: 14, 600001: 9, 700437: 9, 602284: 6, 601739: 7, 603014: 5, 602118: 4, 605248: 5,
    700645: 6, 604206: 3, 824328: 3, 601352: 3, 605196: 2, 600024: 5,
}  # fmt: skip
MUSLIM_FASHION = 601303
MUSLIM_FASHION_MARKETS = ("ID", "MY")
FEMALE_NICHES = (601450, 601152, 600001, 602284, 605248, 600024, MUSLIM_FASHION)

AGES = (
    "age_13_17_share",
    "age_18_24_share",
    "age_25_34_share",
    "age_35_44_share",
    "age_45_54_share",
    "age_55_plus_share",
)
AGE_WEIGHTS = (1.0, 6.0, 7.0, 3.5, 1.8, 0.9)
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

# The bands in which the marketplace shows sales, in round units of the currency; the last one is open.
GMV_BANDS = (0, 100, 1_000, 10_000, 50_000, 100_000, 500_000)
UNITS_BANDS = (0, 10, 100, 1_000, 10_000)
EXACT, RANGE, ESTIMATE = 1, 2, 3
SOURCES = {EXACT: "affiliate center", RANGE: "creator marketplace", ESTIMATE: "analytics tool"}

AUDIENCE_COLUMNS = ("female_share", "adult_share", *AGES)
MONEY_COLUMNS = (
    "gmv_30d", "gmv_video_30d", "gmv_live_30d", "gmv_total", "gpm", "gpm_video", "gpm_live", "avg_order_value",
    "price_quote",
)  # fmt: skip
COUNT_COLUMNS = (
    "followers", "follower_growth_30d", "likes_total", "videos_total", "units_30d", "avg_views", "median_views",
    "avg_live_viewers", "avg_likes", "avg_comments", "avg_shares", "views_30d", "likes_30d", "videos_30d", "lives_30d",
    "products_28d", "products_total",
)  # fmt: skip
RATE_COLUMNS = (
    "engagement_by_views",
    "engagement_by_followers",
    "commission_rate",
    "fulfilment_rate",
    *AUDIENCE_COLUMNS,
)
# What an analytics tool cannot see.
HIDDEN_FROM_TOOLS = ("fulfilment_rate", "pps_score", "commission_rate", "price_quote", *AUDIENCE_COLUMNS)
# What the marketplace keeps to itself.
HIDDEN_FROM_MARKETPLACE = (
    "gmv_video_30d",
    "gmv_live_30d",
    "gmv_total",
    "likes_30d",
    "views_30d",
    "likes_total",
    "price_quote",
)


def draw_shape(rng: Generator, size: int, points: Sequence[float], *, unit: float = 1.0) -> Array:
    """Array whose 0, 5, 25, 50, 75, 95 and 100 % quantiles are the points.

    Between them the draw is even on an arcsinh scale: linear below `unit`, logarithmic above.
    """
    ends = np.arcsinh(np.asarray(points) / unit)
    drawn: Array = np.sinh(np.interp(rng.random(size), QUANTILES, ends)) * unit
    return drawn


def draw_markets(rng: Generator, size: int, markets: Sequence[str]) -> Array:
    """Market codes by their shares; the markets without a share of their own divide the rest evenly."""
    others = [code for code in markets if code not in MARKET_SHARES]
    weights = np.array([MARKET_SHARES.get(code, OTHER_MARKETS_SHARE / max(len(others), 1)) for code in markets])
    return rng.choice(np.array(markets), size, p=weights / weights.sum())


def draw_followers(rng: Generator, size: int) -> Array:
    """Log-normal around 12,000 (sigma 1.7), folded at 900 and cut at 5 million."""
    logs = np.log(12_000) + 1.7 * rng.standard_normal(size)
    floor = np.log(900)
    # Uneven at the top, so that not every star has the same number.
    ceiling = 5_000_000 - rng.integers(0, 90_000, size)
    followers: Array = np.minimum(np.round(np.exp(np.where(logs < floor, 2 * floor - logs, logs))), ceiling)
    return followers


def invent_creators(
    rng: Generator, size: int, *, markets: Sequence[str], categories: dict[int, list[int]]
) -> pd.DataFrame:
    """One row a creator: market, niche, `category_ids` (text of an array) and every metric, money in USD.

    `categories` holds the level-2 ids of each level-1 id.
    """
    frame = pd.DataFrame({"market": draw_markets(rng, size, markets), "followers": draw_followers(rng, size)})
    frame["niche"] = _niches(rng, frame["market"].to_numpy())
    frame["category_ids"] = _top_categories(rng, frame["niche"].to_numpy(), categories)
    columns = _activity(rng, frame["followers"].to_numpy())
    columns |= _sales(rng, columns)
    columns |= _collaboration(rng, frame["followers"].to_numpy())
    columns |= _audience(rng, np.isin(frame["niche"].to_numpy(), FEMALE_NICHES))
    return pd.concat([frame, pd.DataFrame(columns)], axis="columns")


def _niches(rng: Generator, markets: Array) -> Array:
    weights = np.array(list(NICHES.values()), float)
    niches = rng.choice(np.array(list(NICHES)), len(markets), p=weights / weights.sum())
    modest = np.isin(markets, MUSLIM_FASHION_MARKETS) & (rng.random(len(markets)) < 0.15)
    return np.where(modest, MUSLIM_FASHION, niches)


def _top_categories(rng: Generator, niches: Array, categories: dict[int, list[int]]) -> Array:
    """One to three level-2 ids, the first of the creator's niche, as the text of a PostgreSQL array."""
    size = len(niches)
    first = _one_of(rng, niches, categories)
    elsewhere = rng.choice(np.array(list(NICHES)), size)
    second = _one_of(rng, np.where(rng.random(size) < 0.7, niches, elsewhere), categories)
    third = _one_of(rng, elsewhere, categories)
    text = pd.Series(first).astype(str)
    with_second = (second != first) & (rng.random(size) < 0.85)
    text = text.where(~with_second, text + "," + pd.Series(second).astype(str))
    with_third = (third != first) & (third != second) & (rng.random(size) < 0.6)
    text = text.where(~with_third, text + "," + pd.Series(third).astype(str))
    return ("{" + text + "}").to_numpy(object)


def _one_of(rng: Generator, parents: Array, categories: dict[int, list[int]]) -> Array:
    found = np.zeros(len(parents), np.int64)
    draws = rng.random(len(parents))
    for parent in np.unique(parents):
        children = np.array(categories[int(parent)])
        mine = parents == parent
        # Squared, so that some children are more popular.
        found[mine] = children[(draws[mine] ** 2 * len(children)).astype(np.int64)]
    return found


def _activity(rng: Generator, followers: Array) -> dict[str, Array]:
    """Posts, views and engagement; a creator without videos has no averages."""
    size = len(followers)
    videos = np.floor(draw_shape(rng, size, (0, 0, 6, 38, 81, 164, 400)))
    lives = np.where(rng.random(size) < 0.12, np.ceil(draw_shape(rng, size, (1, 1, 2, 5, 16, 40, 53))), 0)
    posts = videos > 0
    views = np.round(followers * draw_shape(rng, size, (0, 0.003, 0.01, 0.07, 0.31, 1.27, 6), unit=0.01))
    comments = np.round(views * draw_shape(rng, size, (0, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.02), unit=0.001))
    shares = np.round(views * draw_shape(rng, size, (0, 0.0002, 0.001, 0.002, 0.006, 0.03, 0.06), unit=0.001))
    engaged = views * draw_shape(rng, size, (0.005, 0.02, 0.042, 0.069, 0.16, 0.21, 0.3), unit=0.01)
    likes = np.round(np.maximum(engaged - comments - shares, 0))
    total = likes + comments + shares
    growth = draw_shape(rng, size, (-30_000, -2_400, -500, 5_700, 15_000, 41_000, 160_000), unit=500)
    viewers = np.round(followers * draw_shape(rng, size, (0, 0.001, 0.004, 0.015, 0.05, 0.2, 0.6), unit=0.01)) + 3
    return {
        "follower_growth_30d": np.round(growth / 3 * followers / 180_000),
        "likes_total": np.round(followers * draw_shape(rng, size, (1, 2, 6, 14, 30, 70, 200))),
        "videos_total": np.round(videos * rng.uniform(3, 40, size) + rng.integers(1, 60, size)),
        "videos_30d": videos,
        "lives_30d": lives,
        "avg_views": _where(posts, views),
        "median_views": _where(posts, np.round(views * rng.uniform(0.3, 0.9, size))),
        "avg_live_viewers": _where(lives > 0, viewers),
        "avg_likes": _where(posts, likes),
        "avg_comments": _where(posts, comments),
        "avg_shares": _where(posts, shares),
        "views_30d": _where(posts, views * videos),
        "likes_30d": _where(posts, likes * videos),
        "engagement_by_views": _where(posts & (views > 0), np.round(total / np.maximum(views, 1), 4)),
        "engagement_by_followers": _where(posts, np.round(total / followers, 4)),
    }


def _where(known: Array, values: Array) -> Array:
    return np.where(known, values, np.nan)


def _sales(rng: Generator, activity: dict[str, Array]) -> dict[str, Array]:
    """GMV from views and GPM, so that views, GPM, GMV, units and unit price agree with one another; USD."""
    size = len(activity["videos_30d"])
    video_views = np.nan_to_num(activity["views_30d"])
    live_views = np.nan_to_num(activity["avg_live_viewers"]) * activity["lives_30d"] * 40
    price = np.exp(np.log(23) + 0.55 * rng.standard_normal(size))
    units_video = np.floor(video_views * draw_shape(rng, size, (0, 0, 0.3, 6, 40, 110, 300), unit=0.1) / 1000 / price)
    units_live = np.floor(live_views * draw_shape(rng, size, (0, 0.1, 4, 15, 40, 120, 300)) / 1000 / price)
    units = units_video + units_live
    gmv_video, gmv_live = np.round(units_video * price, 2), np.round(units_live * price, 2)
    gmv = np.round(gmv_video + gmv_live, 2)
    return {
        "units_30d": units,
        "gmv_30d": gmv,
        "gmv_video_30d": gmv_video,
        "gmv_live_30d": gmv_live,
        "gmv_total": np.round(gmv * rng.uniform(1.5, 14, size), 2),
        "gpm": _per_thousand(gmv, video_views + live_views),
        "gpm_video": _per_thousand(gmv_video, video_views),
        "gpm_live": _per_thousand(gmv_live, live_views),
        "avg_order_value": _where(units > 0, np.round(gmv / np.maximum(units, 1), 2)),
    }


def _per_thousand(gmv: Array, views: Array) -> Array:
    return _where(views > 0, np.round(gmv * 1000 / np.maximum(views, 1), 2))


def _collaboration(rng: Generator, followers: Array) -> dict[str, Array]:
    size = len(followers)
    products = np.floor(draw_shape(rng, size, (0, 0, 2, 8, 25, 70, 200)))
    quote = np.round(followers**0.62 * rng.uniform(0.12, 0.5, size) / 5) * 5 + 15
    return {
        "products_28d": products,
        "products_total": np.round(products * rng.uniform(1.2, 12, size)),
        "commission_rate": np.round(rng.uniform(0.05, 0.25, size), 3),
        "fulfilment_rate": _where(
            rng.random(size) < 0.7, np.round(draw_shape(rng, size, (0, 0.15, 0.3, 0.5, 0.75, 0.97, 1), unit=0.5), 2)
        ),
        "pps_score": np.round(draw_shape(rng, size, (1, 2.4, 3.4, 4, 4.4, 4.9, 5)), 1),
        "price_quote": _where(rng.random(size) < 0.35, quote),
    }


def _audience(rng: Generator, female: Array) -> dict[str, Array]:
    size = len(female)
    women = draw_shape(rng, size, (0.35, 0.56, 0.65, 0.76, 0.83, 0.87, 0.95))
    even = draw_shape(rng, size, (0.1, 0.25, 0.41, 0.5, 0.59, 0.74, 0.9))
    ages = rng.gamma(np.array(AGE_WEIGHTS) * 2.5, size=(size, len(AGES)))
    ages = np.round(ages / ages.sum(axis=1, keepdims=True), 4)
    # The largest group takes what rounding leaves over.
    ages[:, 2] = np.round(1 - ages.sum(axis=1) + ages[:, 2], 4)
    shares = {name: ages[:, place] for place, name in enumerate(AGES)}
    return {
        "female_share": np.round(np.where(female, women, even), 4),
        "adult_share": np.round(1 - ages[:, 0], 4),
        **shares,
    }


def invent_snapshots(rng: Generator, creators: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """What sources say: one to three rows a creator, in the columns of `Snapshot`, with its position in `creator`.

    `creators` needs `currency` and `rate` (USD for one unit) beside the columns of `invent_creators`. Exact rows are in
    the market's currency, range rows keep the lower end of a band and the upper one in `ranges`, estimates are in USD.
    """
    size = len(creators)
    draw = rng.random(size)
    exact, band = draw < 0.4, (draw >= 0.4) & (draw < 0.7)
    estimate = (draw >= 0.7) | (rng.random(size) < 0.15)
    frames = [
        _exact(creators[exact]),
        _banded(creators[band]),
        _estimated(rng, creators[estimate]),
    ]
    snapshots = pd.concat(frames, ignore_index=True)
    snapshots["as_of"] = _days(rng, snapshots["quality"].to_numpy(), as_of)
    return snapshots


def _days(rng: Generator, qualities: Array, as_of: date) -> Array:
    """Exact figures are of the last day; the others lag, and one in twelve by more than a month."""
    size = len(qualities)
    lag = np.where(qualities == EXACT, 0, rng.integers(0, 12, size)) + np.where(rng.random(size) < 1 / 12, 35, 0)
    return np.datetime64(as_of, "D") - lag.astype("timedelta64[D]")


def _spoken(creators: pd.DataFrame, quality: int) -> pd.DataFrame:
    frame = creators.drop(columns=["niche", "market"])
    frame["creator"] = creators.index
    frame["quality"] = quality
    frame["source"] = SOURCES[quality]
    frame["ranges"] = None
    return frame


def _exact(creators: pd.DataFrame) -> pd.DataFrame:
    frame = _spoken(creators, EXACT)
    for column in MONEY_COLUMNS:
        frame[column] = (frame[column] / frame["rate"]).round(2)
    return frame


def _banded(creators: pd.DataFrame) -> pd.DataFrame:
    frame = _spoken(creators, RANGE)
    # A round unit of the currency that is worth about a dollar: 1, 10, 100, ...
    unit = 10 ** np.round(np.log10(1 / frame["rate"].to_numpy(float)))
    for column in ("gpm", "gpm_video", "gpm_live", "avg_order_value"):
        frame[column] = (frame[column] / frame["rate"]).round(2)
    gmv = np.searchsorted(GMV_BANDS, (frame["gmv_30d"] / frame["rate"] / unit).to_numpy(float), side="right") - 1
    units = np.searchsorted(UNITS_BANDS, frame["units_30d"].to_numpy(float), side="right") - 1
    frame["gmv_30d"] = np.array(GMV_BANDS)[gmv] * unit
    frame["units_30d"] = np.array(UNITS_BANDS)[units].astype(float)
    frame["ranges"] = _upper_ends(gmv, units, unit)
    frame[list(HIDDEN_FROM_MARKETPLACE)] = np.nan
    return frame


def _upper_ends(gmv: Array, units: Array, unit: Array) -> list[str]:
    """The JSON of `Snapshot.ranges`; null for the open band."""
    texts: dict[tuple[int, int, float], str] = {}
    found = []
    for key in zip(gmv.tolist(), units.tolist(), unit.tolist(), strict=True):
        if key not in texts:
            high = str(int(GMV_BANDS[key[0] + 1] * key[2])) if key[0] + 1 < len(GMV_BANDS) else None
            sold = str(UNITS_BANDS[key[1] + 1]) if key[1] + 1 < len(UNITS_BANDS) else None
            texts[key] = json.dumps({"gmv_30d": high, "units_30d": sold})
        found.append(texts[key])
    return found


def _estimated(rng: Generator, creators: pd.DataFrame) -> pd.DataFrame:
    frame = _spoken(creators, ESTIMATE)
    frame["currency"] = "USD"
    error = rng.uniform(0.75, 1.25, len(frame))
    for column in ("gmv_30d", "gmv_video_30d", "gmv_live_30d", "gmv_total", "gpm", "gpm_video", "gpm_live"):
        frame[column] = (frame[column] * error).round(2)
    frame["units_30d"] = (frame["units_30d"] * error).round()
    frame[list(HIDDEN_FROM_TOOLS)] = np.nan
    return frame

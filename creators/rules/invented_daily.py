"""Invented days of invented creators: views by weekday, sales with a heavy tail, almost half the days without one."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.random import Generator

from creators.rules.invented import Array

# Share of a week's views from Monday to Sunday, measured on public samples.
WEEKDAY_SHARES = (0.170, 0.154, 0.151, 0.118, 0.140, 0.140, 0.126)
SHOP_CLICKS = 0.012
Days = dict[str, Array]


def invent_days(rng: Generator, creators: pd.DataFrame, days: list[date], *, as_of: date) -> Days:
    """The columns of `DailyMetric` for every creator and day, the days of one creator together, in order.

    `creators` holds `id`, `rate` and the columns of `invent_creators`; money comes out in hundredths of its currency.
    `as_of` is the day on which the creators have their followers.
    """
    shape = (len(creators), len(days))
    weekdays = np.array([WEEKDAY_SHARES[day.weekday()] * 7 for day in days], np.float32)
    back = np.array([(as_of - day).days for day in days], np.float32)
    views, live_views = _views(rng, creators, weekdays, shape)
    money, orders = _sales(rng, creators, shape)
    engagement = _column(creators, "engagement_by_views")
    clicks = (views + live_views) * np.float32(SHOP_CLICKS) * rng.random(shape, np.float32)
    likes = views * engagement * (0.7 + 0.5 * rng.random(shape, np.float32))
    followers = _column(creators, "followers") - _column(creators, "follower_growth_30d") / 30 * back
    live_part = _column(creators, "gmv_live_30d") / np.maximum(_column(creators, "gmv_30d"), 1)
    other = money * np.float32(0.08)
    columns = {
        "followers": np.maximum(followers, 0),
        "likes": likes,
        "comments": likes * 0.02,
        "shares": likes * 0.03,
        "saves": likes * 0.05,
        "product_clicks": clicks + orders,
        "orders": orders,
        "units": orders + (orders > 3) * (orders // 4),
        "refunds": np.floor(orders * (0.12 * rng.random(shape, np.float32))),
        "videos": rng.poisson(_column(creators, "videos_30d") / 30, shape),
        "lives": rng.random(shape, np.float32) < _column(creators, "lives_30d") / 30,
        "views_video": views,
        "views_live": live_views,
        "views_other": views * 0.06,
        "gmv_video_cents": (money - other) * (1 - live_part),
        "gmv_live_cents": (money - other) * live_part,
        "gmv_other_cents": other,
    }
    ids = np.repeat(creators["id"].to_numpy(np.int64), len(days))
    dates = np.tile(np.array(days, "datetime64[D]"), len(creators))
    return {"creator_id": ids, "day": dates, **{name: _whole(values, shape) for name, values in columns.items()}}


def _column(creators: pd.DataFrame, name: str) -> Array:
    """A column that stands beside the days; what is unknown counts as nothing."""
    column: Array = np.nan_to_num(creators[name].to_numpy(np.float32))[:, None]
    return column


def _whole(values: Array, shape: tuple[int, int]) -> Array:
    return np.broadcast_to(values, shape).astype(np.int64).ravel()


def _views(rng: Generator, creators: pd.DataFrame, weekdays: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
    noise = np.exp(0.45 * rng.standard_normal(shape, np.float32) - np.float32(0.1))
    views = _column(creators, "views_30d") / 30 * weekdays * noise
    live = _column(creators, "avg_live_viewers") * _column(creators, "lives_30d") * 40 / 30 * weekdays * noise
    return views, live


def _sales(rng: Generator, creators: pd.DataFrame, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Money of each day in hundredths of the market's currency, and its orders; nothing sold on most quiet days."""
    busy = np.exp(0.8 * rng.standard_normal(shape, np.float32) - np.float32(0.32))
    orders = rng.poisson(_column(creators, "units_30d") / 30 * busy)
    price = _column(creators, "avg_order_value") / creators["rate"].to_numpy(np.float32)[:, None] * 100
    return (orders * price * (0.85 + 0.3 * rng.random(shape, np.float32))).astype(np.float32), orders

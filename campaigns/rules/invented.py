"""Figures of the demo that are drawn by chance: how many orders a content brought on each day, and of how much."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from numpy.random import Generator

# Sales fade after the first days; a weekday's share of views, Monday first (demo-data: shapes of invented creators).
FADES = 0.95
WEEKDAYS = (1.19, 1.08, 1.06, 0.83, 0.98, 0.98, 0.88)
FALL_DAYS, FALL = 7, 0.4
REFUNDED, TWO_PIECES, COUPON = 0.06, 0.16, 0.25
VIEWS_AN_ORDER = 420
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sale:
    """A line of an order: money in the product's currency."""

    at: datetime
    pieces: int
    price: Decimal
    coupon: Decimal
    refunded: Decimal


@dataclass(frozen=True)
class SoldDay:
    """What a content brought on a calendar day of its market, and how many saw it."""

    noon: datetime
    sales: list[Sale]
    views: int
    clicks: int


def invent_days(
    rng: Generator, *, published_at: datetime, until: datetime, zone: str, orders: float, price: Decimal, falls: bool
) -> Iterator[SoldDay]:
    """The days of a content from publication to `until`, oldest first; `orders` is the mean of its first day."""
    place = ZoneInfo(zone)
    day, last = published_at.astimezone(place).date(), until.astimezone(place).date()
    number = 0
    while day < last:
        noon = datetime.combine(day, time(12), tzinfo=place)
        mean = orders * FADES**number * WEEKDAYS[day.weekday()]
        if falls and (last - day).days <= FALL_DAYS:
            mean *= FALL
        count = int(rng.poisson(mean))
        begins = max(noon - timedelta(hours=9), published_at + timedelta(minutes=20))
        ends = noon + timedelta(hours=11, minutes=30)
        sales = [_sale(rng, begins, ends, price) for _ in range(count)] if begins < ends else []
        views = int((mean + 0.5) * VIEWS_AN_ORDER * rng.uniform(0.7, 1.4))
        yield SoldDay(noon, sales, views, int(views * rng.uniform(0.02, 0.05)) + count)
        day, number = day + timedelta(days=1), number + 1


def _sale(rng: Generator, begins: datetime, ends: datetime, price: Decimal) -> Sale:
    pieces = 2 if rng.random() < TWO_PIECES else 1
    amount = price * pieces
    whole = price == price.to_integral_value() and price > 10_000
    unit = Decimal(1) if whole else CENT
    coupon = (amount / 10).quantize(unit, ROUND_HALF_UP) if rng.random() < COUPON else Decimal(0)
    refunded = amount - coupon if rng.random() < REFUNDED else Decimal(0)
    return Sale(begins + (ends - begins) * float(rng.random()), pieces, amount, coupon, refunded)

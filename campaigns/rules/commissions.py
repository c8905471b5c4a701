"""Commissions over time: a rise holds at once, a cut from the next midnight in the market for who shows the product.

Source: the platform facts, "Open vs target", target collaborations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

LOWEST, HIGHEST = Decimal(1), Decimal(80)
# Creators pass such offers over; the form warns and does not refuse.
LOW = Decimal(10)


@dataclass(frozen=True)
class RateChange:
    """A change in percent, made at `at`; a cut reaches who shows the product at `takes_effect_at`."""

    from_rate: Decimal
    to_rate: Decimal
    at: datetime
    takes_effect_at: datetime


def next_midnight(at: datetime, time_zone: str) -> datetime:
    """The first instant of the next day in the time zone, in UTC."""
    zone = ZoneInfo(time_zone)
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)


def takes_effect_at(held_rate: Decimal, to_rate: Decimal, *, at: datetime, time_zone: str) -> datetime:
    """From when a new rate holds for a creator who shows the product for `held_rate`."""
    return at if to_rate >= held_rate else next_midnight(at, time_zone)


def commission_at(
    rate_now: Decimal, changes: Iterable[RateChange], *, showing_since: datetime | None, at: datetime
) -> Decimal:
    """The rate in percent that holds at the instant for a creator who shows the product since then.

    `rate_now` is what a creator who joins today gets, `changes` are all changes of the product in the plan, in the
    order in which they were made; `showing_since` None is somebody who does not show it yet. Of the changes that have
    reached the creator the one made last counts, so that a later change replaces a cut that still waits.
    """
    changes = list(changes)
    rate = _first_rate(rate_now, changes)
    reached: list[tuple[datetime, Decimal]] = []
    for change in changes:
        is_showing = showing_since is not None and showing_since <= change.at
        own = _rate_from(rate, reached, change.at)
        waits = is_showing and change.to_rate < own
        reached.append((change.takes_effect_at if waits else change.at, change.to_rate))
    return _rate_from(rate, reached, at)


def _first_rate(rate_now: Decimal, changes: list[RateChange]) -> Decimal:
    return changes[0].from_rate if changes else rate_now


def _rate_from(rate: Decimal, reached: list[tuple[datetime, Decimal]], at: datetime) -> Decimal:
    for begins_at, to_rate in reached:
        if begins_at <= at:
            rate = to_rate
    return rate

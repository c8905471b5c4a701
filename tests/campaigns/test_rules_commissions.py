from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.commissions import RateChange, commission_at, next_midnight, takes_effect_at

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
BEFORE = TEN - timedelta(days=3)


def change(before, after, at=TEN, effect=MIDNIGHT):
    return RateChange(Decimal(before), Decimal(after), at, effect)


def rate(rate_now, *changes, since=BEFORE, at):
    return commission_at(Decimal(rate_now), changes, showing_since=since, at=at)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("UTC", TEN, MIDNIGHT),
        ("Asia/Ho_Chi_Minh", TEN, datetime(2026, 11, 22, 17, tzinfo=UTC)),
        ("America/Los_Angeles", TEN, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        # The day on which the clock goes back has 25 hours.
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("UTC", MIDNIGHT, MIDNIGHT + timedelta(days=1)),
    ],
)
def test_next_midnight(zone, at, expected):
    assert next_midnight(at, zone) == expected


def test_a_rise_holds_at_once():
    assert takes_effect_at(Decimal(15), Decimal(18), at=TEN, time_zone="UTC") == TEN
    assert rate(18, change(15, 18, effect=TEN), at=TEN) == 18


def test_a_cut_holds_from_midnight_for_who_shows_the_product():
    assert takes_effect_at(Decimal(20), Decimal(15), at=TEN, time_zone="UTC") == MIDNIGHT
    cut = change(20, 15)
    assert rate(15, cut, at=MIDNIGHT - timedelta(seconds=1)) == 20
    assert rate(15, cut, at=MIDNIGHT) == 15


@pytest.mark.parametrize("since", [None, TEN + timedelta(minutes=1)])
def test_a_cut_holds_at_once_for_new_creators(since):
    assert rate(15, change(20, 15), since=since, at=TEN + timedelta(hours=1)) == 15


def test_without_changes_the_rate_is_the_plans():
    assert rate(15, at=TEN) == 15


def test_before_a_change_the_old_rate_holds():
    assert rate(18, change(15, 18, effect=TEN), at=TEN - timedelta(seconds=1)) == 15


def test_a_later_change_replaces_a_cut_that_waits():
    cut = change(20, 15)
    back = change(15, 18, at=TEN + timedelta(hours=1))
    # 18 is still less than the 20 that the creator has: from midnight, and the 15 never comes.
    assert rate(18, cut, back, at=TEN + timedelta(hours=2)) == 20
    assert rate(18, cut, back, at=MIDNIGHT) == 18
    # Who joined between the two has 15, and gets the 18 at once.
    joined = TEN + timedelta(minutes=30)
    assert rate(18, cut, back, since=joined, at=TEN + timedelta(hours=2)) == 18


def test_a_rise_above_the_held_rate_cancels_the_cut():
    rise = change(15, 25, at=TEN + timedelta(hours=1), effect=TEN + timedelta(hours=1))
    assert rate(25, change(20, 15), rise, at=TEN + timedelta(hours=1)) == 25
    assert rate(25, change(20, 15), rise, at=MIDNIGHT) == 25


@given(st.lists(st.tuples(st.integers(1, 80), st.integers(1, 40)), min_size=1, max_size=8), st.integers(0, 400))
def test_the_longest_showing_creator_never_has_less(steps, joined_after):
    """What `commission_change` relies on when it stores from when a cut holds."""
    changes, before, at = [], Decimal(40), TEN
    for to, hours in steps:
        at += timedelta(hours=hours)
        held = commission_at(before, changes, showing_since=BEFORE, at=at)
        effect = takes_effect_at(held, Decimal(to), at=at, time_zone="UTC")
        changes.append(RateChange(before, Decimal(to), at, effect))
        before = Decimal(to)
    later = TEN + timedelta(hours=joined_after)
    for instant in (at, at + timedelta(hours=5), at + timedelta(days=2)):
        longest = commission_at(before, changes, showing_since=BEFORE, at=instant)
        assert longest >= commission_at(before, changes, showing_since=later, at=instant)
    assert longest == before

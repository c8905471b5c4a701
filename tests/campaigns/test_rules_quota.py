from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.rules.quota import reply_stats, week_bounds, week_starts_on
from tests.plans import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "zone", "sunday"),
    [
        (NOON, "UTC", date(2026, 11, 22)),
        (datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "UTC", date(2026, 11, 15)),
        # In Saigon it is Sunday already.
        (datetime(2026, 11, 21, 17, tzinfo=UTC), "Asia/Ho_Chi_Minh", date(2026, 11, 22)),
        (datetime(2026, 11, 22, 7, 59, tzinfo=UTC), "America/Los_Angeles", date(2026, 11, 15)),
        (NOON, "Nowhere/At all", date(2026, 11, 22)),
    ],
)
def test_a_week_begins_on_sunday_in_the_shops_time(at, zone, sunday):
    assert week_starts_on(at, zone) == sunday
    start, end = week_bounds(sunday, zone)
    assert start <= at < end


def test_a_week_with_a_change_of_clocks_has_seven_days():
    start, end = week_bounds(date(2026, 10, 25), "Europe/London")
    assert (start.astimezone(UTC).hour, end.astimezone(UTC).hour) == (23, 0)


def test_reply_figures_count_contacts_of_14_days_and_more():
    old, young = NOON - timedelta(days=14), NOON - timedelta(days=13)
    stats = reply_stats([(old, old + HOUR), (old, old + 5 * HOUR), (old, None), (young, young + HOUR)], at=NOON)
    assert (stats.contacts, stats.replies, stats.median_hours) == (3, 2, 3.0)
    assert stats.rate == pytest.approx(2 / 3)


def test_without_contacts_there_is_no_rate():
    assert reply_stats([], at=NOON).rate is None
    assert reply_stats([], at=NOON).median_hours is None

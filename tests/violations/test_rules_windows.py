from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from violations.rules.windows import appeal_ends_at, working_days_after

NEW_YORK, HANOI = "America/New_York", "Asia/Ho_Chi_Minh"


def local(*when: int, zone: str) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize("zone", [NEW_YORK, HANOI, "UTC"])
@pytest.mark.parametrize("hour", [0, 23])
def test_appeal_is_in_time_on_the_30th_day_and_late_on_the_31st(zone: str, hour: int) -> None:
    end = appeal_ends_at(local(2026, 6, 1, hour, zone=zone), days=30, time_zone=zone)
    last_moment, next_day = local(2026, 7, 1, 23, 59, 59, zone=zone), local(2026, 7, 2, zone=zone)
    assert last_moment < end == next_day


def test_day_of_the_notice_is_that_of_the_market() -> None:
    given_at = datetime(2026, 6, 1, 18, tzinfo=UTC)
    assert appeal_ends_at(given_at, days=30, time_zone=HANOI) == local(2026, 7, 3, zone=HANOI)
    assert appeal_ends_at(given_at, days=30, time_zone=NEW_YORK) == local(2026, 7, 2, zone=NEW_YORK)


def test_window_across_a_change_of_clocks_ends_at_local_midnight() -> None:
    end = appeal_ends_at(local(2026, 10, 20, 12, zone=NEW_YORK), days=30, time_zone=NEW_YORK)
    assert end.astimezone(UTC) == datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # Wednesday, Friday, Saturday, Sunday.
        ((2026, 11, 25, 9), 1, (2026, 11, 26, 9)),
        ((2026, 11, 27, 9), 1, (2026, 11, 30, 9)),
        ((2026, 11, 28, 9), 1, (2026, 11, 30, 9)),
        ((2026, 11, 29, 9), 1, (2026, 11, 30, 9)),
        ((2026, 11, 25, 9), 10, (2026, 12, 9, 9)),
        ((2026, 11, 25, 9), 0, (2026, 11, 25, 9)),
    ],
)
def test_working_days_are_monday_to_friday(start: tuple[int, ...], days: int, end: tuple[int, ...]) -> None:
    found = working_days_after(local(*start, zone=HANOI), days=days, time_zone=HANOI)
    assert found == local(*end, zone=HANOI)


def test_working_days_are_those_of_the_market() -> None:
    """Friday evening in UTC is Saturday in Hanoi."""
    at = datetime(2026, 11, 27, 20, tzinfo=UTC)
    assert working_days_after(at, days=1, time_zone=HANOI) == local(2026, 11, 30, 3, zone=HANOI)


def test_working_day_across_a_change_of_clocks_keeps_the_local_time() -> None:
    found = working_days_after(local(2026, 10, 30, 12, zone=NEW_YORK), days=1, time_zone=NEW_YORK)
    assert found.astimezone(UTC) - datetime(2026, 10, 30, 16, tzinfo=UTC) == timedelta(days=3, hours=1)

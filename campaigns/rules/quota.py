"""Weeks of the quota and reply figures. Source: the platform facts, "Outreach quota"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Younger first contacts may still be answered, and would pull the rate down.
REPLY_DAYS = 14
SUNDAY = 6


def zone_of(name: str) -> ZoneInfo:
    """The shop's time zone; UTC for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def week_starts_on(at: datetime, time_zone: str) -> date:
    """The Sunday with which the week of the instant begins in the time zone."""
    day = at.astimezone(zone_of(time_zone)).date()
    return day - timedelta(days=(day.weekday() - SUNDAY) % 7)


def week_bounds(starts_on: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first instant of the week and that of the next one, both Sunday 00:00 in the time zone."""
    zone = zone_of(time_zone)
    start, end = (datetime.combine(day, time(), zone) for day in (starts_on, starts_on + timedelta(days=7)))
    return start, end


@dataclass(frozen=True)
class ReplyStats:
    """How creators answer first contacts that are at least 14 days old. `rate` is None where there is none."""

    contacts: int = 0
    replies: int = 0
    median_hours: float | None = None

    @property
    def rate(self) -> float | None:
        return self.replies / self.contacts if self.contacts else None


def reply_stats(contacts: Iterable[tuple[datetime, datetime | None]], *, at: datetime) -> ReplyStats:
    """Rate and median time (hours) of replies; `contacts` are instants of the first contact and the first reply."""
    old = [(out, reply) for out, reply in contacts if out + timedelta(days=REPLY_DAYS) <= at]
    hours = [(reply - out) / timedelta(hours=1) for out, reply in old if reply is not None and reply >= out]
    return ReplyStats(len(old), len(hours), median(hours) if hours else None)

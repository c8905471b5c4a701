"""Windows in the creator's market time: how long an appeal can be filed, and when it must be decided."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def appeal_ends_at(given_at: datetime, *, days: int, time_zone: str) -> datetime:
    """The first instant at which an appeal is too late: the end of the `days`-th local day after the notice.

    The day of the notice is day 0, so that a notice of 1 June allows an appeal until the end of 1 July with 30 days.
    """
    zone = ZoneInfo(time_zone)
    last = given_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def working_days_after(at: datetime, *, days: int, time_zone: str) -> datetime:
    """The same local time of day, `days` working days (Monday to Friday) later."""
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    day, left = local.date(), days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day, local.time(), zone)

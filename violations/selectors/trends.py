"""What the ledger says over time: entries a week by severity, and the same rule broken again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.ui import format_day
from creators.models import Creator, CreatorFacts
from creators.selectors.panels import Chart
from violations.models import POINTS_LAST, LedgerEntry, Rule, RuleBook
from violations.states import Severity

MINUTE, DAY, SEASON = 60, 86_400, 100 * 86_400
WEEKS = 12
# An entry is seen by others only when its transaction ends.
LATE_COMMITS = timedelta(minutes=5)
# Creator, code of the rule, how often, when last.
Repeat = tuple[int, str, int, datetime]
OFFENDER_ROWS = 8
# The colours of the chart, the worse the stronger.
TONES: dict[str, str] = {
    Severity.MINOR: "--data-3",
    Severity.MODERATE: "--data-2",
    Severity.MAJOR: "--data",
    Severity.CRITICAL: "--warn",
    Severity.EXTREME: "--bad",
}


@dataclass(frozen=True)
class Offender:
    """A creator who broke one rule again and again within the days of the rule book."""

    creator: Creator
    rule: Rule
    times: int
    last_at: datetime


@dataclass(frozen=True)
class Offenders:
    """The worst of them, how many there are, and what counts as a repeat; at most a minute old."""

    rows: list[Offender]
    count: int
    repeat_count: int
    repeat_days: int


def weekly_chart(*, at: datetime) -> Chart:
    """Violations recorded in each of the last twelve weeks by severity, as a chart and a table."""
    language, today = get_language() or "en", timezone.localdate(at)
    weeks = weekly_counts(at=at)
    labels = [format_day(week, language, today) for week in weeks]
    names = [str(severity.label) for severity in Severity]
    series = [
        {
            "name": str(severity.label),
            "values": [counts.get(severity, 0) for counts in weeks.values()],
            "stack": "all",
            "tone": TONES[severity],
        }
        for severity in Severity
    ]
    data = {"type": "bar", "labels": labels, "series": series, "language": language}
    rows = [
        [week.isoformat(), *(str(counts.get(severity, 0)) for severity in Severity)] for week, counts in weeks.items()
    ]
    return Chart("weekly-violations", _("Violations a week"), data, [_("Week from"), *names], rows)


def weekly_counts(*, at: datetime) -> dict[date, dict[str, int]]:
    """Violations by severity of each week (its Monday), oldest first.

    Nothing is added to a week that is over, so those are kept as long as they are shown; the current one for a minute.
    """
    today = timezone.localdate(at)
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    zone = timezone.get_current_timezone_name()
    keys = {week: f"desk.week.{zone}.{week.isoformat()}" for week in weeks}
    kept: dict[str, dict[str, int]] = cache.get_many(keys.values())
    missing = [week for week in weeks if keys[week] not in kept]
    if missing:
        found = _counted(missing[0])
        fresh = {keys[week]: found.get(week, {}) for week in missing}
        cache.set_many({key: one for key, one in fresh.items() if key != keys[monday]}, SEASON)
        cache.set(keys[monday], found.get(monday, {}), MINUTE)
        kept |= fresh
    return {week: kept[keys[week]] for week in weeks}


def _counted(first: date) -> dict[date, dict[str, int]]:
    begin = timezone.make_aware(datetime.combine(first, time()))
    recorded = LedgerEntry.objects.violations().filter(recorded_at__gte=begin).order_by()
    rows = recorded.annotate(week=TruncWeek("recorded_at")).values_list("week", "severity").annotate(Count("pk"))
    found: dict[date, dict[str, int]] = {}
    for week, severity, count in rows:
        found.setdefault(timezone.localdate(week), {})[severity] = count
    return found


def offenders_of(*, at: datetime) -> Offenders:
    """Creators who broke one rule as often as the book in force calls a repeat offence; reversed entries do not count.

    At most a minute old. Who was none before becomes one by a new entry only, so that after the first time no more
    than the known ones and the creators with new entries are looked at.
    """
    book = RuleBook.objects.latest_by_market(at=at).filter(market=None).first()
    if book is None:
        return Offenders([], 0, 0, 0)
    key = f"desk.offenders.{book.pk}"
    kept: tuple[datetime, list[Repeat]] | None = cache.get(key)
    if kept is None or not timedelta() <= at - kept[0] < timedelta(seconds=MINUTE):
        kept = (at, list(_repeats(book, _suspects(book, kept, at), at)))
        cache.set(key, kept, DAY)
    found = kept[1]
    return Offenders(_named(found[:OFFENDER_ROWS]), len(found), book.repeat_count, book.repeat_days)


def _suspects(book: RuleBook, kept: tuple[datetime, list[Repeat]] | None, at: datetime) -> Any:
    """Keys of the creators that may be offenders; None: anybody."""
    if kept is not None and kept[0] <= at:
        fresh = LedgerEntry.objects.filter(recorded_at__gt=kept[0] - LATE_COMMITS)
        return {row[0] for row in kept[1]} | set(fresh.order_by().values_list("creator", flat=True))
    if book.repeat_days > POINTS_LAST.days:
        return None
    # An entry has a point at least and counts 90 days: who has fewer points has fewer entries.
    return CreatorFacts.objects.filter(points__gte=book.repeat_count).values("pk")


def _repeats(book: RuleBook, suspects: Any, at: datetime) -> QuerySet[Any, Repeat]:
    begin = at - timedelta(days=book.repeat_days)
    entries = LedgerEntry.objects.violations().filter(effective_at__gt=begin, effective_at__lte=at).not_reversed(at=at)
    if suspects is not None:
        entries = entries.filter(creator__in=suspects)
    groups = entries.order_by().values_list("creator", "rule_code")
    counted = groups.annotate(times=Count("pk"), last_at=Max("effective_at")).filter(times__gte=book.repeat_count)
    return counted.order_by("-times", "-last_at", "creator")


def _named(rows: Sequence[Repeat]) -> list[Offender]:
    creators = Creator.objects.in_bulk([row[0] for row in rows])
    codes = {row[1] for row in rows}
    rules = {rule.code: rule for rule in Rule.objects.filter(code__in=codes).order_by("book__effective_from")}
    return [Offender(creators[pk], rules[code], times, last) for pk, code, times, last in rows if pk in creators]

"""What the ledger says over time: entries a week by severity, and the same rule broken again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.ui import format_day
from creators.models import Creator, CreatorFacts
from creators.selectors.panels import Chart
from violations.models import LedgerEntry, Rule, RuleBook
from violations.states import Severity

MINUTE, DAY = 60, 86_400
# Two sweeps: with the sweep stopped they are looked for by the page.
OFFENDERS_KEPT = 600
WEEKS = 12
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
    """The worst of them, how many there are, and what counts as a repeat; as old as the last sweep."""

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

    Nothing is added to a week that is over, so those are kept for a day; the current one for a minute.
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
        cache.set_many({key: one for key, one in fresh.items() if key != keys[monday]}, DAY)
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

    An entry has a point at least and counts 90 days: only who has that many points can have that many entries, and
    those creators are found by an index.
    """
    book = _book(at)
    if book is None:
        return Offenders([], 0, 0, 0)
    found: list[tuple[int, str, int, datetime]] | None = cache.get(_key(book))
    if found is None:
        found = _find(book, at)
    shown = found[:OFFENDER_ROWS]
    return Offenders(_named(shown), len(found), book.repeat_count, book.repeat_days)


def offenders_renew(*, at: datetime) -> None:
    """Look for them anew, with every sweep: among two million entries it takes too long for whoever opens the page."""
    book = _book(at)
    if book is not None:
        _find(book, at)


def _book(at: datetime) -> RuleBook | None:
    return RuleBook.objects.latest_by_market(at=at).filter(market=None).first()


def _key(book: RuleBook) -> str:
    return f"desk.offenders.{book.pk}"


def _find(book: RuleBook, at: datetime) -> list[tuple[int, str, int, datetime]]:
    found = list(_repeats(book, at))
    cache.set(_key(book), found, OFFENDERS_KEPT)
    return found


def _repeats(book: RuleBook, at: datetime) -> Any:
    begin = at - timedelta(days=book.repeat_days)
    entries = LedgerEntry.objects.violations().filter(effective_at__gt=begin, effective_at__lte=at).not_reversed(at=at)
    if begin >= at - timedelta(days=90):
        suspects = CreatorFacts.objects.filter(points__gte=book.repeat_count)
        entries = entries.filter(creator__in=suspects.values("pk"))
    groups = (
        entries.order_by().values_list("creator", "rule_code").annotate(times=Count("pk"), last_at=Max("effective_at"))
    )
    return groups.filter(times__gte=book.repeat_count).order_by("-times", "-last_at", "creator")


def _named(rows: Sequence[tuple[int, str, int, datetime]]) -> list[Offender]:
    creators = Creator.objects.in_bulk([row[0] for row in rows])
    codes = {row[1] for row in rows}
    rules = {rule.code: rule for rule in Rule.objects.filter(code__in=codes).order_by("book__effective_from")}
    return [Offender(creators[pk], rules[code], times, last) for pk, code, times, last in rows if pk in creators]

"""What a creator sees of itself: points and when they go, restrictions, entries, appeals, and what scores read.

Nothing here says who logged, what was noted internally, or what proves an entry: creators are not signed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from creators.exports import metric_text
from creators.models import Creator
from creators.selectors.profile import profile_of
from violations.models import Appeal, AppealEvidence, AppealStep, LedgerEntry, Milestone, Notice, RuleBook
from violations.querysets import AppealQuerySet
from violations.rules.appeals import MOST
from violations.rules.restrictions import Event, Standing, Withdrawal, balance, standing
from violations.rules.windows import appeal_ends_at
from violations.selectors.rulebook_words import feature_words, milestone_words
from violations.selectors.standings import book_in_force, books_of, events_of
from violations.states import AppealState, EntryKind, Feature, Measure, RestrictionCause

# Of the directory's numbers those that a creator knows as their own.
METRICS = ("followers", "gmv_30d", "units_30d", "videos_30d", "lives_30d", "engagement_by_views", "fulfilment_rate")
# The meter ends a quarter behind the next threshold.
METER_ROOM = 1.25


@dataclass(frozen=True)
class Expiry:
    """Points that go at an instant, and the balance from then on if nothing is added."""

    at: datetime
    points: int
    balance: int


@dataclass(frozen=True)
class Limit:
    """A feature that is withdrawn now; `ends_at` None: no end of its own."""

    feature: str | Promise
    reason: str
    ends_at: datetime | None


@dataclass(frozen=True)
class AppealLine:
    """An appeal; `question` is what is asked now, `files` the names of what the creator brought."""

    appeal: Appeal
    statement: str
    question: str
    files: list[str]


@dataclass(frozen=True)
class EntryLine:
    """An entry: until when its points count, when it was taken back, until when it can be appealed."""

    entry: LedgerEntry
    title: str | Promise
    counts: bool
    taken_back_at: datetime | None
    # None: no end.
    appeal_until: datetime | None
    may_appeal: bool
    appeals: list[AppealLine]

    @property
    def content_url(self) -> str:
        """The content link as an address, also where it was written without its scheme; "" without one."""
        link = self.entry.details.content_link.strip()
        return link if not link or "://" in link else f"https://{link}"


@dataclass(frozen=True)
class CreatorPageLink:
    """A page of a higher app behind the same link; its address takes the token.

    Listed in `config.composition.CREATOR_PAGES`.

    `summary` gives a few words about what is on it, "" when there is nothing for the creator.
    """

    label: str | Promise
    url_name: str
    summary: Callable[[Creator, datetime], str]


@dataclass(frozen=True)
class CreatorPage:
    """Everything on the page, as of an instant. `meter` is in percent: what counts, and the next threshold."""

    creator: Creator
    zone: str
    standing: Standing
    strike_count: int
    next: Milestone | None
    # What happens at the next threshold, and what the thresholds that are reached brought.
    next_text: str
    reached: list[tuple[int, str]]
    meter: dict[str, float]
    expiries: list[Expiry]
    limits: list[Limit]
    entries: list[EntryLine]

    @property
    def points_away(self) -> int:
        """How many points are left to the next threshold."""
        return self.next.threshold - self.standing.balance if self.next else 0


def creator_page_of(creator: Creator, *, at: datetime) -> CreatorPage:
    """What the creator sees at the instant; a fixed number of queries, however many entries."""
    events = events_of([creator.pk]).get(creator.pk, [])
    found = standing(events, books_of(), at=at)
    book = book_in_force(creator.market_id, at=at)
    milestones = list(book.milestones.all()) if book else []
    coming = next((one for one in milestones if one.threshold > found.balance), None)
    entries = list(entries_of(creator, at=at))
    return CreatorPage(
        creator=creator,
        zone=creator.market.time_zone,
        standing=found,
        strike_count=book.strike_count if book else 0,
        next=coming,
        next_text=milestone_text(coming) if coming else "",
        reached=[(one.threshold, milestone_text(one)) for one in milestones if one.threshold <= found.balance],
        meter=_meter(found.balance, coming.threshold if coming else None),
        expiries=_expiries(events, at),
        limits=_limits(found, {entry.pk: entry for entry in entries}, book),
        entries=[_entry_line(entry, at) for entry in entries],
    )


def entries_of(creator: Creator, *, at: datetime) -> QuerySet[LedgerEntry]:
    """The creator's own violations, measures and lifts with what the page reads of them, the newest first."""
    steps = AppealStep.objects.filter(to_state=AppealState.EVIDENCE_ASKED).exclude(
        from_state=AppealState.EVIDENCE_ASKED
    )
    appeals = Appeal.objects.order_by("number").prefetch_related(
        Prefetch("steps", steps, to_attr="questions"),
        Prefetch("evidence", AppealEvidence.objects.filter(added_by=None).select_related("file"), to_attr="brought"),
    )
    given = Notice.objects.given().order_by("given_at")
    shown = LedgerEntry.objects.filter(creator=creator, recorded_at__lte=at).exclude(kind=EntryKind.REVERSAL)
    return (
        shown.select_related("rule__book", "shop", "details", "creator__market", "judged_by")
        .prefetch_related(
            Prefetch("notices", given, to_attr="given"), Prefetch("appeals", appeals, to_attr="filed"), "reversals"
        )
        .order_by("-effective_at", "-sequence")
    )


def appeals_of(creator: Creator) -> AppealQuerySet:
    """Appeals against the creator's own entries."""
    return Appeal.objects.filter(entry__creator=creator).select_related("entry__rule__book", "entry__creator__market")


def metrics_of(creator: Creator) -> list[tuple[str | Promise, str]]:
    """Names and texts of the numbers that the directory has of the creator; sources are not named."""
    profile, language = profile_of(creator), get_language() or "en"
    facts = [profile.fact(key) for key in METRICS]
    return [
        (fact.metric.label, metric_text(fact.metric, fact.number, fact.value, language)[0])
        for fact in facts
        if fact.number is not None
    ]


def milestone_text(milestone: Milestone) -> str:
    """What happens at the threshold: the book's own words, else put together from its numbers."""
    if milestone.text:
        return milestone.text
    return milestone_words(features=milestone.features, days=milestone.days, blocks_seats=milestone.blocks_seats)


def _meter(points: int, threshold: int | None) -> dict[str, float]:
    mark = threshold or max(points, 1)
    scale = 100 / (mark * METER_ROOM)
    return {"points": points * scale, "mark": mark * scale}


def _expiries(events: Sequence[Event], at: datetime) -> list[Expiry]:
    """When the balance falls by itself, the next time first."""
    ends = sorted({event.expires_at for event in events if event.counts(at) and event.expires_at})
    found, before = [], balance(events, at=at)
    for end in ends:
        after = balance([event for event in events if event.counts(at)], at=end)
        # A reversal goes with the entry it answers: together they change nothing.
        if after != before:
            found.append(Expiry(end, before - after, after))
        before = after
    return found


def _limits(found: Standing, entries: dict[int, LedgerEntry], book: RuleBook | None) -> list[Limit]:
    """What is withdrawn now, by feature, with why."""
    rows = [row for row in found.withdrawals if row.in_force(found.at)]
    return [
        Limit(feature.label, _cause(row, entries, book), row.ends_at)
        for feature in Feature
        for row in rows
        if row.feature == feature
    ]


def _cause(row: Withdrawal, entries: dict[int, LedgerEntry], book: RuleBook | None) -> str:
    if row.cause == RestrictionCause.MILESTONE:
        return _("The points reached %(threshold)s.") % {"threshold": row.threshold}
    if row.cause == RestrictionCause.STRIKES:
        return _("%(count)s strikes.") % {"count": len(row.spent) or (book.strike_count if book else 0)}
    entry = entries.get(row.event)
    return str(Measure(entry.measure).label) if entry and entry.measure else str(RestrictionCause.MEASURE.label)


def _entry_line(entry: LedgerEntry, at: datetime) -> EntryLine:
    reversals = [one for one in entry.reversals.all() if one.recorded_at <= at]
    until = _appeal_until(entry)
    filed: list[Appeal] = entry.filed  # type: ignore[attr-defined]
    is_open = until is None or at < until
    return EntryLine(
        entry=entry,
        title=_title(entry),
        counts=not reversals and entry.expires_at is not None and entry.effective_at <= at < entry.expires_at,
        taken_back_at=reversals[0].recorded_at if reversals else None,
        appeal_until=until,
        may_appeal=(
            entry.kind == EntryKind.VIOLATION
            and not reversals
            and is_open
            and len(filed) < MOST
            and not any(one.is_open for one in filed)
        ),
        appeals=[_appeal_line(one) for one in filed],
    )


def _title(entry: LedgerEntry) -> str | Promise:
    if entry.rule:
        return entry.rule.title
    if entry.measure:
        return Measure(entry.measure).label
    return _("Given back: %(features)s") % {"features": feature_words(entry.features)}


def _appeal_until(entry: LedgerEntry) -> datetime | None:
    given: list[Notice] = entry.given  # type: ignore[attr-defined]
    if not given or entry.rule is None or given[0].given_at is None:
        return None
    zone = entry.creator.market.time_zone
    return appeal_ends_at(given[0].given_at, days=entry.rule.book.appeal_days, time_zone=zone)


def _appeal_line(appeal: Appeal) -> AppealLine:
    asked: list[AppealStep] = appeal.questions  # type: ignore[attr-defined]
    brought: list[AppealEvidence] = appeal.brought  # type: ignore[attr-defined]
    is_asked = appeal.state == AppealState.EVIDENCE_ASKED and asked
    return AppealLine(
        appeal=appeal,
        # What staff wrote for the creator stays with staff.
        statement="" if appeal.filed_by_id else appeal.statement,
        question=asked[-1].note if is_asked else "",
        files=[one.file.name for one in brought],
    )


def more_pages(creator: Creator, *, at: datetime) -> list[tuple[CreatorPageLink, str]]:
    """Pages that higher apps have for the creator, each with its summary; one without a word is left out."""
    pages: list[CreatorPageLink] = [import_string(path) for path in import_string(settings.CREATOR_PAGES)]
    return [(page, said) for page in pages if (said := page.summary(creator, at))]


def zone_of(creator: Creator) -> ZoneInfo:
    """The time zone of the creator's market."""
    return ZoneInfo(creator.market.time_zone)

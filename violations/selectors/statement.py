"""A creator's ledger like a bank statement: what was recorded, what expired, what will; as of any past instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.states import Look
from core.ui import format_delta
from creators.models import Creator
from violations.models import Appeal, LedgerEntry, Notice, RuleBook
from violations.rules.restrictions import Event, Standing, Threshold, Withdrawal, standing
from violations.rules.statement import Line, LineKind, next_expiry, statement_lines, strike_numbers
from violations.rules.windows import appeal_ends_at
from violations.selectors.health import RatingLine, rating_of
from violations.selectors.preview import next_threshold
from violations.selectors.standings import book_in_force, books_of, events_of
from violations.states import (
    APPEAL_LOOKS,
    EntryKind,
    Feature,
    Measure,
    RestrictionCause,
    RestrictionOutcome,
    ReversalKind,
)


@dataclass(frozen=True)
class Told:
    """What became of a violation's appeal, as it was known at the instant; `is_open`: not decided by then.

    `last_day`: until when it can be appealed, None without a notice; `can_appeal`: that was not over.
    """

    appeal: Appeal | None
    is_open: bool
    last_day: datetime | None
    can_appeal: bool


@dataclass(frozen=True)
class StatementLine:
    """A line with the words of its entry; `entry` is the violation where points expire."""

    account: Creator
    line: Line
    entry: LedgerEntry
    title: str
    is_reversed: bool
    strike: int | None
    told: Told | None
    # Of somebody else's account of the same person; its balance is that account's.
    is_other: bool

    @property
    def is_entry(self) -> bool:
        return self.line.kind == LineKind.ENTRY

    @property
    def is_planned(self) -> bool:
        return self.line.kind == LineKind.PLANNED

    @property
    def points_text(self) -> str:
        """+4, −1, 0."""
        return format_delta(self.line.points)

    @property
    def is_late(self) -> bool:
        """It was already expired when it was recorded, so that it never counted."""
        return self.is_entry and self.entry.kind == EntryKind.VIOLATION and not self.line.points


@dataclass(frozen=True)
class RestrictionLine:
    """What one firing, measure or strike-out withdrew for one time, or a written warning (no features)."""

    features: Sequence[str | Promise]
    cause: str
    entry_id: int
    starts_at: datetime
    ends_at: datetime | None
    planned_end_at: datetime | None
    look: Look


@dataclass(frozen=True)
class Statement:
    """The ledger of a creator at an instant, and of the other accounts of the same person."""

    creator: Creator
    at: datetime
    lines: list[StatementLine]
    standing: Standing
    book: RuleBook | None
    next_threshold: Threshold | None
    next_expiry: Line | None
    restrictions: list[RestrictionLine]
    others: list[tuple[Creator, int]]
    rating: RatingLine | None

    @property
    def balance(self) -> int:
        return self.standing.balance

    @property
    def percent(self) -> float:
        """The balance as a share of the next threshold, in percent."""
        return min(100.0, self.balance * 100 / self.next_threshold.balance) if self.next_threshold else 100.0

    @property
    def points_away(self) -> int:
        return self.next_threshold.balance - self.balance if self.next_threshold else 0

    @property
    def next_expiry_points(self) -> str:
        return format_delta(self.next_expiry.points) if self.next_expiry else ""

    @property
    def withdrawn(self) -> list[tuple[str | Promise, datetime | None]]:
        """Features withdrawn now, with their ends."""
        return [(f.label, self.standing.withdrawn[f]) for f in Feature if f in self.standing.withdrawn]


def statement_of(creator: Creator, *, at: datetime) -> Statement:
    """The statement as it stood at the instant: what was recorded, decided and told by then.

    About ten queries, however many entries and accounts. Balances stay with each account.
    """
    accounts = _accounts(creator)
    events, books = events_of(accounts), books_of()
    found = {pk: standing(events.get(pk, []), books, at=at) for pk in accounts}
    book = book_in_force(creator.market_id, at=at)
    mine = found[creator.pk]
    return Statement(
        creator=creator,
        at=at,
        lines=_lines(creator, accounts, events, found, at),
        standing=mine,
        book=book,
        next_threshold=next_threshold(books[book.pk].thresholds, mine.balance) if book else None,
        next_expiry=next_expiry(events.get(creator.pk, []), at=at),
        restrictions=restriction_lines(mine.withdrawals, at=at),
        others=[(one, found[pk].balance) for pk, one in accounts.items() if pk != creator.pk],
        rating=rating_of(creator.pk, on=at.date()),
    )


def _accounts(creator: Creator) -> dict[int, Creator]:
    """The creator, then the other accounts of the same person."""
    others = Creator.objects.none()
    if creator.person_id is not None:
        others = Creator.objects.filter(person=creator.person_id).exclude(pk=creator.pk).select_related("market")
    return {creator.pk: creator} | {one.pk: one for one in others}


def _lines(
    creator: Creator,
    accounts: Mapping[int, Creator],
    events: Mapping[int, list[Event]],
    found: Mapping[int, Standing],
    at: datetime,
) -> list[StatementLine]:
    """The lines of all accounts, newest first."""
    lines = [(pk, line) for pk in accounts for line in statement_lines(events.get(pk, []), at=at)]
    lines.sort(key=lambda one: one[1].at, reverse=True)
    entries = entries_by_id({line.event.id for _pk, line in lines})
    told = _told(entries, at)
    reversed_ids = {line.event.answers for _pk, line in lines if line.event.kind == EntryKind.REVERSAL}
    strikes: dict[int, int] = {}
    for pk in accounts:
        known = [event for event in events.get(pk, []) if event.recorded_at <= at]
        strikes |= strike_numbers(known, found[pk].withdrawals)
    return [
        StatementLine(
            account=accounts[pk],
            line=line,
            entry=entries[line.event.id],
            title=line_title(line.kind, entries[line.event.id]),
            is_reversed=line.kind == LineKind.ENTRY and line.event.id in reversed_ids,
            strike=strikes.get(line.event.id) if line.kind == LineKind.ENTRY else None,
            told=told.get(line.event.id) if line.kind == LineKind.ENTRY else None,
            is_other=pk != creator.pk,
        )
        for pk, line in lines
    ]


def entries_by_id(ids: set[int]) -> dict[int, LedgerEntry]:
    """The entries with what lists show of them."""
    related = ("creator__market", "rule__book", "recorded_by", "details", "answers", "judged_by", "shop")
    return LedgerEntry.objects.select_related(*related).in_bulk(ids)


def _told(entries: Mapping[int, LedgerEntry], at: datetime) -> dict[int, Told]:
    """Notices and appeals of the violations, as they were known at the instant."""
    violations = [pk for pk, entry in entries.items() if entry.kind == EntryKind.VIOLATION]
    given = Notice.objects.given().filter(entry__in=violations, given_at__lte=at).order_by("given_at")
    first: dict[int, datetime] = {}
    for entry_id, moment in given.values_list("entry", "given_at"):
        if moment is not None:
            first.setdefault(entry_id, moment)
    appeals = Appeal.objects.filter(entry__in=violations, filed_at__lte=at).order_by("number")
    newest = {appeal.entry_id: appeal for appeal in appeals}
    return {pk: _told_of(entries[pk], first.get(pk), newest.get(pk), at) for pk in violations}


def _told_of(entry: LedgerEntry, given_at: datetime | None, appeal: Appeal | None, at: datetime) -> Told:
    until = None
    if given_at is not None and entry.rule is not None:
        zone = entry.creator.market.time_zone
        until = appeal_ends_at(given_at, days=entry.rule.book.appeal_days, time_zone=zone)
    decided_at = appeal.decided_at if appeal else None
    is_open = appeal is not None and (appeal.is_open or (decided_at is not None and decided_at > at))
    if until is None:
        return Told(appeal, is_open, None, can_appeal=False)
    return Told(appeal, is_open, until - timedelta(microseconds=1), can_appeal=at < until)


def line_title(kind: LineKind, entry: LedgerEntry) -> str:
    """What a line is about, in words."""
    if kind == LineKind.PLANNED:
        return _("Scheduled expiry")
    if kind == LineKind.EXPIRY:
        return _("Expired")
    return entry_title(entry)


def entry_title(entry: LedgerEntry) -> str:
    """What an entry says: its rule, the reversal, the measure with what it withdraws, or the lift."""
    features = ", ".join(str(feature.label) for feature in Feature if feature in entry.features)
    if entry.kind == EntryKind.VIOLATION:
        return str(entry.rule)
    if entry.kind == EntryKind.REVERSAL:
        return _("Reversed: %(kind)s") % {"kind": str(ReversalKind(entry.reversal_kind).label).lower()}
    if entry.kind == EntryKind.LIFT:
        return _("Lifted: %(features)s") % {"features": features}
    label = str(Measure(entry.measure).label)
    return _("%(measure)s (%(features)s)") % {"measure": label, "features": features} if features else label


def restriction_lines(rows: Sequence[Withdrawal], *, at: datetime) -> list[RestrictionLine]:
    """The withdrawals, the features of one cause and time together, the newest first."""

    def together(row: Withdrawal) -> tuple[object, ...]:
        return (row.starts_at, row.event, row.cause, row.threshold, row.ends_at, row.planned_end_at, row.outcome)

    shown = [row for row in rows if row.feature or row.cause == RestrictionCause.MILESTONE]
    lines = [_restriction(list(group), at) for _key, group in groupby(shown, key=together)]
    return sorted(lines, key=lambda line: line.starts_at, reverse=True)


def _restriction(rows: Sequence[Withdrawal], at: datetime) -> RestrictionLine:
    first = rows[0]
    features = [feature.label for feature in Feature if feature in {row.feature for row in rows}]
    times = (first.starts_at, first.ends_at, first.planned_end_at)
    return RestrictionLine(features, cause_text(first.cause, first.threshold), first.event, *times, _look(first, at))


def cause_text(cause: str, threshold: int | None) -> str:
    """Why features were withdrawn: "balance of 12 points", "Three strikes", "Measure"."""
    if cause == RestrictionCause.MILESTONE:
        return _("Balance of %(points)s points") % {"points": threshold}
    return str(RestrictionCause(cause).label)


def _look(row: Withdrawal, at: datetime) -> Look:
    if row.outcome == RestrictionOutcome.OVERTURNED:
        return Look(RestrictionOutcome.OVERTURNED.label, "ok")
    if not row.feature:
        return Look(_("Warning"), "warn")
    if row.outcome:
        return Look(RestrictionOutcome(row.outcome).label, "ok")
    return Look(_("In force"), "bad") if row.in_force(at) else Look(_("Ended"), "idle")


def appeal_text(told: Told | None) -> str:
    """Where the appeal of an entry stands, without its dates."""
    if told is None:
        return ""
    if told.appeal is None:
        return _("Not appealed")
    if told.is_open:
        return _("Appeal open")
    return str(APPEAL_LOOKS[told.appeal.state].label)

"""What follows from a ledger: balance, strikes, restrictions. Pure functions of events in recording order.

Source: the house rule book, "Words", "When things fire", "Reversals", "Three strikes". Time is an argument everywhere;
nothing has to run for points or restrictions to end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from violations.states import WITHDRAWING, EntryKind, Measure, RestrictionCause, RestrictionOutcome

# A restriction without an end, where a date is needed.
NEVER_ENDS = datetime(9999, 12, 31, tzinfo=UTC)
# Instant, cause, threshold, and the place among the strike-outs of one instant.
Key = tuple[datetime, str, int | None, int]


@dataclass(frozen=True)
class Event:
    """An entry of the ledger, as far as consequences depend on it."""

    id: int
    kind: str
    recorded_at: datetime
    effective_at: datetime
    expires_at: datetime | None = None
    points: int = 0
    strike: bool = False
    # The violation that a reversal takes back.
    answers: int | None = None
    measure: str = ""
    features: tuple[str, ...] = ()
    ends_at: datetime | None = None
    # The book in force at recording.
    book: int = 0

    def counts(self, at: datetime) -> bool:
        """Whether its points count at the instant; reversals are looked at elsewhere."""
        return (
            self.recorded_at <= at and self.effective_at <= at and self.expires_at is not None and at < self.expires_at
        )


@dataclass(frozen=True)
class Threshold:
    """A milestone: features withdrawn for `days` (None: no end) when the balance reaches it; no features: a warning."""

    balance: int
    features: tuple[str, ...] = ()
    days: int | None = None
    blocks_seats: bool = False


@dataclass(frozen=True)
class Book:
    """The part of a rule book that judges entries."""

    thresholds: tuple[Threshold, ...]
    strike_count: int = 3
    strike_days: int = 7
    strike_features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fired:
    """A milestone or a strike-out that an entry's recording fires, for all its features."""

    event: int
    cause: str
    threshold: int | None
    features: tuple[str, ...]
    at: datetime
    ends_at: datetime | None
    spent: tuple[int, ...] = ()
    # Of several strike-outs at one instant.
    place: int = 0

    @property
    def key(self) -> Key:
        # Not the event: of entries recorded together any one may be reversed while the others still fire it.
        return (self.at, self.cause, self.threshold, self.place)


@dataclass(frozen=True)
class Withdrawal:
    """One feature withdrawn for a time; `feature` "" is a written warning, which ends as it starts.

    `ends_at` is when it ends or has ended, None while only a lift or a reversal ends it; `planned_end_at` the end that
    it had when fired; `outcome` says that something else than its end ended it, or that it was overturned afterwards.
    """

    event: int
    cause: str
    threshold: int | None
    feature: str
    starts_at: datetime
    ends_at: datetime | None
    planned_end_at: datetime | None
    outcome: str = ""
    outcome_at: datetime | None = None
    spent: tuple[int, ...] = ()
    # The firing that it comes from, by which a replay finds it again.
    key: Key | None = None

    @property
    def stands(self) -> bool:
        """It was not overturned."""
        return self.outcome != RestrictionOutcome.OVERTURNED

    def in_force(self, at: datetime) -> bool:
        """Whether the feature is withdrawn at the instant."""
        return bool(self.feature) and self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Standing:
    """Where a creator stands at an instant."""

    at: datetime
    balance: int
    # Strikes that count and are not spent.
    strikes: int
    withdrawals: tuple[Withdrawal, ...]
    # Ends of the features that are withdrawn now; None: no end of its own.
    withdrawn: Mapping[str, datetime | None]
    payments_frozen: bool

    @property
    def is_restricted(self) -> bool:
        return bool(self.withdrawn)

    @property
    def restricted_until(self) -> datetime | None:
        """The last end of the features withdrawn now, `NEVER_ENDS` for one without; None when nothing is."""
        if not self.withdrawn:
            return None
        return max(end or NEVER_ENDS for end in self.withdrawn.values())


def standing(events: Sequence[Event], books: Mapping[int, Book], *, at: datetime) -> Standing:
    """Everything that follows from the events recorded by `at`, as it stands at that instant."""
    known = [event for event in events if event.recorded_at <= at]
    rows = withdrawals(known, books)
    strikes = len(open_strikes(known, rows, at=at))
    return Standing(at, balance(known, at=at), strikes, rows, _latest_ends(rows, at), frozen(known))


def balance(events: Iterable[Event], *, at: datetime) -> int:
    """The points that count at the instant: recorded by then, less what was reversed by then; never below 0."""
    return sum(event.points for event in events if event.counts(at))


def open_strikes(events: Sequence[Event], rows: Sequence[Withdrawal], *, at: datetime) -> list[Event]:
    """Strike entries that count at the instant, are not reversed and were not spent by a strike-out that stands."""
    spent = {one for row in rows if row.stands for one in row.spent}
    gone = spent | {event.answers for event in events if event.kind == EntryKind.REVERSAL and event.recorded_at <= at}
    return [event for event in events if event.strike and event.counts(at) and event.id not in gone]


def frozen(events: Iterable[Event]) -> bool:
    """Whether payments are frozen after these events: the last freeze or release says so."""
    last = ""
    for event in events:
        if event.measure in (Measure.FREEZE_PAYMENTS, Measure.RELEASE_PAYMENTS):
            last = event.measure
    return last == Measure.FREEZE_PAYMENTS


def withdrawals(events: Sequence[Event], books: Mapping[int, Book]) -> tuple[Withdrawal, ...]:
    """Every withdrawal and warning that the events brought about, in order of their firing.

    Events are in recording order. Entries recorded at one instant apply together: violations first, then reversals,
    then measures and lifts.
    """
    history = _History(books)
    for at, together in groupby(events, key=lambda event: event.recorded_at):
        group = list(together)
        history.log(at, [event for event in group if event.kind == EntryKind.VIOLATION])
        history.reverse(at, {event.answers for event in group if event.kind == EntryKind.REVERSAL})
        for event in group:
            if event.measure in WITHDRAWING:
                history.withdraw(event)
            elif event.kind == EntryKind.LIFT:
                history.lift(event)
    return tuple(history.rows)


@dataclass
class _Judge:
    """Fires milestones and strike-outs over violations that are added in recording order."""

    books: Mapping[int, Book]
    before: list[Event] = field(default_factory=list)
    spent: set[int] = field(default_factory=set)

    def add(self, at: datetime, group: Sequence[Event]) -> list[Fired]:
        """What fires when the group is recorded at the instant."""
        # Just before: what ends at this very instant still counted.
        old = sum(event.points for event in self.before if event.expires_at and event.expires_at >= at)
        self.before += group
        # Already expired entries add nothing and fire nothing.
        fresh = [event for event in group if event.counts(at)]
        if not fresh:
            return []
        book, new = self.books[fresh[-1].book], balance(self.before, at=at)
        crossed = [one for one in book.thresholds if old < one.balance <= new]
        fired = [
            Fired(fresh[-1].id, RestrictionCause.MILESTONE, one.balance, one.features, at, _after(at, one.days))
            for one in crossed
        ]
        strikes = [event.id for event in fresh if event.strike]
        return fired + (self._strikes(at, book, strikes[-1]) if strikes else [])

    def _strikes(self, at: datetime, book: Book, last: int) -> list[Fired]:
        counting = [event.id for event in self.before if event.strike and event.counts(at)]
        unspent = [one for one in counting if one not in self.spent]
        end = at + timedelta(days=book.strike_days)
        fired: list[Fired] = []
        while len(unspent) >= book.strike_count:
            used, unspent = tuple(unspent[: book.strike_count]), unspent[book.strike_count :]
            self.spent.update(used)
            cause, place = RestrictionCause.STRIKES, len(fired)
            fired.append(Fired(last, cause, None, book.strike_features, at, end, used, place))
        return fired


class _History:
    """The record of withdrawals, and the violations that stand."""

    def __init__(self, books: Mapping[int, Book]) -> None:
        self.books = books
        self.rows: list[Withdrawal] = []
        self.standing: list[Event] = []
        self.judge = _Judge(books)

    def log(self, at: datetime, group: list[Event]) -> None:
        self.standing += group
        if group:
            for fired in self.judge.add(at, group):
                self.rows += [_row(fired, feature, at, fired.ends_at) for feature in fired.features or ("",)]

    def reverse(self, at: datetime, reversed_ids: set[int | None]) -> None:
        """Replay without the entries: what no longer fires is overturned, what fires newly only fills its place."""
        if not reversed_ids:
            return
        old = balance(self.standing, at=at)
        self.standing = [event for event in self.standing if event.id not in reversed_ids]
        fired = {one.key: one for one in self._replay()}
        removed = [row for row in self.rows if self._is_removed(row, fired)]
        known = {row.key for row in self.rows if row.stands}
        self.rows = [_overturned(row, at) if row in removed else _refired(row, fired) for row in self.rows]
        for key, one in fired.items():
            if key not in known:
                self.rows += _inside(one, removed)
        self._end_below(at, old, balance(self.standing, at=at))

    def withdraw(self, event: Event) -> None:
        fired = Fired(event.id, RestrictionCause.MEASURE, None, event.features, event.recorded_at, event.ends_at)
        self.rows += [_row(fired, feature, fired.at, fired.ends_at) for feature in fired.features]

    def lift(self, event: Event) -> None:
        self.rows = [
            _ended(row, event.recorded_at, RestrictionOutcome.LIFTED)
            if row.feature in event.features and row.in_force(event.recorded_at)
            else row
            for row in self.rows
        ]

    def _replay(self) -> list[Fired]:
        self.judge = _Judge(self.books)
        groups = groupby(self.standing, key=lambda event: event.recorded_at)
        return [fired for at, group in groups for fired in self.judge.add(at, list(group))]

    @staticmethod
    def _is_removed(row: Withdrawal, fired: Mapping[Key, Fired]) -> bool:
        return row.cause != RestrictionCause.MEASURE and row.stands and row.key not in fired

    def _end_below(self, at: datetime, old: int, new: int) -> None:
        """A milestone without an end ends when a reversal, not expiry, brings the balance below it."""
        self.rows = [
            _ended(row, at, RestrictionOutcome.BELOW)
            if row.cause == RestrictionCause.MILESTONE
            and row.planned_end_at is None
            and row.in_force(at)
            and old >= (row.threshold or 0) > new
            else row
            for row in self.rows
        ]


def _after(at: datetime, days: int | None) -> datetime | None:
    return None if days is None else at + timedelta(days=days)


def _row(fired: Fired, feature: str, starts_at: datetime, ends_at: datetime | None) -> Withdrawal:
    """The withdrawal of one feature, or the warning, that ends as it starts."""
    end, planned = (ends_at, fired.ends_at) if feature else (starts_at, starts_at)
    origin = (fired.event, fired.cause, fired.threshold)
    return Withdrawal(*origin, feature, starts_at, end, planned, spent=fired.spent, key=fired.key)


def _ended(row: Withdrawal, at: datetime, outcome: RestrictionOutcome) -> Withdrawal:
    return replace(row, ends_at=at, outcome=outcome, outcome_at=at)


def _overturned(row: Withdrawal, at: datetime) -> Withdrawal:
    """An active one ends at once, a past one stays in the record, marked."""
    end = row.ends_at if row.ends_at is not None and row.ends_at <= at else at
    return replace(row, ends_at=end, outcome=RestrictionOutcome.OVERTURNED, outcome_at=at)


def _refired(row: Withdrawal, fired: Mapping[Key, Fired]) -> Withdrawal:
    """One that still fires may come from another entry of its instant, and may have spent other strikes."""
    one = fired.get(row.key) if row.key and row.stands else None
    return replace(row, event=one.event, spent=one.spent) if one else row


def _inside(fired: Fired, removed: Sequence[Withdrawal]) -> list[Withdrawal]:
    """The parts of a newly fired restriction that lie inside the time and features of removed ones.

    A strike-out of which nothing is left still spends its strikes: one row without a feature says so.
    """
    rows = []
    for feature in fired.features:
        parts = sorted(
            (max(fired.at, gone.starts_at), min(fired.ends_at or NEVER_ENDS, gone.ends_at or NEVER_ENDS))
            for gone in removed
            if gone.feature == feature
        )
        for start, end in _merged([part for part in parts if part[0] < part[1]]):
            rows.append(_row(fired, feature, start, None if end == NEVER_ENDS else end))
    return rows or ([_row(fired, "", fired.at, None)] if fired.spent else [])


def _merged(parts: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Sorted spans with those that touch or overlap made one."""
    spans: list[tuple[datetime, datetime]] = []
    for start, end in parts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def _latest_ends(rows: Sequence[Withdrawal], at: datetime) -> dict[str, datetime | None]:
    """Per feature the latest end of what is in force; None wins."""
    ends: dict[str, datetime | None] = {}
    for row in rows:
        if row.in_force(at):
            other = ends.get(row.feature, row.ends_at)
            ends[row.feature] = None if row.ends_at is None or other is None else max(other, row.ends_at)
    return ends

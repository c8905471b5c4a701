"""The lines of a ledger as a bank writes them. Pure functions of events in recording order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from violations.rules.restrictions import Event, Withdrawal
from violations.states import EntryKind


class LineKind(StrEnum):
    ENTRY = "entry"
    EXPIRY = "expiry"
    PLANNED = "planned"


@dataclass(frozen=True)
class Line:
    """What changed the balance, or will: `event` is the entry, or the one whose points expire."""

    at: datetime
    kind: LineKind
    event: Event
    points: int
    balance: int


def statement_lines(events: Sequence[Event], *, at: datetime) -> list[Line]:
    """Entries recorded by the instant, expiries until then and those to come, newest first with the running balance.

    An entry that was already expired when it was recorded adds nothing. Points that were reversed do not expire.
    """
    known = [event for event in events if event.recorded_at <= at]
    reversed_at = {event.answers: event.recorded_at for event in known if event.kind == EntryKind.REVERSAL}
    steps: list[tuple[datetime, bool, int, LineKind, Event, int]] = []
    for place, event in enumerate(known):
        counts = event.counts(event.recorded_at)
        added = event.points if counts else 0
        steps.append((event.recorded_at, True, place, LineKind.ENTRY, event, added))
        end = event.expires_at
        if end is None or not counts or event.kind != EntryKind.VIOLATION:
            continue
        gone = reversed_at.get(event.id)
        if gone is None or gone >= end:
            kind = LineKind.EXPIRY if end <= at else LineKind.PLANNED
            # Before what is recorded at the same instant: then these points do not count any more.
            steps.append((end, False, place, kind, event, -event.points))
    steps.sort(key=lambda step: step[:3])
    lines, balance = [], 0
    for moment, _is_entry, _place, kind, event, points in steps:
        balance += points
        lines.append(Line(moment, kind, event, points, balance))
    return lines[::-1]


def strike_numbers(events: Sequence[Event], rows: Sequence[Withdrawal]) -> dict[int, int]:
    """The place of each strike among those that counted when it was recorded and were not spent: 1, 2, 3."""
    reversed_at = {event.answers: event.recorded_at for event in events if event.kind == EntryKind.REVERSAL}
    spent_at = {one: row.starts_at for row in rows for one in row.spent if row.stands}
    strikes = [event for event in events if event.strike]
    numbers: dict[int, int] = {}
    for place, event in enumerate(strikes):
        at = event.recorded_at
        if not event.counts(at):
            continue
        open_before = [
            one
            for one in strikes[:place]
            if one.counts(at) and not _before(reversed_at.get(one.id), at) and not _before(spent_at.get(one.id), at)
        ]
        numbers[event.id] = len(open_before) + 1
    return numbers


def next_expiry(events: Sequence[Event], *, at: datetime) -> Line | None:
    """The next line that takes points away by time; None when nothing counts."""
    planned = [line for line in statement_lines(events, at=at) if line.kind == LineKind.PLANNED]
    return planned[-1] if planned else None


def _before(moment: datetime | None, at: datetime) -> bool:
    """Whether it had happened by the instant; what was spent at that very instant had not."""
    return moment is not None and moment < at

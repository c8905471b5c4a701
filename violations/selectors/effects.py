"""What taking an entry back changes: a replay of the ledger with the reversal and without it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from violations.models import LedgerEntry
from violations.rules.restrictions import Event, Standing, Withdrawal, standing
from violations.selectors.standings import books_of, events_of
from violations.states import EntryKind, Feature


@dataclass(frozen=True)
class Effect:
    """Where the creator stands just before a reversal and just behind it, at the same instant."""

    before: Standing
    after: Standing

    @property
    def returned(self) -> list[tuple[str | Promise, datetime | None]]:
        """Features that come back at once, with the end that they had."""
        gone = self.before.withdrawn.keys() - self.after.withdrawn.keys()
        return self._named({feature: self.before.withdrawn[feature] for feature in gone})

    @property
    def still(self) -> list[tuple[str | Promise, datetime | None]]:
        """Features that stay withdrawn, with the end that they have then."""
        return self._named(dict(self.after.withdrawn))

    @property
    def marked(self) -> int:
        """How many past withdrawals and warnings stay in the record as overturned."""
        return sum(self._ended(row) for row in self._overturned())

    def _overturned(self) -> list[Withdrawal]:
        return [row for row in self.after.withdrawals if not row.stands and row.outcome_at == self.after.at]

    def _ended(self, row: Withdrawal) -> bool:
        return row.ends_at is not None and row.ends_at <= self.after.at and row.ends_at == row.planned_end_at

    @staticmethod
    def _named(ends: dict[str, datetime | None]) -> list[tuple[str | Promise, datetime | None]]:
        return [(feature.label, ends[feature]) for feature in Feature if feature in ends]


def effect_of(entry: LedgerEntry, *, at: datetime) -> Effect:
    """What taking the entry back changed at its reversal, or, while there is none by `at`, what it would change."""
    events = events_of([entry.creator_id]).get(entry.creator_id, [])
    reversal = next((event for event in events if event.answers == entry.pk and event.recorded_at <= at), None)
    if reversal is None:
        # As the ledger would record it: behind everything, whatever the clocks of two hosts say.
        last = events[-1].recorded_at
        at = at if last <= at else last + timedelta(microseconds=1)
        reversal = Event(
            id=0,
            kind=EntryKind.REVERSAL,
            recorded_at=at,
            effective_at=at,
            expires_at=entry.expires_at,
            points=-entry.points,
            answers=entry.pk,
            book=entry.judged_by_id,
        )
        events = [*events, reversal]
    books = books_of()
    known = [event for event in events if event.recorded_at <= reversal.recorded_at]
    before = [event for event in known if event is not reversal]
    at = reversal.recorded_at
    return Effect(standing(before, books, at=at), standing(known, books, at=at))

"""Where creators stand at an instant: the ledger's events given to the pure rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from violations.models import LedgerEntry, Milestone, RuleBook
from violations.rules.restrictions import Book, Event, Standing, Threshold, standing

# The columns of an entry by the field of the event that they fill.
EVENT_FIELDS = {field.name: field.name for field in fields(Event)} | {"answers": "answers_id", "book": "judged_by_id"}


def book_in_force(market_code: str, *, at: datetime) -> RuleBook | None:
    """The computed rule book that the market's creators are judged by at the instant."""
    return RuleBook.objects.in_force(market_code=market_code, at=at).first()


def books_of() -> dict[int, Book]:
    """What judges entries, of every published book."""
    thresholds: dict[int, list[Threshold]] = defaultdict(list)
    for one in Milestone.objects.filter(book__state="published").order_by("book", "threshold"):
        thresholds[one.book_id].append(Threshold(one.threshold, tuple(one.features), one.days, one.blocks_seats))
    return {
        book.pk: Book(tuple(thresholds[book.pk]), book.strike_count, book.strike_days, tuple(book.strike_features))
        for book in RuleBook.objects.published().filter(is_computed=True)
    }


def events_of(creator_ids: Iterable[int]) -> dict[int, list[Event]]:
    """The events of each creator that has any, in recording order."""
    events: dict[int, list[Event]] = defaultdict(list)
    entries = LedgerEntry.objects.filter(creator__in=list(creator_ids)).order_by("creator", "sequence")
    for creator_id, *row in entries.values_list("creator_id", *EVENT_FIELDS.values()).iterator(chunk_size=5_000):
        events[creator_id].append(event_of(row))
    return dict(events)


def event_of(row: Sequence[Any]) -> Event:
    """The event of a row of the columns of EVENT_FIELDS."""
    values = dict(zip(EVENT_FIELDS, row, strict=True))
    return Event(**values | {"features": tuple(values["features"])})


def standing_of(creator_id: int, *, at: datetime) -> Standing:
    """Balance, strikes and restrictions of one creator at the instant, exact."""
    return standing(events_of([creator_id]).get(creator_id, []), books_of(), at=at)


def standings_of(creator_ids: Iterable[int], *, at: datetime) -> dict[int, Standing]:
    """The standing of each creator; those without entries stand at nothing."""
    ids = list(creator_ids)
    books, events = books_of(), events_of(ids)
    return {pk: standing(events.get(pk, []), books, at=at) for pk in ids}

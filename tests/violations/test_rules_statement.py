"""The lines of a statement: what was recorded, what expired, what will, with the running balance."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger import NOON
from violations.models import POINTS_LAST
from violations.rules.restrictions import Book, Event, Threshold, balance, withdrawals
from violations.rules.statement import LineKind, next_expiry, statement_lines, strike_numbers

BOOKS = {1: Book((Threshold(12, ("live",), 7),), strike_features=("live", "video", "showcase"))}
DAY = timedelta(days=1)


def violation(pk: int, *, on: datetime = NOON, points: int = 2, strike: bool = False, happened: datetime | None = None):
    start = happened or on
    return Event(pk, "violation", on, start, start + POINTS_LAST, points, strike, book=1)


def reversal(pk: int, entry: Event, *, on: datetime):
    return Event(pk, "reversal", on, on, entry.expires_at, -entry.points, answers=entry.id, book=1)


def told(events: list[Event], at: datetime) -> list[tuple[str, int, int, int]]:
    return [(line.kind.value, line.event.id, line.points, line.balance) for line in statement_lines(events, at=at)]


def test_entries_expire_newest_first():
    events = [violation(1), violation(2, on=NOON + 10 * DAY, points=4)]
    assert told(events, NOON + 95 * DAY) == [
        ("planned", 2, -4, 0),
        ("expiry", 1, -2, 4),
        ("entry", 2, 4, 6),
        ("entry", 1, 2, 2),
    ]


def test_what_was_recorded_later_is_left_out():
    events = [violation(1), violation(2, on=NOON + 10 * DAY)]
    assert told(events, NOON + 5 * DAY) == [("planned", 1, -2, 0), ("entry", 1, 2, 2)]


def test_reversed_points_do_not_expire():
    first = violation(1)
    events = [first, reversal(2, first, on=NOON + 3 * DAY)]
    assert told(events, NOON + 5 * DAY) == [("entry", 2, -2, 0), ("entry", 1, 2, 2)]
    assert told(events, NOON + DAY) == [("planned", 1, -2, 0), ("entry", 1, 2, 2)]


def test_reversal_after_the_expiry_changes_nothing():
    first = violation(1)
    events = [first, reversal(2, first, on=NOON + 91 * DAY)]
    assert told(events, NOON + 92 * DAY) == [("entry", 2, 0, 0), ("expiry", 1, -2, 0), ("entry", 1, 2, 2)]


def test_entry_expired_when_recorded_adds_nothing():
    late = violation(1, happened=NOON - 100 * DAY)
    assert told([late], NOON) == [("entry", 1, 0, 0)]


def test_points_that_expire_as_others_are_recorded_are_never_counted_together():
    events = [violation(1, points=6), violation(2, on=NOON + POINTS_LAST, points=6)]
    assert [line.balance for line in statement_lines(events, at=NOON + POINTS_LAST)][1:] == [6, 0, 6]


def test_measures_stand_without_points():
    measure = Event(1, "measure", NOON, NOON, measure="freeze_payments", book=1)
    assert told([measure], NOON) == [("entry", 1, 0, 0)]


def test_strikes_are_numbered_until_they_are_spent():
    events = [violation(pk, on=NOON + pk * DAY, points=4, strike=True) for pk in range(1, 6)]
    assert strike_numbers(events, withdrawals(events, BOOKS)) == {1: 1, 2: 2, 3: 3, 4: 1, 5: 2}


def test_reversed_and_expired_strikes_are_not_numbered_on():
    first = violation(1, points=4, strike=True)
    events = [first, reversal(2, first, on=NOON + DAY), violation(3, on=NOON + 2 * DAY, points=4, strike=True)]
    assert strike_numbers(events, ()) == {1: 1, 3: 1}
    later = [first, violation(2, on=NOON + 91 * DAY, points=4, strike=True)]
    assert strike_numbers(later, ()) == {1: 1, 2: 1}


def test_next_expiry_is_the_nearest():
    events = [violation(1), violation(2, on=NOON + 10 * DAY)]
    line = next_expiry(events, at=NOON + 20 * DAY)
    assert line
    assert (line.event.id, line.at, line.kind) == (1, NOON + POINTS_LAST, LineKind.PLANNED)
    assert next_expiry(events, at=NOON + 200 * DAY) is None


@st.composite
def histories(draw) -> list[Event]:
    events: list[Event] = []
    now = NOON
    for pk in range(1, draw(st.integers(1, 12)) + 1):
        now += timedelta(days=draw(st.integers(0, 60)), hours=draw(st.integers(0, 5)))
        open_ones = [
            one for one in events if one.kind == "violation" and one.id not in {other.answers for other in events}
        ]
        if open_ones and draw(st.booleans()):
            events.append(reversal(pk, draw(st.sampled_from(open_ones)), on=now))
        else:
            happened = now - timedelta(days=draw(st.integers(0, 120)))
            events.append(violation(pk, on=now, points=draw(st.integers(1, 6)), happened=happened))
    return events


@settings(max_examples=200, deadline=None)
@given(histories(), st.integers(0, 900))
def test_running_balance_is_the_balance_at_each_instant(events, days):
    at = NOON + timedelta(days=days)
    lines = statement_lines(events, at=at)
    last = {line.at: line.balance for line in reversed(lines)}
    known = [event for event in events if event.recorded_at <= at]
    assert all(shown == balance(known, at=moment) for moment, shown in last.items())
    past = [line.balance for line in lines if line.at <= at]
    assert (past[0] if past else 0) == balance(known, at=at)

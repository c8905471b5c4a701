"""Any interleaving of logging, reversals, measures, lifts and time against naive re-counts and replays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger import FEATURES, MILESTONES
from violations.rules.restrictions import Book, Event, Threshold, Withdrawal, balance, standing, withdrawals

START = datetime(2026, 1, 1, tzinfo=UTC)
LAST = timedelta(hours=2160)
# Two books, so that what judges changes on the way.
BOOKS = {
    1: Book(tuple(Threshold(*one) for one in MILESTONES), strike_features=FEATURES),
    2: Book((Threshold(4, ("video",), 3), Threshold(10, FEATURES, None)), 2, 5, ("live", "showcase")),
}
# Hours: mostly short, sometimes none, sometimes exactly as long as points last.
PAUSES = st.sampled_from([0, 0, 1, 24, 72, 240, 700, 2159, 2160])


@dataclass(frozen=True)
class Step:
    what: str
    pause: int
    number: int
    late: int
    features: tuple[str, ...]


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["log", "log", "log", "strike", "strike", "reverse", "reverse", "measure", "lift"]),
        PAUSES,
        st.integers(0, 11),
        st.sampled_from([0, 0, 0, 5, 2000, 2160]),
        st.lists(st.sampled_from(FEATURES), min_size=1, max_size=3, unique=True).map(tuple),
    ),
    max_size=14,
)


def history(steps: Sequence[Step]) -> list[Event]:
    """The events of the steps, in recording order; a step that is not possible is left out."""
    at, events, reversible = START + LAST, list[Event](), list[Event]()
    for place, step in enumerate(steps, start=1):
        at += timedelta(hours=step.pause)
        event = Event(place, step.what, at, at, book=1 if place < 9 else 2)
        if step.what in ("log", "strike"):
            happened = at - timedelta(hours=step.late)
            points, strike = (4, True) if step.what == "strike" else (1 + step.number, False)
            event = replace(event, kind="violation", points=points, strike=strike)
            event = replace(event, effective_at=happened, expires_at=happened + LAST)
            reversible.append(event)
        elif step.what == "reverse":
            if not reversible:
                continue
            taken = reversible.pop(step.number % len(reversible))
            event = replace(event, kind="reversal", points=-taken.points, answers=taken.id, expires_at=taken.expires_at)
        elif step.what == "measure":
            end = at + timedelta(days=step.number) if step.number else None
            event = replace(event, measure="limit_account", features=step.features, ends_at=end)
        else:
            event = replace(event, features=step.features)
        events.append(event)
    return events


def instants(events: Sequence[Event]) -> list[datetime]:
    """Every instant at which something can change, the ones just before, and long after."""
    found = {time for event in events for time in (event.recorded_at, event.effective_at, event.expires_at) if time}
    found |= {time for row in withdrawals(events, BOOKS) for time in (row.starts_at, row.ends_at) if time}
    found |= {time - timedelta(microseconds=1) for time in found}
    return sorted(found | {START + timedelta(days=5000)})


def counted(events: Sequence[Event], at: datetime) -> int:
    """The balance, by the words of the rule book, one entry after the other."""
    reversed_by = {event.answers: event.recorded_at for event in events if event.kind == "reversal"}
    total = 0
    for event in events:
        if event.kind == "violation" and event.recorded_at <= at and event.effective_at <= at:
            is_reversed = event.id in reversed_by and reversed_by[event.id] <= at
            total += event.points if at < event.effective_at + LAST and not is_reversed else 0
    return total


def withdrawn(rows: Sequence[Withdrawal], at: datetime) -> set[str]:
    return {row.feature for row in rows if row.in_force(at)}


@given(STEPS)
def test_balance_is_a_naive_count_at_any_instant_and_never_negative(steps: list[Step]) -> None:
    events = history(steps)
    for at in instants(events):
        assert balance(events, at=at) == counted(events, at) >= 0


@given(STEPS)
def test_standing_of_a_past_instant_is_a_replay_of_what_was_recorded_by_then(steps: list[Step]) -> None:
    events = history(steps)
    for at in instants(events):
        known = [event for event in events if event.recorded_at <= at]
        found = standing(events, BOOKS, at=at)
        assert found.withdrawals == withdrawals(known, BOOKS)
        assert set(found.withdrawn) == withdrawn(withdrawals(known, BOOKS), at)


@given(STEPS)
def test_what_was_in_force_at_an_instant_stays_in_the_record(steps: list[Step]) -> None:
    """Later events mark and shorten the future, never what has been."""
    events = history(steps)
    rows = withdrawals(events, BOOKS)
    for at in instants(events):
        assert withdrawn(standing(events, BOOKS, at=at).withdrawals, at) <= withdrawn(rows, at)


@settings(max_examples=300)
@given(STEPS, st.integers(0, 100), PAUSES)
def test_reversal_never_makes_anything_worse(steps: list[Step], number: int, pause: int) -> None:
    events = history(steps)
    reversed_ids = {event.answers for event in events}
    open_ones = [event for event in events if event.kind == "violation" and event.id not in reversed_ids]
    if not open_ones:
        return
    taken, at = open_ones[number % len(open_ones)], events[-1].recorded_at + timedelta(hours=pause)
    undo = Event(99, "reversal", at, at, taken.expires_at, -taken.points, answers=taken.id, book=2)
    before, after = withdrawals(events, BOOKS), withdrawals([*events, undo], BOOKS)
    for moment in [one for one in instants([*events, undo]) if one >= at]:
        assert withdrawn(after, moment) <= withdrawn(before, moment)


@given(STEPS)
def test_fewer_strikes_are_open_than_would_strike_out(steps: list[Step]) -> None:
    events = [replace(event, book=1) for event in history(steps)]
    for at in instants(events):
        assert standing(events, BOOKS, at=at).strikes < BOOKS[1].strike_count


@given(STEPS)
def test_without_reversals_and_lifts_nothing_ends_before_its_end(steps: list[Step]) -> None:
    events = history([step for step in steps if step.what not in ("reverse", "lift")])
    rows = withdrawals(events, BOOKS)
    assert all((row.ends_at, row.outcome) == (row.planned_end_at, "") for row in rows)


@given(STEPS)
def test_firings_are_those_of_a_plain_loop(steps: list[Step]) -> None:
    """Without reversals: the balance before against after, one instant after the other."""
    events = history([step for step in steps if step.what in ("log", "strike")])
    expected = []
    for at in sorted({event.recorded_at for event in events}):
        before = [event for event in events if event.recorded_at < at]
        fresh = [event for event in events if event.recorded_at == at < event.expires_at]
        old = counted(before, at - timedelta(microseconds=1))
        new = counted([*before, *fresh], at)
        if fresh:
            expected += [(at, one.balance) for one in BOOKS[fresh[-1].book].thresholds if old < one.balance <= new]
    rows = withdrawals(events, BOOKS)
    fired = {(row.starts_at, row.threshold) for row in rows if row.cause == "milestone"}
    assert fired == set(expected)

"""The boundary cases of the house's rule book, at the pure functions that derive everything from the ledger."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.ledger import FEATURES, MILESTONES
from violations.rules.restrictions import NEVER_ENDS, Book, Event, Threshold, balance, standing, withdrawals

START = datetime(2026, 3, 1, tzinfo=UTC)
BOOK = Book(tuple(Threshold(*one) for one in MILESTONES), strike_features=FEATURES)
BOOKS = {0: BOOK}
LAST = timedelta(hours=2160)
ALL = set(FEATURES)
numbers = count(1)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def violation(points: int, on: float, *, happened: float | None = None, **fields: Any) -> Event:
    effective_at = day(on if happened is None else happened)
    times = {"recorded_at": day(on), "effective_at": effective_at, "expires_at": effective_at + LAST}
    return Event(next(numbers), "violation", points=points, **times, **fields)


def strike(on: float, points: int = 4, **fields: Any) -> Event:
    return violation(points, on, strike=True, **fields)


def reversal(of: Event, on: float) -> Event:
    times = {"recorded_at": day(on), "effective_at": day(on), "expires_at": of.expires_at}
    return Event(next(numbers), "reversal", points=-of.points, answers=of.id, **times)


def measure(name: str, on: float, features: tuple[str, ...] = (), until: float | None = None) -> Event:
    ends_at = None if until is None else day(until)
    return Event(next(numbers), "measure", day(on), day(on), measure=name, features=features, ends_at=ends_at)


def lift(on: float, *features: str) -> Event:
    return Event(next(numbers), "lift", day(on), day(on), features=features)


def points(events: list[Event], on: float) -> int:
    return balance(events, at=day(on))


def withdrawn(events: list[Event], on: float) -> set[str]:
    return set(standing(events, BOOKS, at=day(on)).withdrawn)


def ends(events: list[Event], on: float) -> dict[str, float | None]:
    """Days at which the features withdrawn on the day come back."""
    found = standing(events, BOOKS, at=day(on)).withdrawn
    return {feature: end and (end - START) / timedelta(days=1) for feature, end in found.items()}


def fired(events: list[Event]) -> list[tuple[str, int | None, str, str]]:
    return [(row.cause, row.threshold, row.feature, row.outcome) for row in withdrawals(events, BOOKS)]


def thresholds(events: list[Event]) -> list[int | None]:
    """Of what was fired by points, in order, once for each firing."""
    keys = {row.key: row.threshold for row in withdrawals(events, BOOKS) if row.cause == "milestone"}
    return list(keys.values())


# --- Counts at t ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "total"), [(-1, 0), (0, 6), (1, 6)])
def test_points_count_from_the_recording_instant(moment: int, total: int) -> None:
    assert balance([violation(6, 0)], at=START + timedelta(microseconds=moment)) == total


@pytest.mark.parametrize(("moment", "total"), [(-1, 6), (0, 0), (1, 0)])
def test_points_no_longer_count_at_90_days(moment: int, total: int) -> None:
    assert balance([violation(6, 0)], at=day(90) + timedelta(microseconds=moment)) == total


def test_daylight_saving_moves_nothing() -> None:
    before_change = datetime(2026, 3, 7, 9, tzinfo=ZoneInfo("America/New_York"))
    events = [Event(1, "violation", before_change, before_change, before_change.astimezone(UTC) + LAST, points=6)]
    moment = datetime(2026, 6, 5, 10, tzinfo=ZoneInfo("America/New_York"))
    assert balance(events, at=moment - timedelta(microseconds=1)) == 6
    assert balance(events, at=moment) == 0


def test_late_entry_fires_from_its_recording_and_counts_ten_more_days() -> None:
    events = [violation(6, 0.5), violation(6, 80, happened=0)]
    assert ends(events, 80) == {"live": 87}
    assert (points(events, 79), points(events, 80), points(events, 89.9), points(events, 90)) == (6, 12, 12, 6)


def test_entry_expired_when_recorded_adds_and_fires_nothing() -> None:
    events = [violation(6, 95), violation(6, 100, happened=10), strike(101, happened=11)]
    assert points(events, 101) == 6
    assert fired(events) == [("milestone", 6, "", "")]


def test_entry_recorded_at_its_own_expiry_adds_nothing() -> None:
    assert fired([violation(12, 90, happened=0)]) == []


def test_balance_is_the_entries_of_the_past_at_a_past_instant() -> None:
    events = [violation(3, 0), violation(2, 10)]
    assert standing(events, BOOKS, at=day(5)).balance == 3


# --- Milestones ----------------------------------------------------------------------------------------------------


def test_six_points_are_a_written_warning_without_time() -> None:
    (row,) = withdrawals([violation(6, 0)], BOOKS)
    assert (row.threshold, row.feature, row.starts_at, row.ends_at) == (6, "", day(0), day(0))
    assert not row.in_force(day(0))


def test_five_points_fire_nothing() -> None:
    assert fired([violation(3, 0), violation(2, 1)]) == []


@pytest.mark.parametrize(
    ("total", "features", "days"), [(12, {"live"}, 7), (18, ALL, 14), (17, {"live"}, 7), (11, set(), 0)]
)
def test_milestone_withdraws_features_for_its_days(total: int, features: set[str], days: int) -> None:
    events = [violation(total, 0)]
    assert withdrawn(events, 0) == features
    assert withdrawn(events, days - 0.001) == features
    assert withdrawn(events, days) == set()


def test_one_entry_can_cross_several_milestones() -> None:
    events = [violation(18, 0)]
    assert thresholds(events) == [6, 12, 18]
    assert ends(events, 0) == dict.fromkeys(FEATURES, 14)


def test_24_has_no_end_and_expiry_alone_never_ends_it() -> None:
    events = [violation(24, 0)]
    found = standing(events, BOOKS, at=day(200))
    assert (found.balance, found.withdrawn) == (0, dict.fromkeys(FEATURES))
    assert found.restricted_until == NEVER_ENDS


def test_six_points_that_expire_as_six_are_recorded_fire_nothing_again() -> None:
    events = [violation(6, 0), violation(6, 90)]
    assert points(events, 90) == 6
    assert thresholds(events) == [6]


def test_milestone_fires_again_after_the_balance_was_below() -> None:
    events = [violation(6, 0), violation(6, 90.001)]
    assert thresholds(events) == [6, 6]


def test_milestone_does_not_fire_again_while_the_balance_stays_at_it() -> None:
    events = [violation(12, 0), violation(1, 30), violation(1, 60)]
    assert thresholds(events) == [6, 12]
    assert withdrawn(events, 60) == set()


def test_reversal_that_brings_the_balance_below_lets_a_milestone_fire_again() -> None:
    first, second = violation(6, 0), violation(6, 1)
    events = [first, second, reversal(second, 2), violation(6, 3)]
    assert ends(events, 3) == {"live": 10}


def test_entries_of_one_instant_apply_together() -> None:
    events = [violation(6, 0), violation(6, 1), violation(6, 1)]
    rows = [row for row in withdrawals(events, BOOKS) if row.starts_at == day(1)]
    assert {row.event for row in rows} == {events[2].id}
    assert ends(events, 1) == dict.fromkeys(FEATURES, 15)


def test_the_book_of_the_recording_judges() -> None:
    books = {1: BOOK, 2: Book((Threshold(10, ("video",), 3),))}
    events = [violation(9, 0, book=1), violation(1, 1, book=2), violation(2, 2, book=1)]
    rows = [(row.threshold, row.feature) for row in withdrawals(events, books)]
    assert rows == [(6, ""), (10, "video"), (12, "live")]


# --- Three strikes -------------------------------------------------------------------------------------------------


def test_three_critical_entries_withdraw_live_by_points_and_all_by_strikes() -> None:
    events = [strike(0), strike(1), strike(2)]
    assert points(events, 2) == 12
    assert fired(events[:2]) == [("milestone", 6, "", "")]
    assert fired(events)[1:] == [("milestone", 12, "live", "")] + [("strikes", None, one, "") for one in FEATURES]
    assert ends(events, 2) == dict.fromkeys(FEATURES, 9)


def test_spent_strikes_keep_their_points_and_never_count_again() -> None:
    events = [strike(0, 1), strike(1, 1), strike(2, 1), strike(3, 1), strike(4, 1)]
    found = standing(events, BOOKS, at=day(4))
    assert (found.balance, found.strikes) == (5, 2)
    assert len([row for row in found.withdrawals if row.cause == "strikes"]) == 3
    assert withdrawn([*events, strike(20, 1)], 20) == ALL


def test_a_strike_that_expires_as_the_third_is_recorded_does_not_count() -> None:
    assert withdrawn([strike(0), strike(1), strike(90)], 90) == set()
    assert withdrawn([strike(0), strike(1), strike(89.999)], 89.999) == ALL


def test_minor_entries_are_no_strikes() -> None:
    assert withdrawn([violation(1, 0), violation(1, 1), violation(1, 2)], 2) == set()


def test_overturned_strike_makes_the_other_two_unspent() -> None:
    first, second, third = strike(0, 1), strike(1, 1), strike(2, 1)
    events = [first, second, third, reversal(second, 3)]
    assert (withdrawn(events, 3), standing(events, BOOKS, at=day(3)).strikes) == (set(), 2)
    assert withdrawn([*events, strike(20, 1)], 20) == ALL


def test_replayed_strike_out_applies_only_inside_the_removed_one() -> None:
    first, others = strike(0, 1), [strike(1, 1), strike(2, 1), strike(5, 1)]
    events = [first, *others, reversal(first, 6)]
    assert ends(events, 6) == dict.fromkeys(FEATURES, 9)
    assert standing(events, BOOKS, at=day(6)).strikes == 0


def test_replayed_strike_out_without_time_left_still_spends_its_strikes() -> None:
    first, others = strike(0, 1), [strike(1, 1), strike(2, 1), strike(20, 1)]
    events = [first, *others, reversal(first, 21)]
    assert (withdrawn(events, 21), standing(events, BOOKS, at=day(21)).strikes) == (set(), 0)
    assert withdrawn([*events, strike(22, 1)], 22) == set()


def test_six_strikes_of_one_instant_are_two_strike_outs() -> None:
    events = [strike(0, 1) for _ in range(6)]
    rows = withdrawals([*events, reversal(events[0], 1)], BOOKS)
    assert [row.outcome for row in rows if row.cause == "strikes"] == [""] * 3 + ["overturned"] * 3
    assert standing([*events, reversal(events[0], 1)], BOOKS, at=day(1)).strikes == 2


# --- Reversals -----------------------------------------------------------------------------------------------------


def test_example_of_the_rule_book() -> None:
    x, e, y = violation(6, 0), violation(6, 1), violation(6, 20)
    assert ends([x, e, y], 1) == {"live": 8}
    assert ends([x, e, y], 20) == dict.fromkeys(FEATURES, 34)
    events = [x, e, y, reversal(e, 25)]
    assert ends(events, 25) == {"live": 27}
    assert (withdrawn(events, 26.999), withdrawn(events, 27)) == ({"live"}, set())
    past = [row for row in withdrawals(events, BOOKS) if row.event == e.id]
    spans = [(row.starts_at, row.ends_at, row.outcome, row.outcome_at) for row in past]
    assert spans == [(day(1), day(8), "overturned", day(25))]


def test_reversal_takes_points_back_from_its_decision_on_and_never_below_zero() -> None:
    entry = violation(6, 0)
    events = [entry, reversal(entry, 40)]
    assert [points(events, on) for on in (39.999, 40, 89.999, 90, 130)] == [6, 0, 0, 0, 0]


def test_reversal_of_an_expired_entry_changes_no_balance() -> None:
    entry = violation(6, 0)
    assert [points([entry, reversal(entry, 95)], on) for on in (89, 95, 100)] == [6, 0, 0]


def test_reversal_from_25_to_24_lifts_nothing() -> None:
    small = violation(1, 3)
    events = [violation(12, 0), violation(12, 1), small, reversal(small, 4)]
    assert (points(events, 4), withdrawn(events, 500)) == (24, ALL)
    assert "overturned" not in {row.outcome for row in withdrawals(events, BOOKS)}


def test_reversal_from_25_to_24_lifts_nothing_when_the_one_point_came_first() -> None:
    small = violation(1, 0)
    events = [small, violation(12, 1), violation(11, 2), violation(1, 3), reversal(small, 4)]
    assert (points(events, 4), withdrawn(events, 500)) == (24, ALL)


def test_24_that_fires_no_longer_is_overturned_and_18_takes_its_place() -> None:
    first, other = violation(12, 0), violation(12, 50)
    events = [first, other, violation(6, 51), reversal(other, 52)]
    assert (points(events, 52), withdrawn(events, 52.001)) == (18, ALL)
    assert ends(events, 52) == dict.fromkeys(FEATURES, 65)


def test_24_that_would_have_fired_anyway_ends_by_a_reversal_below_it() -> None:
    old, late = violation(24, 0), violation(6, 30)
    rows = withdrawals([old, late, violation(20, 85), reversal(late, 95)], BOOKS)
    ended = [(row.ends_at, row.outcome) for row in rows if row.threshold == 24]
    assert ended == [(day(95), "below")] * 3


def test_reversal_while_the_balance_is_below_24_anyway_ends_nothing() -> None:
    old, late = violation(24, 0), violation(6, 30)
    events = [old, late, reversal(late, 95)]
    assert (points(events, 94), points(events, 95), withdrawn(events, 95)) == (6, 0, ALL)


def test_reversal_of_one_of_two_entries_of_an_instant_keeps_what_the_other_fires() -> None:
    first, last = violation(6, 1), violation(1, 1)
    events = [violation(6, 0), first, last, reversal(last, 2)]
    rows = [row for row in withdrawals(events, BOOKS) if row.threshold == 12]
    assert [(row.event, row.outcome, row.ends_at) for row in rows] == [(first.id, "", day(8))]


def test_reversal_of_one_of_two_entries_of_an_instant_keeps_the_warning() -> None:
    first, last = violation(6, 0), violation(6, 0)
    rows = withdrawals([first, last, reversal(last, 1)], BOOKS)
    assert [(row.threshold, row.event, row.outcome) for row in rows] == [
        (6, first.id, ""),
        (12, last.id, "overturned"),
    ]


def test_active_restriction_ends_at_once_when_overturned() -> None:
    entry = violation(12, 0)
    rows = withdrawals([entry, reversal(entry, 3)], BOOKS)
    live = next(row for row in rows if row.feature == "live")
    assert (live.ends_at, live.planned_end_at, live.outcome) == (day(3), day(7), "overturned")


def test_replay_fires_newly_only_in_the_time_and_features_of_what_it_removed() -> None:
    first, second = violation(12, 0), violation(6, 6)
    events = [first, second, violation(6, 10), reversal(first, 11)]
    # 18 fell on day 6, 24 on day 10; without the first, 12 falls on day 10 and LIVE stays for its 7 days.
    assert ends(events, 11) == {"live": 17}


def test_replay_cannot_withdraw_again_what_was_lifted() -> None:
    x, e, y = violation(6, 0), violation(6, 1), violation(6, 20)
    events = [x, e, y, lift(22, "live"), reversal(e, 25)]
    assert withdrawn(events, 25) == set()


# --- Lifts and measures --------------------------------------------------------------------------------------------


def test_lift_gives_back_the_features_it_names() -> None:
    events = [violation(24, 0), lift(5, "video", "showcase")]
    assert (withdrawn(events, 4.999), withdrawn(events, 5), withdrawn(events, 400)) == (ALL, {"live"}, {"live"})


def test_lift_ends_whatever_withdrew_the_feature() -> None:
    events = [strike(0), strike(1), strike(2), measure("limit_account", 3, ("live",)), lift(4, "live")]
    assert withdrawn(events, 4) == {"video", "showcase"}


def test_lift_does_not_hinder_what_fires_later() -> None:
    events = [violation(12, 0), lift(1, "live"), violation(6, 2)]
    assert withdrawn(events, 2) == ALL


def test_measure_withdraws_its_features_until_its_end() -> None:
    events = [measure("withdraw_complaint", 0, ("video",), until=10)]
    assert (withdrawn(events, 0), withdrawn(events, 9.999), withdrawn(events, 10)) == ({"video"}, {"video"}, set())


def test_measure_without_an_end_stays_through_reversals() -> None:
    entry = violation(24, 0)
    events = [entry, measure("block_account", 1, FEATURES), reversal(entry, 2)]
    assert withdrawn(events, 300) == ALL


@pytest.mark.parametrize("name", ["remove_content", "remove_account_info", "freeze_payments"])
def test_measure_of_another_kind_withdraws_nothing(name: str) -> None:
    assert withdrawn([measure(name, 0)], 0) == set()


def test_the_latest_end_of_a_feature_wins() -> None:
    events = [violation(12, 0), measure("limit_account", 1, ("live",), until=30)]
    assert ends(events, 2) == {"live": 30}
    assert ends([*events, measure("limit_account", 2, ("live",))], 2) == {"live": None}


def test_frozen_payments_stop_no_selling() -> None:
    events = [measure("freeze_payments", 0), measure("release_payments", 2)]
    found = standing(events, BOOKS, at=day(1))
    assert (found.payments_frozen, found.is_restricted, found.restricted_until) == (True, False, None)
    assert not standing(events, BOOKS, at=day(2)).payments_frozen

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.matrix import Reading, judge
from campaigns.rules.pace import pace_of, share_passed
from campaigns.rules.weeks import Goal, mondays, planned_until, thirds, weeks_of

SUNDAY = date(2026, 11, 1)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def goal(first, days, amount):
    return Goal(first, first + timedelta(days=days - 1), amount)


def test_weeks_begin_on_monday():
    assert mondays(SUNDAY, date(2026, 11, 10)) == [date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]


def test_a_goal_grows_evenly_over_its_days():
    goals = [goal(SUNDAY, 10, 30)]
    reached = [planned_until(goals, SUNDAY + timedelta(days=days)) for days in (-1, 0, 4, 9, 100)]
    assert reached == [0, 3, 15, 30, 30]


def test_planned_beside_actual_and_their_sums():
    weeks = mondays(SUNDAY, date(2026, 11, 15))
    actual = {SUNDAY: 2, date(2026, 11, 3): 4, date(2026, 11, 4): 1}
    first, second, third = weeks_of(weeks, goals=[goal(SUNDAY, 15, 30)], actual=actual, today=date(2026, 11, 8))
    assert (first.planned, first.planned_sum, first.actual, first.actual_sum) == (2, 2, 2, 2)
    assert (second.planned, second.planned_sum, second.actual, second.actual_sum) == (14, 16, 5, 7)
    assert (third.planned, third.planned_sum, third.actual, third.actual_sum) == (14, 30, None, None)


def test_without_goals_nothing_is_planned():
    week = weeks_of([date(2026, 10, 26)], goals=[], actual={}, today=SUNDAY)[0]
    assert (week.planned, week.planned_sum, week.actual) == (None, None, 0)


@given(
    st.lists(st.builds(goal, DAYS, st.integers(1, 120), st.decimals(0, 10**6, places=2)), min_size=1, max_size=5),
    st.data(),
)
def test_weeks_add_up_to_the_goals(goals, data):
    weeks = mondays(min(one.starts_on for one in goals), max(one.ends_on for one in goals))
    found = weeks_of(weeks, goals=goals, actual={}, today=data.draw(DAYS))
    assert found[-1].planned_sum == sum(Decimal(one.amount) for one in goals) == sum(one.planned for one in found)
    assert all(one.planned >= 0 for one in found)


def test_the_usual_map():
    stretches = thirds(SUNDAY)
    assert [(last - first).days + 1 for first, last in stretches] == [30, 30, 30]
    assert stretches[-1][1] == SUNDAY + timedelta(days=89)


@pytest.mark.parametrize(
    ("planned", "actual", "standing"),
    [
        (None, 5, "none"), (0, 5, "none"), (100, 95, "on"), (100, 105, "on"), (100, 94, "behind"),
        (100, 106, "ahead"), (Decimal("0.5"), 1, "on"), (2, 1, "behind"), (2, 3, "ahead"),
    ],
)  # fmt: skip
def test_ahead_and_behind(planned, actual, standing):
    pace = pace_of(None if planned is None else Decimal(planned), Decimal(actual))
    assert pace.standing == standing
    assert pace.gap == abs(pace.difference)


def test_the_part_of_a_stretch_that_passed():
    days = [SUNDAY + timedelta(days=one) for one in (-1, 0, 4, 9, 20)]
    assert [share_passed(SUNDAY, SUNDAY + timedelta(days=9), day) for day in days] == [
        0, Decimal("0.1"), Decimal("0.5"), 1, 1,
    ]  # fmt: skip


def readings(*parts):
    return [Reading(key, contents, Decimal(total)) for key, contents, total in parts]


@pytest.mark.parametrize(
    ("parts", "kind", "best", "second", "thinnest"),
    [
        ([], "nothing", None, None, 0),
        ([(1, 0, 0), (2, 3, 0)], "nothing", None, None, 0),
        ([(1, 0, 0), (2, 3, 300)], "alone", 2, None, 3),
        ([(1, 2, 300), (2, 5, 500)], "thin", 1, 2, 2),
        ([(1, 3, 300), (2, 4, 364)], "tie", 1, 2, 3),
        ([(1, 3, 300), (2, 4, 400)], "tie", 1, 2, 3),
        ([(1, 3, 300), (2, 4, 356)], "clear", 1, 2, 3),
    ],
)
def test_the_best_cell_and_how_sure_that_is(parts, kind, best, second, thinnest):
    judgement = judge(readings(*parts))
    assert (judgement.kind, judgement.best, judgement.second, judgement.thinnest) == (kind, best, second, thinnest)

"""The ops desk: today's queue, what is about to happen, repeat offenders, the weeks, the list."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from core.lists import CursorError
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.filters import entry_filter
from violations.models import BlacklistEntry, Notice, ReversalRequest
from violations.selectors.desk import open_appeals, queue_of, soon_of
from violations.selectors.listing import listing_of
from violations.selectors.trends import offenders_of, weekly_chart, weekly_counts
from violations.services.ledger import reversal_append
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def ops():
    make_book()
    return make_user("ops")


def notice(entry, state: str, *, at=NOON) -> Notice:
    common = {"channel": "mail", "language": "en", "created_by": entry.recorded_by, "created_at": at}
    return Notice.objects.create(entry=entry, state=state, **common)


def listing(ops, query: str = "", **options):
    options = {"size": 25, "cursor": ""} | options
    return listing_of(entry_filter(QueryDict(query), user=ops, at=NOON), **options)


def test_queue_is_empty_when_nothing_waits(ops):
    entry = log(make_creator())
    notice(entry, "waiting")
    notice(entry, "sending", at=NOON - 2 * MINUTE)
    make_appeal(entry, due_at=NOON + 5 * DAY)
    assert queue_of(ops, at=NOON).total == 0


def test_queue_holds_appeals_due_by_the_end_of_the_day(ops):
    due, overdue, later = (log(make_creator(), at=NOON - 20 * DAY) for _number in range(3))
    make_appeal(due, due_at=NOON + timedelta(hours=11))
    make_appeal(overdue, due_at=NOON - DAY)
    make_appeal(later, due_at=NOON + timedelta(hours=13))
    queue = queue_of(ops, at=NOON)
    assert [row.appeal.entry for row in queue.appeals] == [overdue, due]
    assert queue.counts["appeals"] == 2


def test_queue_holds_notices_that_failed_or_are_unsure(ops):
    entry = log(make_creator())
    failed, unsure = notice(entry, "failed"), notice(entry, "sending", at=NOON - 11 * MINUTE)
    assert queue_of(ops, at=NOON).notices == [unsure, failed]


def test_queue_holds_what_waits_for_a_second_person(ops):
    entry, creator, shop = log(make_creator()), make_creator(), make_shop()
    request = ReversalRequest.objects.create(entry=entry, reason="Wrong.", proposed_by=ops, proposed_at=NOON)
    common = {"creator": creator, "reason": "Cheats.", "proposed_by": ops, "proposed_at": NOON}
    proposal = BlacklistEntry.objects.create(state="proposed", **common)
    BlacklistEntry.objects.create(state="active", shop=shop, review_on=NOON.date(), **common)
    queue = queue_of(ops, at=NOON)
    assert (queue.reversals, queue.proposals, queue.reviews) == ([request], [proposal], [])
    assert queue.total == 2
    assert len(queue_of(make_user("admin"), at=NOON).reviews) == 1


def test_soon_holds_points_that_expire_within_a_week(ops):
    creator = make_creator()
    near = log(creator, "spam", at=NOON - 88 * DAY)
    wrong = log(make_creator(), "fraud", at=NOON - 87 * DAY)
    log(make_creator(), at=NOON - 80 * DAY)
    reversal_append(entry=wrong, kind=ReversalKind.OWN_MISTAKE, reason="No.", by=make_user("admin"), at=NOON - DAY)
    soon = soon_of(at=NOON)
    assert (soon.expiring, soon.expiring_count.number) == ([near], 1)


def test_soon_holds_creators_just_below_a_threshold(ops):
    below, reached, stale = make_creator("below"), make_creator("reached"), make_creator("stale")
    log(below, "spam")
    log(reached, "fraud")
    log(stale, "spam", at=NOON - 91 * DAY)
    # The published points lag behind until the next sweep.
    stale.facts.__class__.objects.filter(pk=stale.pk).update(points=4)
    found = soon_of(at=NOON).close
    assert [(one.creator.handle, one.balance, one.threshold) for one in found] == [("below", 4, 6)]


def test_soon_is_read_once_a_minute(ops, django_assert_max_num_queries):
    log(make_creator(), "spam", at=NOON - 88 * DAY)
    soon_of(at=NOON)
    with django_assert_max_num_queries(3):
        assert soon_of(at=NOON).expiring


def test_repeat_offenders_broke_one_rule_six_times(ops):
    often, mixed, taken_back = make_creator("often"), make_creator("mixed"), make_creator("taken_back")
    log_all(often, ["late_content"] * 6)
    log_all(mixed, ["late_content"] * 5 + ["spam"])
    entries = log_all(taken_back, ["late_content"] * 6)
    common = {"kind": ReversalKind.OWN_MISTAKE, "reason": "No.", "by": make_user("admin"), "at": NOON + DAY}
    reversal_append(entry=entries[0], **common)
    found = offenders_of(at=NOON + DAY)
    assert [(one.creator.handle, one.rule.code, one.times) for one in found.rows] == [("often", "late_content", 6)]
    assert (found.count, found.repeat_count, found.repeat_days) == (1, 6, 90)


def test_new_entries_make_offenders_and_old_ones_stop_being(ops):
    early, late = make_creator("early"), make_creator("late")
    log_all(early, ["late_content"] * 6, at=NOON - 60 * DAY)
    log_all(late, ["late_content"] * 5, at=NOON - 10 * DAY)
    assert [one.creator.handle for one in offenders_of(at=NOON).rows] == ["early"]
    log(late, "late_content", at=NOON + 2 * MINUTE)
    assert [one.creator.handle for one in offenders_of(at=NOON + timedelta(seconds=50)).rows] == ["early"]
    assert [one.creator.handle for one in offenders_of(at=NOON + 3 * MINUTE).rows] == ["late", "early"]
    assert [one.creator.handle for one in offenders_of(at=NOON + 31 * DAY).rows] == ["late"]


def test_repeats_over_more_than_90_days_follow_the_book():
    make_book(repeat_count=2, repeat_days=200)
    creator = make_creator()
    log(creator, at=NOON - 150 * DAY)
    log(creator, at=NOON)
    assert [one.times for one in offenders_of(at=NOON).rows] == [2]


def test_without_a_book_nobody_repeats():
    assert offenders_of(at=NOON).rows == []


def test_weeks_count_violations_by_severity(ops):
    creator = make_creator()
    log(creator, "late_content", at=NOON - 7 * DAY)
    log(creator, "fraud", at=NOON)
    log(creator, "spam", at=NOON)
    weeks = weekly_counts(at=NOON)
    assert len(weeks) == 12
    assert list(weeks)[-1] == date(2026, 11, 16)
    assert list(weeks.values())[-2:] == [{"minor": 1}, {"extreme": 1, "critical": 1}]


def test_weeks_that_are_over_are_kept(ops, django_assert_num_queries):
    log(make_creator(), at=NOON - 7 * DAY)
    weekly_counts(at=NOON)
    with django_assert_num_queries(0):
        assert list(weekly_counts(at=NOON).values())[-2] == {"minor": 1}
    cache.delete("desk.week.UTC.2026-11-16")
    with CaptureQueriesContext(connection) as asked:
        weekly_counts(at=NOON)
    assert "2026-11-16T00:00:00" in asked[0]["sql"]


def test_chart_shows_the_same_numbers_as_its_table(ops):
    log(make_creator(), "fraud")
    chart = weekly_chart(at=NOON)
    assert [one["values"][-1] for one in chart.data["series"]] == [0, 0, 0, 0, 1]
    assert chart.rows[-1] == ["2026-11-16", "0", "0", "0", "0", "1"]


def test_list_is_newest_first_and_says_what_became_of_entries(ops):
    creator = make_creator()
    old = log(creator, "late_content", at=NOON - 100 * DAY)
    wrong = log(creator, "spam", at=NOON - 2 * DAY)
    counting = log(creator, "fraud", at=NOON - 2 * DAY)
    reversal_append(entry=wrong, kind=ReversalKind.OWN_MISTAKE, reason="No.", by=make_user("admin"), at=NOON - DAY)
    make_appeal(counting)
    rows = listing(ops, "period=all").rows
    assert [row.entry.pk for row in rows[1:]] == [counting.pk, wrong.pk, old.pk]
    assert [[look.label for look in row.looks] for row in rows] == [
        [],
        ["Counting", "Submitted"],
        ["Reversed"],
        ["Expired"],
    ]
    assert [row.points_text for row in rows] == ["−4", "+6", "+4", "+1"]


def test_list_is_cut_into_pages_that_new_entries_do_not_move(ops):
    creator = make_creator()
    entries = [log(creator, at=NOON - (9 - place) * MINUTE) for place in range(5)]
    first = listing(ops, size=2)
    log(creator)
    second = listing(ops, size=2, cursor=first.page.next_cursor)
    assert [row.entry.pk for row in first.rows + second.rows] == [one.pk for one in entries[:0:-1]]
    back = listing(ops, size=2, cursor=second.page.previous_cursor)
    assert len(back.rows) == 2
    with pytest.raises(CursorError):
        listing(ops, cursor="rubbish")


def test_list_takes_few_queries_however_many_rows(ops, django_assert_max_num_queries):
    for _number in range(10):
        make_appeal(log(make_creator()))
    with django_assert_max_num_queries(6):
        assert len(listing(ops).rows) == 10


def test_open_appeals_are_counted_once_a_minute(ops, django_assert_num_queries):
    make_appeal(log(make_creator()))
    assert open_appeals(ops) == 1
    with django_assert_num_queries(0):
        assert open_appeals(ops) == 1

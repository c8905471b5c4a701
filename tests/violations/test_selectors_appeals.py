from datetime import timedelta

import pghistory
import pytest
from django.utils import translation

from tests.factories import make_creator, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.models import Notice
from violations.selectors.appeals import (
    appeal_until,
    appeals_narrowed,
    appeals_shown,
    counts_of,
    inbox_of,
    reviewers_of,
    rows_of,
    steps_of,
    time_left,
)
from violations.selectors.effects import effect_of
from violations.selectors.outcomes import outcome_tables
from violations.selectors.standings import standing_of
from violations.services.appeals import appeal_claim, appeal_decide, appeals_escalate
from violations.services.ledger import reversal_append
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def book():
    return make_book()


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(hours=2, minutes=14), "2 h 14 m"),
        (timedelta(days=1, hours=3, minutes=50), "1 d 3 h"),
        (timedelta(0), "0 h 0 m over"),
        (timedelta(hours=-3, minutes=-5), "3 h 5 m over"),
    ],
)
def test_time_left(left, text):
    assert time_left(NOON + left, NOON) == text


def test_without_a_notice_an_appeal_is_never_too_late():
    assert appeal_until(log(make_creator())) is None


def test_appeal_until_is_the_end_of_the_thirtieth_day():
    entry = log(make_creator())
    Notice.objects.create(
        entry=entry, channel="mail", state="sent", language="en", created_by=make_user(), created_at=NOON, given_at=NOON
    )

    assert appeal_until(entry).isoformat() == "2026-12-23T00:00:00+00:00"


def test_rows_hold_the_balance_now_and_without_the_entry():
    creator = make_creator()
    first, second = log_all(creator, ["spam", "late_content"])
    rows = rows_of([make_appeal(first), make_appeal(second)], user=make_user(), at=NOON + HOUR)

    assert [(row.before, row.after) for row in rows] == [(5, 1), (5, 4)]


def test_rows_of_what_expired_or_was_reversed_change_nothing():
    creator = make_creator()
    expired, taken_back, counting = log_all(creator, ["spam", "fraud", "late_content"])
    reversal_append(
        entry=taken_back, kind=ReversalKind.OWN_MISTAKE, reason="Wrong.", by=make_user("ops"), at=NOON + HOUR
    )
    at = expired.expires_at

    rows = rows_of([make_appeal(expired), make_appeal(taken_back), make_appeal(counting)], user=make_user(), at=at)

    assert [(row.before, row.after) for row in rows] == [(1, 1), (1, 1), (1, 0)]


def test_inbox_counts_all_and_shows_some():
    ops, creator = make_user("ops"), make_creator()
    due = (NOON + 11 * HOUR, NOON + 12 * HOUR, NOON + DAY)
    for rule, due_at in zip(("spam", "fraud", "late_content"), due, strict=True):
        make_appeal(log(creator, rule), due_at=due_at, assigned_to=ops if rule == "spam" else None)

    inbox = inbox_of(ops, at=NOON, limit=2)

    assert (inbox.open, inbox.due_today, inbox.mine) == (3, 1, 1)
    assert [(row.appeal.entry.rule_code, row.is_mine) for row in inbox.rows] == [("spam", True), ("fraud", False)]
    assert counts_of(ops, at=NOON)["open"] == 3


def test_narrowed():
    ops = make_user("ops")
    mine = make_appeal(log(make_creator(market="US"), "spam"), assigned_to=ops)
    other = make_appeal(log(make_creator(market="VN"), "fraud"))
    shown = appeals_shown(ops)

    assert set(appeals_narrowed(shown)) == {mine, other}
    assert list(appeals_narrowed(shown, market="VN")) == [other]
    assert list(appeals_narrowed(shown, rule_code="spam")) == [mine]
    assert list(appeals_narrowed(shown, reviewer=ops)) == [mine]


def test_reviewers_are_neither_logger_nor_notifier():
    logger, notifier = make_user("ops"), make_user("ops")
    ops, admin = make_user("ops"), make_user("admin")
    make_user("seller")
    make_user("ops", is_active=False)
    entry = log(make_creator(), by=logger)
    Notice.objects.create(
        entry=entry, channel="mail", state="waiting", language="en", created_by=notifier, created_at=NOON
    )
    appeal = make_appeal(entry)

    assert set(reviewers_of(appeal, at=NOON)) == {ops, admin}
    assert list(reviewers_of(appeal, at=appeal.due_at)) == [admin]


def test_steps_read_the_marks_and_where_changes_came_from():
    ops = make_user("ops", name="Wen Zhao")
    appeal = make_appeal(log(make_creator()))
    with pghistory.context(user=ops.pk, address="192.0.2.7"):
        appeal_claim(appeal=appeal, by=ops, at=NOON)
    appeals_escalate(at=appeal.due_at)
    appeal.steps.create(from_state="under_review", to_state="under_review", at=NOON, note="unsent a@example.com")

    lines = steps_of(appeal, with_addresses=True)

    assert [(str(line.text), line.who, line.colour) for line in lines] == [
        ("Under review", ops, "info"),
        ("The time to decide is over: an admin decides", None, "warn"),
        ("The mail to a@example.com could not be sent", None, "warn"),
    ]
    assert (lines[0].origin, lines[2].origin) == ("192.0.2.7", "")
    hidden = steps_of(appeal, with_addresses=False)
    assert "a@example.com" not in str(hidden[2].text)
    assert hidden[0].origin == ""


def test_effect_before_a_decision_is_what_then_happens():
    creator = make_creator()
    last = log_all(creator, ["spam", "spam", "spam"])[-1]
    foretold = effect_of(last, at=NOON + HOUR)

    appeal_decide(appeal=make_appeal(last), overturn=True, reason="Fine.", by=make_user("ops"), at=NOON + HOUR)

    done, now = effect_of(last, at=NOON + 2 * HOUR), standing_of(creator.pk, at=NOON + HOUR)
    assert (foretold.before.balance, foretold.after.balance) == (12, 8)
    assert foretold.returned == done.returned
    assert [feature for feature, _ in foretold.returned] == ["LIVE", "Video", "Showcase"]
    assert foretold.after.withdrawn == done.after.withdrawn == now.withdrawn == {}
    assert (done.before.balance, done.after.balance) == (12, 8)


def test_effect_counts_past_restrictions_that_are_marked():
    creator = make_creator()
    log(creator, "fraud")
    second = log(creator, "fraud", at=NOON + DAY)

    effect = effect_of(second, at=NOON + 20 * DAY)

    assert (effect.marked, effect.returned, effect.still) == (1, [], [])


def test_effect_names_what_stays_withdrawn():
    entries = log_all(make_creator(), ["fraud", "fraud", "fraud", "late_content"])

    effect = effect_of(entries[-1], at=NOON + HOUR)

    assert effect.returned == []
    assert [feature for feature, _ in effect.still] == ["LIVE", "Video", "Showcase"]


def test_outcomes_by_rule_logger_and_market():
    wen, ops = make_user("ops", name="Wen Zhao"), make_user("ops")
    for number in range(6):
        appeal = make_appeal(log(make_creator(), "spam", by=wen))
        appeal_decide(appeal=appeal, overturn=number < 3, reason="So.", by=ops, at=NOON)
    decided = make_appeal(log(make_creator(market="VN"), "fraud", by=ops))
    appeal_decide(appeal=decided, overturn=True, reason="So.", by=wen, at=NOON)
    make_appeal(log(make_creator(), "late_content", by=wen))

    rules, loggers, markets = outcome_tables(ops)

    found = [(row.label, row.decided, row.overturned, row.rate, row.is_few) for row in rules.rows]
    assert found == [("Spam", 6, 3, 0.5, False), ("Fraud", 1, 1, 1.0, True)]
    assert [row.label for row in loggers.rows] == ["Wen Zhao", str(ops)]
    assert [row.label for row in markets.rows] == ["United States", "Vietnam"]


def test_outcomes_are_named_in_the_language_of_the_page():
    appeal = make_appeal(log(make_creator(), "spam"))
    appeal_decide(appeal=appeal, overturn=False, reason="So.", by=make_user("ops"), at=NOON)

    with translation.override("zh-hans"):
        rules, _, markets = outcome_tables(make_user())

    assert (rules.rows[0].label, markets.rows[0].label) == ("规则 spam", "美国")

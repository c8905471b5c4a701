from datetime import datetime, timedelta

import pytest

from tests.appeals import file_appeal, make_link, notify, refused
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.models import Appeal, LedgerEntry
from violations.selectors.standings import standing_of
from violations.services.appeals import (
    appeal_answer,
    appeal_ask,
    appeal_assign,
    appeal_claim,
    appeal_decide,
    appeal_withdraw,
    appeals_escalate,
)
from violations.services.ledger import reversal_append
from violations.states import AppealState, ReversalKind

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def book():
    return make_book()


@pytest.fixture
def entry(book) -> LedgerEntry:
    return log(make_creator("brass_lantern"), "spam")


def test_claim(entry):
    ops = make_user("ops")

    appeal = appeal_claim(appeal=file_appeal(entry), by=ops, at=NOON)

    assert (appeal.state, appeal.assigned_to) == (AppealState.UNDER_REVIEW, ops)
    assert appeal.steps.last().by == ops


def test_claim_of_what_another_one_reviews(entry):
    first = make_user("ops", name="Wen Zhao")
    appeal = appeal_claim(appeal=file_appeal(entry), by=first, at=NOON)

    error = refused("appeal_claimed", appeal_claim, appeal=appeal, by=make_user("ops"), at=NOON)

    assert "Wen Zhao" in str(error)
    assert appeal_claim(appeal=appeal, by=first, at=NOON).steps.count() == 2


def test_assign_to_another_reviewer(entry):
    first, second = make_user("ops"), make_user("ops", name="Wen Zhao")
    appeal = appeal_claim(appeal=file_appeal(entry), by=first, at=NOON)

    appeal = appeal_assign(appeal=appeal, reviewer=second, by=first, at=NOON)

    assert appeal.assigned_to == second
    assert appeal.steps.last().note == "assigned Wen Zhao"


def test_assigning_what_is_submitted_puts_it_under_review(entry):
    ops = make_user("ops")

    appeal = appeal_assign(appeal=file_appeal(entry), reviewer=ops, by=make_user("admin"), at=NOON)

    assert (appeal.state, appeal.assigned_to) == (AppealState.UNDER_REVIEW, ops)


def test_assign_to_somebody_who_cannot_decide(entry):
    refused(
        "reviewer_unfit", appeal_assign, appeal=file_appeal(entry), reviewer=make_user(), by=make_user("ops"), at=NOON
    )


def test_ask_and_answer(entry):
    ops, seller = make_user("ops"), make_user()
    appeal = appeal_ask(appeal=file_appeal(entry), question="Where is the label?", by=ops, at=NOON)
    assert (appeal.state, appeal.assigned_to) == (AppealState.EVIDENCE_ASKED, ops)

    appeal = appeal_answer(appeal=appeal, statement="See the file.", by=seller, evidence=[make_file(seller)], at=NOON)

    assert appeal.state == AppealState.UNDER_REVIEW
    assert [step.note for step in appeal.steps.all()] == ["", "Where is the label?", "See the file."]
    assert appeal.evidence.get().added_by == seller


def test_answer_with_a_file_alone_names_it(entry):
    appeal = appeal_ask(appeal=file_appeal(entry), question="The label?", by=make_user("ops"), at=NOON)

    appeal = appeal_answer(appeal=appeal, evidence=[make_file(make_user())], at=NOON)

    assert "list.csv" in appeal.steps.last().note


def test_question_and_answer_say_something(entry):
    appeal, ops = file_appeal(entry), make_user("ops")
    refused("question_missing", appeal_ask, appeal=appeal, question=" ", by=ops, at=NOON)
    appeal_ask(appeal=appeal, question="The label?", by=ops, at=NOON)

    refused("answer_missing", appeal_answer, appeal=appeal, at=NOON)
    refused("appeal_step_impossible", appeal_ask, appeal=appeal, question="The box?", by=ops, at=NOON)


def test_answer_to_nothing(entry):
    refused("appeal_step_impossible", appeal_answer, appeal=file_appeal(entry), statement="Well.", at=NOON)


def test_upholding_keeps_the_entry(entry):
    ops = make_user("ops")

    appeal = appeal_decide(appeal=file_appeal(entry), overturn=False, reason="It shows.", by=ops, at=NOON + HOUR)

    assert (appeal.state, appeal.decided_by, appeal.decided_at) == (AppealState.UPHELD, ops, NOON + HOUR)
    assert appeal.decision == "It shows."
    assert standing_of(entry.creator_id, at=NOON + HOUR).balance == 4


def test_overturning_reverses_replays_and_lifts(book):
    creator = make_creator(points=None)
    last = log_all(creator, ["spam", "spam", "spam"])[-1]
    assert set(standing_of(creator.pk, at=NOON + HOUR).withdrawn) == {"live", "video", "showcase"}

    appeal = appeal_decide(
        appeal=file_appeal(last, at=NOON + HOUR),
        overturn=True,
        reason="The label was on.",
        by=make_user("ops"),
        at=NOON + HOUR,
    )

    assert appeal.state == AppealState.OVERTURNED
    reversal = last.reversals.get()
    assert (reversal.reversal_kind, reversal.points, reversal.details.reason) == ("appeal_won", -4, "The label was on.")
    found = standing_of(creator.pk, at=NOON + HOUR)
    assert (found.balance, dict(found.withdrawn)) == (8, {})
    creator.facts.refresh_from_db()
    assert (creator.facts.points, creator.facts.restricted_until) == (8, None)


def test_overturning_what_ops_took_back_meanwhile_only_closes(entry):
    appeal, ops = file_appeal(entry), make_user("ops")
    reversal_append(entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="Wrong creator.", by=ops, at=NOON + HOUR)

    appeal = appeal_decide(appeal=appeal, overturn=True, reason="Taken back.", by=ops, at=NOON)

    assert (appeal.state, appeal.decided_at) == (AppealState.OVERTURNED, NOON + HOUR)
    assert entry.reversals.count() == 1


def decide(appeal: Appeal, by, at: datetime = NOON) -> Appeal:
    return appeal_decide(appeal=appeal, overturn=True, reason="Fine.", by=by, at=at)


def test_logger_does_not_decide(entry):
    appeal = file_appeal(entry)

    refused("reviewer_is_logger", decide, appeal=appeal, by=entry.recorded_by)
    refused("reviewer_is_logger", appeal_claim, appeal=appeal, by=entry.recorded_by, at=NOON)
    refused("reviewer_is_logger", appeal_ask, appeal=appeal, question="Why?", by=entry.recorded_by, at=NOON)
    refused(
        "reviewer_is_logger", appeal_assign, appeal=appeal, reviewer=entry.recorded_by, by=make_user("ops"), at=NOON
    )


def test_admin_who_logged_does_not_decide_either(book):
    admin = make_user("admin")
    appeal = file_appeal(log(make_creator(), "spam", by=admin))

    refused("reviewer_is_logger", decide, appeal=appeal, by=admin, at=appeal.due_at)


def test_notifier_does_not_decide(entry):
    ops = make_user("ops")
    notify(entry, created_by=ops)

    refused("reviewer_is_notifier", decide, appeal=file_appeal(entry), by=ops)


def test_decision_needs_a_reason(entry):
    refused(
        "reason_missing",
        appeal_decide,
        appeal=file_appeal(entry),
        overturn=True,
        reason=" ",
        by=make_user("ops"),
        at=NOON,
    )
    assert not entry.reversals.exists()


def test_after_the_time_only_admins_decide_though_nothing_ran(entry):
    appeal = file_appeal(entry)
    ops, admin = make_user("ops"), make_user("admin")

    error = refused("escalated_to_admin", decide, appeal=appeal, by=ops, at=appeal.due_at)
    refused("escalated_to_admin", appeal_claim, appeal=appeal, by=ops, at=appeal.due_at)
    found = decide(appeal, admin, appeal.due_at)

    assert error.status == 403
    assert found.decided_by == admin
    assert found.escalated_at is None


def test_just_before_the_end_of_the_time_ops_decide(entry):
    appeal = file_appeal(entry)

    assert decide(appeal, make_user("ops"), appeal.due_at - timedelta(microseconds=1)).decided_at


def test_closed_appeal_says_who_closed_it_and_when(entry):
    appeal = file_appeal(entry)
    decide(appeal, make_user("ops", name="Wen Zhao"), NOON + HOUR)

    error = refused("appeal_closed", decide, appeal=appeal, by=make_user("ops"))

    assert error.status == 409
    assert "Wen Zhao" in str(error)
    assert "22 Nov, 13:00" in str(error)
    assert "Entry overturned" in str(error)
    refused("appeal_closed", appeal_claim, appeal=appeal, by=make_user("ops"), at=NOON)
    refused("appeal_closed", appeal_ask, appeal=appeal, question="Why?", by=make_user("ops"), at=NOON)
    refused("appeal_closed", appeal_answer, appeal=appeal, statement="So.", at=NOON)
    refused("appeal_closed", appeal_withdraw, appeal=appeal, at=NOON)


def test_filer_withdraws(entry):
    seller = make_user()
    appeal = file_appeal(entry, by=seller)

    appeal = appeal_withdraw(appeal=appeal, by=seller, reason="Settled.", at=NOON)

    assert (appeal.state, appeal.decided_at) == (AppealState.WITHDRAWN, None)
    assert appeal.steps.last().note == "Settled."


def test_creator_withdraws_and_the_refusal_says_so(entry):
    appeal = file_appeal(entry, by=None, link=make_link(entry))
    appeal_withdraw(appeal=appeal, at=NOON)

    error = refused("appeal_closed", decide, appeal=appeal, by=make_user("ops"))

    assert "The creator closed" in str(error)


def test_others_do_not_withdraw_but_admins_do(entry):
    appeal = file_appeal(entry)

    refused("not_the_filer", appeal_withdraw, appeal=appeal, by=make_user("ops"), at=NOON)

    assert appeal_withdraw(appeal=appeal, by=make_user("admin"), at=NOON).state == AppealState.WITHDRAWN


def test_escalation_marks_and_tells_admins_once(book, mailoutbox, django_capture_on_commit_callbacks):
    creator = make_creator("brass_lantern")
    overdue, open_ = [file_appeal(log(creator, rule)) for rule in ("spam", "late_content")]
    Appeal.objects.filter(pk=open_.pk).update(due_at=overdue.due_at + HOUR)
    english, chinese = make_user("admin"), make_user("admin", language="zh-hans")
    make_user("admin", is_active=False)

    with django_capture_on_commit_callbacks(execute=True):
        counts = [appeals_escalate(at=overdue.due_at) for _ in range(2)]

    overdue.refresh_from_db()
    assert (counts, overdue.escalated_at) == ([1, 0], overdue.due_at)
    assert overdue.steps.last().note == "escalated"
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([english.email, chinese.email])
    assert f"{overdue.entry.case} · @brass_lantern · Spam" in mailoutbox[0].body
    assert open_.entry.case not in mailoutbox[0].body


def test_closed_appeals_do_not_escalate(entry):
    appeal = make_appeal(entry)
    appeal_withdraw(appeal=appeal, at=NOON)

    assert appeals_escalate(at=NOON + 100 * DAY) == 0

from datetime import datetime, timedelta

import pytest

from accounts.rules import secret_digest
from core.errors import DomainError
from core.models import StoredFile
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.models import Appeal, CreatorLink, Evidence, LedgerEntry, Notice
from violations.selectors.standings import standing_of
from violations.services.appeals import (
    appeal_answer,
    appeal_ask,
    appeal_assign,
    appeal_claim,
    appeal_decide,
    appeal_file,
    appeal_refusal,
    appeal_withdraw,
    appeals_escalate,
)
from violations.services.ledger import measure_take, reversal_append
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


def notify(entry: LedgerEntry, given_at: datetime = NOON, **fields) -> Notice:
    fields = {"created_by": make_user("ops"), "channel": "mail", "state": "sent", "language": "en"} | fields
    return Notice.objects.create(entry=entry, given_at=given_at, created_at=given_at, **fields)


def make_link(entry: LedgerEntry, email: str = "brass@example.com", language: str = "en", **fields) -> CreatorLink:
    dates = {"created_at": NOON, "expires_at": NOON + 30 * DAY, "created_by": make_user("ops")}
    number = CreatorLink.objects.count()
    digest = secret_digest(f"link {number}")
    return CreatorLink.objects.create(
        creator=entry.creator, email=email, language=language, digest=digest, **dates | fields
    )


def refused(code: str, call, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    assert caught.value.code == code
    return caught.value


def file(entry: LedgerEntry, *, at: datetime = NOON, **options) -> Appeal:
    options = {"statement": "The label was on.", "by": make_user("seller")} | options
    return appeal_file(entry=entry, at=at, **options)


def test_appeal_is_filed_with_ten_working_days_to_decide(entry):
    seller = make_user("seller")

    appeal = file(entry, by=seller, statement=" The label was on. ")

    assert (appeal.number, appeal.state, appeal.filed_by) == (1, AppealState.SUBMITTED, seller)
    assert appeal.statement == "The label was on."
    # From a Sunday: Monday is the first working day, the tenth the Friday of the next week.
    assert appeal.due_at == NOON + 12 * DAY
    assert [(step.from_state, step.to_state, step.by) for step in appeal.steps.all()] == [("", "submitted", seller)]


def test_creator_files_through_a_link(entry):
    link = make_link(entry)

    appeal = file(entry, by=None, link=link)

    assert (appeal.filed_by, appeal.filed_through) == (None, link)
    assert appeal.steps.get().by is None


@pytest.mark.parametrize("people", [{"by": None, "link": None}, {"by": "user", "link": "link"}])
def test_appeal_has_one_filer(entry, people):
    given = {"user": make_user(), "link": make_link(entry), None: None}

    with pytest.raises(ValueError, match="somebody or through a link"):
        file(entry, **{name: given[who] for name, who in people.items()})


def test_appeal_without_a_statement(entry):
    refused("statement_missing", file, entry=entry, statement=" ")


def test_appeal_against_a_measure(entry):
    ops = make_user("ops")
    measure = measure_take(
        creator=entry.creator, measure="freeze_payments", features=[], ends_at=None, reason="Chargebacks.", by=ops,
        at=NOON, evidence=[make_file(ops)],
    )  # fmt: skip

    refused("not_a_violation", file, entry=measure)


def test_appeal_against_a_reversed_entry(entry):
    reversal = reversal_append(
        entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="Wrong creator.", by=make_user("ops"), at=NOON
    )

    error = refused("entry_reversed", file, entry=entry, at=NOON + HOUR)

    assert reversal.case in str(error)


def test_window_ends_with_the_thirtieth_day_in_market_time(entry):
    entry.creator.market.time_zone = "America/New_York"
    entry.creator.market.save()
    # A Sunday noon in UTC is 7 in the morning there; the 30th day is the 22nd of December.
    notify(entry)
    end = datetime.fromisoformat("2026-12-23T00:00:00-05:00")

    error = refused("appeal_window_closed", file, entry=entry, at=end)
    appeal = file(entry, at=end - timedelta(seconds=1))

    assert "23 Dec, 00:00" in str(error)
    assert appeal.pk


def test_first_notice_opens_the_window(entry):
    notify(entry, NOON + 5 * DAY)
    notify(entry, NOON)

    refused("appeal_window_closed", file, entry=entry, at=NOON + 31 * DAY)


@pytest.mark.parametrize("state", ["waiting", "sending", "failed"])
def test_without_a_given_notice_the_window_has_no_end(entry, state):
    Notice.objects.create(
        entry=entry, channel="mail", state=state, language="en", created_by=make_user("ops"), created_at=NOON
    )

    assert file(entry, at=NOON + 300 * DAY).number == 1


def test_window_and_time_to_decide_follow_the_books():
    make_book(appeal_days=3, decision_days=1)
    entry = log(make_creator(), "spam")
    notify(entry)

    appeal = file(entry, at=NOON + DAY)

    assert appeal.due_at == NOON + 2 * DAY
    appeal_withdraw(appeal=appeal, at=NOON + DAY)
    refused("appeal_window_closed", file, entry=entry, at=NOON + 4 * DAY)


def test_second_appeal_while_one_is_open(entry):
    file(entry)

    error = refused("appeal_exists", file, entry=entry, evidence=[make_file(make_user())])

    assert error.status == 409


def decided(entry: LedgerEntry, **options) -> Appeal:
    return appeal_decide(
        appeal=file(entry, **options), overturn=False, reason="It shows.", by=make_user("ops"), at=NOON + HOUR
    )


def test_second_appeal_needs_new_evidence(entry):
    user = make_user()
    Evidence.objects.create(entry=entry, file=make_file(user, content=b"of the entry"))
    decided(entry, evidence=[make_file(user, content=b"of the first")])
    known = [make_file(user, content=b"of the entry"), make_file(user, content=b"of the first")]

    refused("appeal_needs_new_evidence", file, entry=entry)
    refused("appeal_needs_new_evidence", file, entry=entry, evidence=known)
    appeal = file(entry, evidence=[*known, make_file(user, content=b"new")])

    assert (appeal.number, appeal.evidence.count()) == (2, 3)


def test_no_third_appeal(entry):
    user = make_user()
    decided(entry)
    decided(entry, evidence=[make_file(user, content=b"new")])

    error = refused("appeal_exists", file, entry=entry, evidence=[make_file(user, content=b"newer")])

    assert "twice" in str(error)


def test_evidence_of_an_appeal_is_kept(entry):
    stored = make_file(make_user())
    StoredFile.objects.update(expires_at=NOON)

    file(entry, evidence=[stored])

    stored.refresh_from_db()
    assert stored.expires_at is None


def test_refusal_says_what_filing_would_say(entry):
    assert appeal_refusal(entry=entry, at=NOON) is None
    appeal = file(entry)
    assert appeal_refusal(entry=entry, at=NOON).code == "appeal_exists"
    appeal_withdraw(appeal=appeal, at=NOON)
    assert appeal_refusal(entry=entry, at=NOON) is None
    notify(entry)
    assert appeal_refusal(entry=entry, at=NOON + 31 * DAY).code == "appeal_window_closed"


def test_claim(entry):
    ops = make_user("ops")

    appeal = appeal_claim(appeal=file(entry), by=ops, at=NOON)

    assert (appeal.state, appeal.assigned_to) == (AppealState.UNDER_REVIEW, ops)
    assert appeal.steps.last().by == ops


def test_claim_of_what_another_one_reviews(entry):
    first = make_user("ops", name="Wen Zhao")
    appeal = appeal_claim(appeal=file(entry), by=first, at=NOON)

    error = refused("appeal_claimed", appeal_claim, appeal=appeal, by=make_user("ops"), at=NOON)

    assert "Wen Zhao" in str(error)
    assert appeal_claim(appeal=appeal, by=first, at=NOON).steps.count() == 2


def test_assign_to_another_reviewer(entry):
    first, second = make_user("ops"), make_user("ops", name="Wen Zhao")
    appeal = appeal_claim(appeal=file(entry), by=first, at=NOON)

    appeal = appeal_assign(appeal=appeal, reviewer=second, by=first, at=NOON)

    assert appeal.assigned_to == second
    assert appeal.steps.last().note == "assigned Wen Zhao"


def test_assigning_what_is_submitted_puts_it_under_review(entry):
    ops = make_user("ops")

    appeal = appeal_assign(appeal=file(entry), reviewer=ops, by=make_user("admin"), at=NOON)

    assert (appeal.state, appeal.assigned_to) == (AppealState.UNDER_REVIEW, ops)


def test_assign_to_somebody_who_cannot_decide(entry):
    refused("reviewer_unfit", appeal_assign, appeal=file(entry), reviewer=make_user(), by=make_user("ops"), at=NOON)


def test_ask_and_answer(entry):
    ops, seller = make_user("ops"), make_user()
    appeal = appeal_ask(appeal=file(entry), question="Where is the label?", by=ops, at=NOON)
    assert (appeal.state, appeal.assigned_to) == (AppealState.EVIDENCE_ASKED, ops)

    appeal = appeal_answer(appeal=appeal, statement="See the file.", by=seller, evidence=[make_file(seller)], at=NOON)

    assert appeal.state == AppealState.UNDER_REVIEW
    assert [step.note for step in appeal.steps.all()] == ["", "Where is the label?", "See the file."]
    assert appeal.evidence.get().added_by == seller


def test_answer_with_a_file_alone_names_it(entry):
    appeal = appeal_ask(appeal=file(entry), question="The label?", by=make_user("ops"), at=NOON)

    appeal = appeal_answer(appeal=appeal, evidence=[make_file(make_user())], at=NOON)

    assert "list.csv" in appeal.steps.last().note


def test_question_and_answer_say_something(entry):
    appeal, ops = file(entry), make_user("ops")
    refused("question_missing", appeal_ask, appeal=appeal, question=" ", by=ops, at=NOON)
    appeal_ask(appeal=appeal, question="The label?", by=ops, at=NOON)

    refused("answer_missing", appeal_answer, appeal=appeal, at=NOON)
    refused("appeal_step_impossible", appeal_ask, appeal=appeal, question="The box?", by=ops, at=NOON)


def test_answer_to_nothing(entry):
    refused("appeal_step_impossible", appeal_answer, appeal=file(entry), statement="Well.", at=NOON)


def test_upholding_keeps_the_entry(entry):
    ops = make_user("ops")

    appeal = appeal_decide(appeal=file(entry), overturn=False, reason="It shows.", by=ops, at=NOON + HOUR)

    assert (appeal.state, appeal.decided_by, appeal.decided_at) == (AppealState.UPHELD, ops, NOON + HOUR)
    assert appeal.decision == "It shows."
    assert standing_of(entry.creator_id, at=NOON + HOUR).balance == 4


def test_overturning_reverses_replays_and_lifts(book):
    creator = make_creator(points=None)
    last = log_all(creator, ["spam", "spam", "spam"])[-1]
    assert set(standing_of(creator.pk, at=NOON + HOUR).withdrawn) == {"live", "video", "showcase"}

    appeal = appeal_decide(
        appeal=file(last, at=NOON + HOUR),
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
    appeal, ops = file(entry), make_user("ops")
    reversal_append(entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="Wrong creator.", by=ops, at=NOON + HOUR)

    appeal = appeal_decide(appeal=appeal, overturn=True, reason="Taken back.", by=ops, at=NOON)

    assert (appeal.state, appeal.decided_at) == (AppealState.OVERTURNED, NOON + HOUR)
    assert entry.reversals.count() == 1


def decide(appeal: Appeal, by, at: datetime = NOON) -> Appeal:
    return appeal_decide(appeal=appeal, overturn=True, reason="Fine.", by=by, at=at)


def test_logger_does_not_decide(entry):
    appeal = file(entry)

    refused("reviewer_is_logger", decide, appeal=appeal, by=entry.recorded_by)
    refused("reviewer_is_logger", appeal_claim, appeal=appeal, by=entry.recorded_by, at=NOON)
    refused("reviewer_is_logger", appeal_ask, appeal=appeal, question="Why?", by=entry.recorded_by, at=NOON)
    refused(
        "reviewer_is_logger", appeal_assign, appeal=appeal, reviewer=entry.recorded_by, by=make_user("ops"), at=NOON
    )


def test_admin_who_logged_does_not_decide_either(book):
    admin = make_user("admin")
    appeal = file(log(make_creator(), "spam", by=admin))

    refused("reviewer_is_logger", decide, appeal=appeal, by=admin, at=appeal.due_at)


def test_notifier_does_not_decide(entry):
    ops = make_user("ops")
    notify(entry, created_by=ops)

    refused("reviewer_is_notifier", decide, appeal=file(entry), by=ops)


def test_decision_needs_a_reason(entry):
    refused(
        "reason_missing", appeal_decide, appeal=file(entry), overturn=True, reason=" ", by=make_user("ops"), at=NOON
    )
    assert not entry.reversals.exists()


def test_after_the_time_only_admins_decide_though_nothing_ran(entry):
    appeal = file(entry)
    ops, admin = make_user("ops"), make_user("admin")

    error = refused("escalated_to_admin", decide, appeal=appeal, by=ops, at=appeal.due_at)
    refused("escalated_to_admin", appeal_claim, appeal=appeal, by=ops, at=appeal.due_at)
    found = decide(appeal, admin, appeal.due_at)

    assert error.status == 403
    assert found.decided_by == admin
    assert found.escalated_at is None


def test_just_before_the_end_of_the_time_ops_decide(entry):
    appeal = file(entry)

    assert decide(appeal, make_user("ops"), appeal.due_at - timedelta(microseconds=1)).decided_at


def test_closed_appeal_says_who_closed_it_and_when(entry):
    appeal = file(entry)
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
    appeal = file(entry, by=seller)

    appeal = appeal_withdraw(appeal=appeal, by=seller, reason="Settled.", at=NOON)

    assert (appeal.state, appeal.decided_at) == (AppealState.WITHDRAWN, None)
    assert appeal.steps.last().note == "Settled."


def test_creator_withdraws_and_the_refusal_says_so(entry):
    appeal = file(entry, by=None, link=make_link(entry))
    appeal_withdraw(appeal=appeal, at=NOON)

    error = refused("appeal_closed", decide, appeal=appeal, by=make_user("ops"))

    assert "The creator closed" in str(error)


def test_others_do_not_withdraw_but_admins_do(entry):
    appeal = file(entry)

    refused("not_the_filer", appeal_withdraw, appeal=appeal, by=make_user("ops"), at=NOON)

    assert appeal_withdraw(appeal=appeal, by=make_user("admin"), at=NOON).state == AppealState.WITHDRAWN


def test_escalation_marks_and_tells_admins_once(book, mailoutbox, django_capture_on_commit_callbacks):
    creator = make_creator("brass_lantern")
    overdue, open_ = [file(log(creator, rule)) for rule in ("spam", "late_content")]
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

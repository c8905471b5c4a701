from datetime import datetime, timedelta

import pytest

from core.models import StoredFile
from tests.appeals import file_appeal, make_link, notify, refused
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, make_book
from violations.models import Appeal, Evidence, LedgerEntry, Notice
from violations.services.appeals import appeal_decide, appeal_refusal, appeal_withdraw
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


def test_appeal_is_filed_with_ten_working_days_to_decide(entry):
    seller = make_user("seller")

    appeal = file_appeal(entry, by=seller, statement=" The label was on. ")

    assert (appeal.number, appeal.state, appeal.filed_by) == (1, AppealState.SUBMITTED, seller)
    assert appeal.statement == "The label was on."
    # From a Sunday: Monday is the first working day, the tenth the Friday of the next week.
    assert appeal.due_at == NOON + 12 * DAY
    assert [(step.from_state, step.to_state, step.by) for step in appeal.steps.all()] == [("", "submitted", seller)]


def test_creator_files_through_a_link(entry):
    link = make_link(entry)

    appeal = file_appeal(entry, by=None, link=link)

    assert (appeal.filed_by, appeal.filed_through) == (None, link)
    assert appeal.steps.get().by is None


@pytest.mark.parametrize("people", [{"by": None, "link": None}, {"by": "user", "link": "link"}])
def test_appeal_has_one_filer(entry, people):
    given = {"user": make_user(), "link": make_link(entry), None: None}

    with pytest.raises(ValueError, match="somebody or through a link"):
        file_appeal(entry, **{name: given[who] for name, who in people.items()})


def test_appeal_without_a_statement(entry):
    refused("statement_missing", file_appeal, entry=entry, statement=" ")


def test_appeal_against_a_measure(entry):
    ops = make_user("ops")
    measure = measure_take(
        creator=entry.creator, measure="freeze_payments", features=[], ends_at=None, reason="Chargebacks.", by=ops,
        at=NOON, evidence=[make_file(ops)],
    )  # fmt: skip

    refused("not_a_violation", file_appeal, entry=measure)


def test_appeal_against_a_reversed_entry(entry):
    reversal = reversal_append(
        entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="Wrong creator.", by=make_user("ops"), at=NOON
    )

    error = refused("entry_reversed", file_appeal, entry=entry, at=NOON + HOUR)

    assert reversal.case in str(error)


def test_window_ends_with_the_thirtieth_day_in_market_time(entry):
    entry.creator.market.time_zone = "America/New_York"
    entry.creator.market.save()
    # A Sunday noon in UTC is 7 in the morning there; the 30th day is the 22nd of December.
    notify(entry)
    end = datetime.fromisoformat("2026-12-23T00:00:00-05:00")

    error = refused("appeal_window_closed", file_appeal, entry=entry, at=end)
    appeal = file_appeal(entry, at=end - timedelta(seconds=1))

    assert "23 Dec, 00:00" in str(error)
    assert appeal.pk


def test_first_notice_opens_the_window(entry):
    notify(entry, NOON + 5 * DAY)
    notify(entry, NOON)

    refused("appeal_window_closed", file_appeal, entry=entry, at=NOON + 31 * DAY)


@pytest.mark.parametrize("state", ["waiting", "sending", "failed"])
def test_without_a_given_notice_the_window_has_no_end(entry, state):
    Notice.objects.create(
        entry=entry, channel="mail", state=state, language="en", created_by=make_user("ops"), created_at=NOON
    )

    assert file_appeal(entry, at=NOON + 300 * DAY).number == 1


def test_window_and_time_to_decide_follow_the_books():
    make_book(appeal_days=3, decision_days=1)
    entry = log(make_creator(), "spam")
    notify(entry)

    appeal = file_appeal(entry, at=NOON + DAY)

    assert appeal.due_at == NOON + 2 * DAY
    appeal_withdraw(appeal=appeal, at=NOON + DAY)
    refused("appeal_window_closed", file_appeal, entry=entry, at=NOON + 4 * DAY)


def test_second_appeal_while_one_is_open(entry):
    file_appeal(entry)

    error = refused("appeal_exists", file_appeal, entry=entry, evidence=[make_file(make_user())])

    assert error.status == 409


def decided(entry: LedgerEntry, **options) -> Appeal:
    return appeal_decide(
        appeal=file_appeal(entry, **options), overturn=False, reason="It shows.", by=make_user("ops"), at=NOON + HOUR
    )


def test_second_appeal_needs_new_evidence(entry):
    user = make_user()
    Evidence.objects.create(entry=entry, file=make_file(user, content=b"of the entry"))
    decided(entry, evidence=[make_file(user, content=b"of the first")])
    known = [make_file(user, content=b"of the entry"), make_file(user, content=b"of the first")]

    refused("appeal_needs_new_evidence", file_appeal, entry=entry)
    refused("appeal_needs_new_evidence", file_appeal, entry=entry, evidence=known)
    appeal = file_appeal(entry, evidence=[*known, make_file(user, content=b"new")])

    assert (appeal.number, appeal.evidence.count()) == (2, 3)


def test_no_third_appeal(entry):
    user = make_user()
    decided(entry)
    decided(entry, evidence=[make_file(user, content=b"new")])

    error = refused("appeal_exists", file_appeal, entry=entry, evidence=[make_file(user, content=b"newer")])

    assert "twice" in str(error)


def test_evidence_of_an_appeal_is_kept(entry):
    stored = make_file(make_user())
    StoredFile.objects.update(expires_at=NOON)

    file_appeal(entry, evidence=[stored])

    stored.refresh_from_db()
    assert stored.expires_at is None


def test_refusal_says_what_filing_would_say(entry):
    assert appeal_refusal(entry=entry, at=NOON) is None
    appeal = file_appeal(entry)
    assert appeal_refusal(entry=entry, at=NOON).code == "appeal_exists"
    appeal_withdraw(appeal=appeal, at=NOON)
    assert appeal_refusal(entry=entry, at=NOON) is None
    notify(entry)
    assert appeal_refusal(entry=entry, at=NOON + 31 * DAY).code == "appeal_window_closed"

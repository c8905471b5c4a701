"""A creator's ledger as a statement, as of any past instant."""

from datetime import timedelta

import pytest

from creators.services.creators import creators_link
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.models import HealthRating, Notice
from violations.selectors.statement import Statement, appeal_text, statement_of
from violations.services.ledger import measure_take, restriction_lift, reversal_append
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def creator():
    make_book()
    return make_creator("tin")


def notify(entry, *, at=NOON) -> Notice:
    values = {"language": "en", "created_by": entry.recorded_by, "created_at": at, "given_at": at, "state": "sent"}
    return Notice.objects.create(entry=entry, channel="mail", **values)


def titles(statement: Statement) -> list[tuple[str, int, int]]:
    return [(one.title, one.line.points, one.line.balance) for one in statement.lines]


def test_statement_reads_like_a_bank_statement(creator):
    log(creator, "spam", at=NOON - 95 * DAY)
    log(creator, "late_content")
    statement = statement_of(creator, at=NOON + DAY)
    assert titles(statement) == [
        ("Scheduled expiry", -1, 0),
        ("Late content", 1, 1),
        ("Expired", -4, 0),
        ("Spam", 4, 4),
    ]
    assert [one.is_planned for one in statement.lines] == [True, False, False, False]
    assert statement.lines[-1].strike == 1
    assert (statement.balance, statement.percent, statement.points_away) == (1, pytest.approx(100 / 6), 5)
    assert (statement.next_expiry_points, statement.lines[0].points_text) == ("−1", "−1")


def test_statement_as_of_a_past_instant(creator):
    entry = log(creator, "fraud")
    reversal_append(entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="No.", by=make_user("admin"), at=NOON + 2 * DAY)
    past = statement_of(creator, at=NOON + DAY)
    assert titles(past) == [("Scheduled expiry", -6, 0), ("Fraud", 6, 6)]
    assert not any(one.is_reversed for one in past.lines)
    now = statement_of(creator, at=NOON + 3 * DAY)
    assert titles(now) == [("Reversed: our own mistake", -6, 0), ("Fraud", 6, 6)]
    assert now.lines[1].is_reversed
    assert statement_of(creator, at=NOON - DAY).lines == []


def test_restrictions_in_force_past_and_overturned(creator):
    first, second = log_all(creator, ["fraud", "illegal_activity"])
    in_force = statement_of(creator, at=NOON + DAY)
    assert [(one.cause, one.look.label) for one in in_force.restrictions] == [
        ("Balance of 12 points", "In force"),
        ("Balance of 6 points", "Warning"),
    ]
    assert (in_force.restrictions[0].features, in_force.restrictions[0].entry_id) == (["LIVE"], second.pk)
    assert in_force.withdrawn == [("LIVE", NOON + timedelta(days=7, minutes=1))]
    assert statement_of(creator, at=NOON + 8 * DAY).restrictions[0].look.label == "Ended"
    reversal_append(entry=first, kind=ReversalKind.APPEAL_WON, reason="Yes.", by=make_user("admin"), at=NOON + 9 * DAY)
    assert statement_of(creator, at=NOON + 9 * DAY).restrictions[0].look.label == "Overturned"


def test_measures_and_lifts_are_lines(creator):
    admin, file = make_user("admin"), make_file(make_user("ops"))
    common = {"creator": creator, "reason": "Asked by the platform.", "by": admin, "evidence": [file]}
    measure_take(measure="limit_account", features=["video"], ends_at=None, at=NOON, **common)
    measure_take(measure="freeze_payments", features=[], ends_at=None, at=NOON + DAY, **common)
    restriction_lift(features=["video"], at=NOON + 2 * DAY, **common)
    statement = statement_of(creator, at=NOON + 3 * DAY)
    assert [one.title for one in statement.lines] == [
        "Lifted: Video",
        "Freeze payments",
        "Limit the account (Video)",
    ]
    assert statement.standing.payments_frozen
    assert statement.restrictions[0].look.label == "Lifted"


def test_appeals_as_they_were_known(creator):
    told, untold, appealed = log_all(creator, ["late_content", "spam", "fraud"])
    notify(told)
    notify(appealed)
    appeal = make_appeal(appealed, filed_at=NOON + DAY)
    later = {"state": "upheld", "decided_at": NOON + 3 * DAY, "decided_by": make_user("admin"), "decision": "It stays."}
    type(appeal).objects.filter(pk=appeal.pk).update(**later)

    def found(at):
        lines = {one.entry.pk: one for one in statement_of(creator, at=at).lines if one.is_entry}
        return {pk: (line.told.can_appeal, appeal_text(line.told)) for pk, line in lines.items()}

    assert found(NOON + 2 * DAY) == {
        told.pk: (True, "Not appealed"),
        untold.pk: (False, "Not appealed"),
        appealed.pk: (True, "Appeal open"),
    }
    assert found(NOON + 4 * DAY)[appealed.pk] == (True, "Entry upheld")
    assert found(NOON + 40 * DAY)[told.pk] == (False, "Not appealed")


def test_withdrawn_appeal_is_not_open(creator):
    entry = log(creator)
    make_appeal(entry, state="withdrawn")
    (line,) = [one for one in statement_of(creator, at=NOON + DAY).lines if one.is_entry]
    assert (line.told.is_open, appeal_text(line.told)) == (False, "Withdrawn")


def test_ledgers_of_a_person_are_read_as_a_union(creator):
    other = make_creator("tin.uk", market="GB")
    creators_link(creators=[creator, other], by=make_user("ops"), at=NOON)
    creator.refresh_from_db()
    log(creator, "late_content")
    log(other, "fraud", at=NOON + DAY)
    statement = statement_of(creator, at=NOON + 2 * DAY)
    entries = [one for one in statement.lines if one.is_entry]
    assert [(one.account.market_id, one.is_other, one.line.balance) for one in entries] == [
        ("GB", True, 6),
        ("US", False, 1),
    ]
    assert statement.balance == 1
    assert [(one.handle, balance) for one, balance in statement.others] == [("tin.uk", 6)]


def test_an_entry_expired_when_logged_says_so(creator):
    log(creator, "late_content", effective_at=NOON - 100 * DAY, reason="Found in an audit.")
    (line,) = statement_of(creator, at=NOON).lines
    assert (line.is_late, line.points_text) == (True, "0")


def test_rating_of_the_platform_stands_beside(creator):
    by = make_user("ops")
    for score, day in ((180, NOON.date()), (90, (NOON + 9 * DAY).date())):
        HealthRating.objects.create(
            creator=creator, score=score, as_of=day, source="Seller Center", recorded_by=by, recorded_at=NOON
        )
    rating = statement_of(creator, at=NOON + DAY).rating
    assert rating
    assert (rating.score, rating.as_of, rating.source) == (180, NOON.date(), "Seller Center")


def test_without_a_book_there_is_no_threshold():
    statement = statement_of(make_creator(), at=NOON)
    assert (statement.book, statement.next_threshold, statement.percent, statement.points_away) == (None, None, 100, 0)
    assert (statement.lines, statement.next_expiry_points) == ([], "")


def test_queries_do_not_grow_with_the_entries(creator, django_assert_max_num_queries):
    for place in range(12):
        entry = log(creator, at=NOON + timedelta(minutes=place))
        notify(entry)
        make_appeal(entry)
    with django_assert_max_num_queries(11):
        statement = statement_of(creator, at=NOON + DAY)
    assert len(statement.lines) == 24

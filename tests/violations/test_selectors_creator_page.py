from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from tests.links import make_link
from violations.models import LedgerEntry, Milestone, Notice
from violations.selectors.creator_page import CreatorPage, creator_page_of, metrics_of, milestone_text
from violations.services.appeals import appeal_answer, appeal_ask, appeal_file
from violations.services.ledger import measure_take, restriction_lift, reversal_append
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def book():
    return make_book()


@pytest.fixture
def creator(book):
    return make_creator("brass_lantern")


def page_of(creator, *, at=NOON + HOUR) -> CreatorPage:
    return creator_page_of(creator, at=at)


def notify(entry: LedgerEntry, given_at=NOON) -> None:
    fields = {"created_by": make_user("ops"), "channel": "mail", "state": "sent", "language": "en"}
    Notice.objects.create(entry=entry, given_at=given_at, created_at=given_at, **fields)


def test_clean_creator_has_nothing_and_the_first_threshold_ahead(creator):
    page = page_of(creator)

    assert (page.standing.balance, page.entries, page.limits, page.expiries) == (0, [], [], [])
    assert (page.next.threshold, page.points_away) == (6, 6)
    assert page.meter == {"points": 0, "mark": 80}


def test_without_a_book_nothing_is_promised():
    page = page_of(make_creator())

    assert (page.next, page.reached, page.strike_count, page.points_away) == (None, [], 0, 0)


def test_points_go_step_by_step(creator):
    log(creator, "late_content", at=NOON - 2 * DAY)
    log(creator, "spam", at=NOON)

    page = page_of(creator)

    assert page.standing.balance == 5
    steps = [(one.at, one.points, one.balance) for one in page.expiries]
    assert steps == [(NOON + 88 * DAY, 1, 4), (NOON + 90 * DAY, 4, 0)]


def test_reached_thresholds_and_restrictions_say_why_and_until_when(creator):
    log_all(creator, ["fraud", "fraud"], at=NOON)

    page = page_of(creator)

    assert [threshold for threshold, _text in page.reached] == [6, 12]
    assert [(str(one.feature), one.reason) for one in page.limits] == [("LIVE", "The points reached 12.")]
    assert page.limits[0].ends_at == NOON + timedelta(minutes=1, days=7)
    assert (page.next.threshold, page.points_away) == (18, 6)


def test_strikes_and_measures_are_reasons_too(creator):
    log_all(creator, ["spam", "spam", "spam"], at=NOON)
    measure_take(
        creator=creator, measure="withdraw_complaint", features=["live"], ends_at=None, reason="Internal words.",
        by=(ops := make_user("ops")), at=NOON + timedelta(minutes=10), evidence=[make_file(ops)],
    )  # fmt: skip

    reasons = {one.reason for one in page_of(creator).limits}

    assert reasons == {"The points reached 12.", "3 strikes.", "Withdraw selling: user complaint"}


def test_entry_counts_then_expires(creator):
    log(creator)

    assert page_of(creator).entries[0].counts
    assert not page_of(creator, at=NOON + 90 * DAY).entries[0].counts


def test_entry_that_was_taken_back_says_when_and_cannot_be_appealed(creator):
    entry = log(creator)
    reversal_append(entry=entry, kind=ReversalKind.OWN_MISTAKE, reason="Wrong shop.", by=make_user("ops"), at=NOON)

    (line,) = page_of(creator).entries

    assert (line.taken_back_at >= NOON, line.counts, line.may_appeal) == (True, False, False)
    assert page_of(creator).expiries == []


def test_appeal_is_possible_until_the_window_closes(creator):
    notify(log(creator))

    line = page_of(creator).entries[0]

    # Until the end of the 30th day after the notice.
    assert (line.appeal_until, line.may_appeal) == (NOON.replace(hour=0) + 31 * DAY, True)
    assert not page_of(creator, at=line.appeal_until).entries[0].may_appeal


def test_without_a_notice_there_is_no_end(creator):
    log(creator)

    line = page_of(creator, at=NOON + 80 * DAY).entries[0]

    assert (line.appeal_until, line.may_appeal) == (None, True)


def test_open_appeal_closes_the_way_to_another_and_two_are_the_most(creator):
    entry = log(creator)
    decided = {"decided_by": make_user("ops"), "decided_at": NOON, "decision": "It stays."}
    make_appeal(entry, state="upheld", **decided)
    assert page_of(creator).entries[0].may_appeal

    second = make_appeal(entry, number=2)
    assert not page_of(creator).entries[0].may_appeal

    second.delete()
    make_appeal(entry, number=2, state="upheld", **decided)
    assert not page_of(creator).entries[0].may_appeal


def test_question_is_shown_until_it_is_answered(creator):
    appeal = make_appeal(log(creator, by=make_user("ops")))
    appeal_ask(appeal=appeal, question="Which label?", by=make_user("ops"), at=NOON)
    assert page_of(creator).entries[0].appeals[0].question == "Which label?"

    appeal_answer(appeal=appeal, statement="The red one.", at=NOON)
    assert page_of(creator).entries[0].appeals[0].question == ""


def test_own_words_and_files_are_shown_and_those_of_staff_are_not(creator):
    seller, (link, _token) = make_user("seller"), make_link(creator)
    mine, theirs = log_all(creator, ["spam", "fraud"])
    appeal_file(entry=mine, statement="Mine.", link=link, evidence=[make_file(seller)], at=NOON + HOUR)
    appeal_file(entry=theirs, statement="Theirs.", by=seller, evidence=[make_file(seller)], at=NOON + HOUR)

    staffs, own = (line.appeals[0] for line in page_of(creator).entries)

    assert (own.statement, own.files) == ("Mine.", ["list.csv"])
    assert (staffs.statement, staffs.files) == ("", [])


def test_measures_and_lifts_are_entries_without_points(creator):
    ops = make_user("admin")
    common = {"creator": creator, "reason": "x", "by": ops, "evidence": [make_file(ops)]}
    measure_take(measure="limit_account", features=["live", "video"], ends_at=None, at=NOON, **common)
    restriction_lift(features=["video"], at=NOON + timedelta(minutes=1), **common)

    lines = page_of(creator).entries

    assert [str(line.title) for line in lines] == ["Given back: Video", "Limit the account"]
    assert [line.may_appeal for line in lines] == [False, False]


def test_link_without_a_scheme_becomes_an_address(creator):
    log(creator, "spam", content_link="shop.example/video/1")
    log(creator, "fraud", content_link="https://shop.example/video/2", at=NOON + timedelta(minutes=1))
    log(creator, "late_content", at=NOON + timedelta(minutes=2))

    links = [line.content_url for line in page_of(creator).entries]

    assert links == ["", "https://shop.example/video/2", "https://shop.example/video/1"]


def test_number_of_queries_does_not_grow_with_entries(creator, django_assert_max_num_queries):
    for entry in log_all(creator, ["spam", "fraud", "late_content", "absolute_claim"]):
        notify(entry)
        make_appeal(entry)

    with django_assert_max_num_queries(12):
        page_of(creator)


def test_rule_is_in_the_language_of_the_page(creator):
    log(creator, "spam")

    with translation.override("zh-hans"):
        assert page_of(creator).entries[0].title == "规则 spam"


def test_milestone_speaks_the_words_of_its_book_else_those_of_its_numbers():
    own = Milestone(threshold=12, features=["live"], days=7, text_en="LIVE pauses for a week.")
    plain = Milestone(threshold=12, features=["live"], days=7)

    assert milestone_text(own) == "LIVE pauses for a week."
    assert "LIVE" in milestone_text(plain)
    assert "7" in milestone_text(plain)


def test_known_numbers_are_shown_without_their_source():
    creator = make_creator(followers=12_400, engagement_by_views=Decimal("0.058"))

    assert [text for _name, text in metrics_of(creator)] == ["12.4K", "5.8%"]

"""Who did what, when and from where, over every kind of row."""

from datetime import timedelta

import pghistory
import pytest
from django.utils import timezone

from tests.factories import make_creator, make_file, make_shop, make_user
from tests.ledger import NOON, log, log_all, make_book
from violations.selectors.history import SOURCES, Line, history_page
from violations.services.appeals import appeal_claim, appeal_decide, appeal_file
from violations.services.blacklist import blacklist_add, blacklist_decide, blacklist_propose
from violations.services.ledger import measure_take, restriction_lift
from violations.services.links import link_create, link_revoke
from violations.services.notices import notice_give
from violations.services.reversals import reversal_decide, reversal_propose
from violations.services.rulebooks import rulebook_discard, rulebook_draft

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def admin():
    return make_user("admin")


def lines(user, **options) -> list[Line]:
    return history_page(user, **options).lines


def told(user, **options) -> list[tuple]:
    return [(line.what, line.about, line.by) for line in lines(user, **options)]


def test_the_ledger_tells_its_entries(ops, admin):
    book, creator = make_book(), make_creator("brass_lantern")
    entry = log(creator, "spam", by=ops)
    proof = [make_file(ops)]
    common = {"creator": creator, "reason": "Asked.", "by": ops, "evidence": proof}
    measure_take(measure="block_account", features=[], ends_at=None, at=NOON + MINUTE, **common)
    restriction_lift(features=["live"], at=NOON + 2 * MINUTE, **common)
    found = told(ops, until=NOON + timedelta(hours=1))
    assert [(what, by) for what, _about, by in found] == [
        ("Lifted a restriction", ops),
        ("Block the account", ops),
        ("Logged 4 points: Spam", ops),
    ]
    assert found[-1][1] == f"{entry.case} · @brass_lantern"
    assert book.is_computed


def test_reversals_and_appeals_tell_each_step(ops, admin):
    make_book()
    creator, other = make_creator(), make_user("ops")
    first, second = log(creator, "spam", by=ops), log(creator, "fraud", by=ops)
    request = reversal_propose(entry=first, reason="Mixed up.", by=ops, at=NOON + MINUTE)
    # As the request of a signed-in person does.
    with pghistory.context(user=admin.pk):
        reversal_decide(request=request, confirm=True, note="", by=admin, at=NOON + 2 * MINUTE)
    appeal = appeal_file(entry=second, statement="The label was on.", by=ops, at=NOON + 3 * MINUTE)
    with pghistory.context(user=other.pk):
        appeal_claim(appeal=appeal, by=other, at=NOON + 4 * MINUTE)
        appeal_decide(appeal=appeal, overturn=False, reason="It was not.", by=other, at=NOON + 5 * MINUTE)
    found = {(line.what, line.by) for line in lines(ops)}
    assert {
        ("Reversal proposed", ops),
        ("Reversal: Confirmed", admin),
        (f"Reversed {first.case}: Our own mistake", admin),
        ("Appeal filed", ops),
        ("Appeal: Under review", other),
        ("Appeal: Entry upheld", other),
    } <= found


def test_notices_and_links_tell_each_step(ops):
    make_book()
    creator = make_creator("brass_lantern")
    notice_give(entry=log(creator, by=ops), channel="handed_over", by=ops, at=NOON, given_at=NOON, proof=make_file(ops))
    link = link_create(
        creator=creator, email="b@example.com", language="en", by=ops, at=NOON, address=lambda token: token
    ).link
    link_revoke(link=link, by=ops, at=NOON + MINUTE)
    found = {(line.what, line.about) for line in lines(ops)}
    assert {("Sent the creator's link", "@brass_lantern"), ("Revoked the creator's link", "@brass_lantern")} <= found
    assert any(what.startswith("Notice made: Handed over") for what, _about in found)


def test_the_blacklist_tells_each_step_and_from_where(ops, admin):
    with pghistory.context(address="203.0.113.7"):
        entry = blacklist_propose(creator=make_creator("brass_lantern"), reason="Fakes.", by=ops, at=NOON)
    with pghistory.context(address="203.0.113.8"):
        blacklist_decide(entry=entry, confirm=True, by=admin, at=NOON)
    # Both in the one transaction of a test: their order says nothing.
    assert {(line.what, line.by, line.origin) for line in lines(ops)} == {
        ("Blacklist: Blacklisted", admin, "203.0.113.8"),
        ("Proposed for the shared blacklist", ops, "203.0.113.7"),
    }


def test_entries_of_other_shops_stay_hidden(ops, admin):
    blacklist_add(creator=make_creator(), shop=make_shop(name="Kettle"), reason="Rude.", by=admin, at=NOON)
    assert lines(ops) == []
    assert [line.what for line in lines(admin)] == ["Put on the blacklist of Kettle"]


def test_rule_books_tell_each_change_once(ops):
    book = make_book()
    draft = rulebook_draft(book=book, effective_from=timezone.now() + timedelta(days=9), by=ops, at=timezone.now())
    assert (lines(ops)[0].by, lines(ops)[0].about) == (ops, str(draft))
    rulebook_discard(book=draft, by=ops)
    assert (lines(ops)[0].what, lines(ops)[0].url) == ("Discarded the draft", "")


def test_a_person_and_a_period_narrow_it(ops, admin):
    make_book()
    creator = make_creator()
    log(creator, by=ops)
    log(creator, by=admin, at=NOON + MINUTE)
    period = {"since": NOON, "until": NOON + timedelta(hours=1)}
    assert [line.by for line in lines(ops, **period)] == [admin, ops]
    assert [line.by for line in lines(ops, by=ops, **period)] == [ops]
    assert [line.by for line in lines(ops, since=NOON, until=NOON + MINUTE)] == [ops]
    assert [line.by for line in lines(ops, since=NOON + MINUTE, until=NOON + 2 * MINUTE)] == [admin]


def test_the_person_behind_a_change_narrows_it_too(ops, admin):
    entry = blacklist_propose(creator=make_creator(), reason="Fakes.", by=ops, at=NOON)
    blacklist_decide(entry=entry, confirm=True, by=admin, at=NOON)
    assert [line.what for line in lines(ops, by=admin)] == ["Blacklist: Blacklisted"]


def test_pages_hold_every_line_once_also_of_one_instant(ops, admin):
    make_book()
    creator = make_creator()
    entries = log_all(creator, ["spam", "fraud", "late_content"], by=ops)
    for entry in entries:
        reversal_propose(entry=entry, reason="Mixed up.", by=ops, at=NOON + 2 * MINUTE)
        notice_give(entry=entry, channel="mail", address="b@example.com", by=ops, at=NOON + 2 * MINUTE)
    whole = lines(ops)
    paged, cursor = [], ""
    while True:
        page = history_page(ops, cursor=cursor, size=2)
        paged += page.lines
        cursor = page.older
        if not cursor:
            break
    assert len(whole) >= 9
    assert paged == whole


@pytest.mark.parametrize("cursor", ["x", "2026-11-22~1~1", "2026-11-22T12:00:00+00:00~999~1", "~~", "a~b~c"])
def test_a_cursor_that_cannot_be_read_begins_anew(ops, cursor):
    make_book()
    log(make_creator(), by=ops)
    assert lines(ops, cursor=cursor) == lines(ops)


def test_every_source_can_be_read_without_rows(ops):
    assert [list(source.rows(ops)) for source in SOURCES] == [[]] * len(SOURCES)

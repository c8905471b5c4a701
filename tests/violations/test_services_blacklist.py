"""The blacklist: two persons for the shared one, the person and not the account, and nothing that ends by itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from core.errors import DomainError
from core.models import StoredFile
from creators.models import CreatorFacts
from creators.services.creators import creators_link
from tests.factories import make_creator, make_file, make_shop, make_user
from tests.ledger import NOON
from violations.models import BlacklistEntry
from violations.services import blacklist as services
from violations.states import BlacklistState

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
LATER = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _fresh_marks():
    cache.clear()


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def admin():
    return make_user("admin")


@pytest.fixture
def run_together() -> Callable[..., list[Any]]:
    """Run calls at the same instant, each on a connection of its own; gives results and refusals."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        barrier = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            barrier.wait(10)
            try:
                return call()
            except DomainError as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run


def propose(creator, by, **options):
    return services.blacklist_propose(creator=creator, reason="Sold fakes.", by=by, at=NOON, **options)


def confirmed(creator, ops, admin, **options):
    return services.blacklist_decide(entry=propose(creator, ops, **options), confirm=True, by=admin, at=NOON)


def code_of(call, **options) -> str:
    with pytest.raises(DomainError) as caught:
        call(**options)
    return caught.value.code


def is_marked(creator) -> bool:
    return bool(CreatorFacts.objects.get(pk=creator.pk).is_blacklisted)


def test_a_proposal_counts_when_a_second_person_confirms(ops, admin):
    creator = make_creator()
    entry = propose(creator, ops)
    assert (entry.state, is_marked(creator)) == (BlacklistState.PROPOSED, False)
    entry = services.blacklist_decide(entry=entry, confirm=True, note=" Parcels were tested. ", by=admin, at=NOON)
    assert (entry.state, entry.decided_by, entry.decided_at) == (BlacklistState.ACTIVE, admin, NOON)
    assert (entry.decision_note, is_marked(creator)) == ("Parcels were tested.", True)


@pytest.mark.parametrize("confirm", [True, False])
def test_the_proposer_does_not_decide(admin, confirm):
    entry = propose(make_creator(), admin)
    decide = services.blacklist_decide
    assert code_of(decide, entry=entry, confirm=confirm, note="No.", by=admin, at=NOON) == "second_person_needed"


def test_a_refusal_says_why(ops, admin):
    creator = make_creator()
    entry = propose(creator, ops)
    assert code_of(services.blacklist_decide, entry=entry, confirm=False, by=admin, at=NOON) == "note_missing"
    entry = services.blacklist_decide(entry=entry, confirm=False, note="Another account.", by=admin, at=NOON)
    assert (entry.state, is_marked(creator)) == (BlacklistState.REFUSED, False)


def test_a_proposal_is_decided_once(ops, admin):
    entry = confirmed(make_creator(), ops, admin)
    again = {"entry": entry, "confirm": False, "note": "No.", "by": make_user("admin"), "at": NOON}
    assert code_of(services.blacklist_decide, **again) == "decided_already"


def test_a_refused_creator_can_be_proposed_again(ops, admin):
    creator = make_creator()
    services.blacklist_decide(entry=propose(creator, ops), confirm=False, note="Not yet.", by=admin, at=NOON)
    assert propose(creator, ops).state == BlacklistState.PROPOSED


def test_an_own_entry_counts_at_once_for_its_shop_only():
    seller, creator = make_user(), make_creator()
    shop = make_shop([seller])
    entry = services.blacklist_add(creator=creator, shop=shop, reason="Rude.", by=seller, at=NOON)
    assert (entry.state, entry.shop, is_marked(creator)) == (BlacklistState.ACTIVE, shop, False)
    assert not BlacklistEntry.objects.visible_to(make_user()).exists()


def test_only_members_change_the_list_of_a_shop():
    add = {"creator": make_creator(), "shop": make_shop(), "reason": "Rude.", "by": make_user(), "at": NOON}
    assert code_of(services.blacklist_add, **add) == "not_member"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_entry_has_a_reason(ops, reason):
    propose = {"creator": make_creator(), "reason": reason, "by": ops, "at": NOON}
    assert code_of(services.blacklist_propose, **propose) == "reason_missing"


def test_one_open_entry_for_a_person_in_a_list(ops, admin):
    first, other = make_creator(), make_creator(market="GB")
    creators_link(creators=[first, other], by=ops, at=NOON)
    first.refresh_from_db()
    other.refresh_from_db()
    propose(first, ops)
    again = {"creator": other, "reason": "Sold fakes.", "by": ops, "at": NOON}
    assert code_of(services.blacklist_propose, **again) == "blacklisted_already"
    shop = make_shop()
    assert services.blacklist_add(creator=other, shop=shop, reason="Rude.", by=admin, at=NOON).shop == shop


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_leave_one(run_together):
    creator, people = make_creator(), [make_user("ops"), make_user("ops")]
    answers = run_together(*(partial(propose, creator, by) for by in people))
    assert sorted(getattr(one, "code", "proposed") for one in answers) == ["blacklisted_already", "proposed"]


@pytest.mark.parametrize(
    ("until", "review_on", "expected"),
    [(None, None, TODAY + timedelta(days=90)), (LATER, None, LATER), (LATER, date(2026, 12, 1), date(2026, 12, 1))],
)
def test_the_day_of_review(ops, until, review_on, expected):
    assert propose(make_creator(), ops, until=until, review_on=review_on).review_on == expected


def test_the_end_and_the_review_lie_ahead(ops):
    common = {"creator": make_creator(), "reason": "Sold fakes.", "by": ops, "at": NOON}
    assert code_of(services.blacklist_propose, until=TODAY, **common) == "until_in_past"
    assert code_of(services.blacklist_propose, review_on=TODAY, **common) == "review_in_past"


def test_it_follows_the_person_and_leaves_with_the_last_entry(ops, admin):
    first, other = make_creator(), make_creator(market="GB")
    entries = [confirmed(first, ops, admin), confirmed(other, ops, admin)]
    creators_link(creators=[first, other], by=ops, at=NOON)
    removal = {"reason": "Settled.", "by": admin, "at": NOON}
    services.blacklist_remove(entry=BlacklistEntry.objects.get(pk=entries[0].pk), **removal)
    assert (is_marked(first), is_marked(other)) == (True, True)
    services.blacklist_remove(entry=BlacklistEntry.objects.get(pk=entries[1].pk), **removal)
    assert (is_marked(first), is_marked(other)) == (False, False)


def test_confirming_marks_every_account_of_the_person(ops, admin):
    first, other, stranger = make_creator(), make_creator(market="GB"), make_creator()
    creators_link(creators=[first, other], by=ops, at=NOON)
    first.refresh_from_db()
    confirmed(first, ops, admin)
    assert [is_marked(one) for one in (first, other, stranger)] == [True, True, False]


def test_a_removal_keeps_who_when_and_why(ops, admin):
    entry = confirmed(make_creator(), ops, admin)
    assert code_of(services.blacklist_remove, entry=entry, reason=" ", by=admin, at=NOON) == "reason_missing"
    entry = services.blacklist_remove(entry=entry, reason="Settled.", by=admin, at=NOON)
    kept = (entry.state, entry.removed_by, entry.removed_at, entry.removal_reason)
    assert kept == (BlacklistState.REMOVED, admin, NOON, "Settled.")
    assert code_of(services.blacklist_remove, entry=entry, reason="Again.", by=admin, at=NOON) == "not_blacklisted"


def test_sellers_do_not_change_the_shared_list(ops, admin):
    entry, seller = confirmed(make_creator(), ops, admin), make_user()
    assert code_of(services.blacklist_remove, entry=entry, reason="Settled.", by=seller, at=NOON) == "not_allowed"
    assert code_of(services.blacklist_keep, entry=entry, until=None, by=seller, at=NOON) == "not_allowed"


def test_members_change_the_list_of_their_shop():
    seller = make_user()
    shop = make_shop([seller])
    entry = services.blacklist_add(creator=make_creator(), shop=shop, reason="Rude.", by=seller, at=NOON)
    assert services.blacklist_remove(entry=entry, reason="Said sorry.", by=seller, at=NOON).removed_by == seller


def test_past_its_end_an_entry_stays_and_is_due(ops, admin):
    entry = confirmed(make_creator(), ops, admin, until=LATER)
    assert not BlacklistEntry.objects.due_for_review(on=LATER - timedelta(days=1)).exists()
    assert BlacklistEntry.objects.due_for_review(on=LATER).get() == entry
    assert BlacklistEntry.objects.active().about([entry.creator_id]).get() == entry


def test_keeping_moves_end_and_review(ops, admin):
    entry = confirmed(make_creator(), ops, admin, until=LATER)
    at = NOON + timedelta(days=40)
    kept = services.blacklist_keep(entry=entry, until=None, by=admin, at=at)
    assert (kept.state, kept.until, kept.review_on) == ("active", None, at.date() + timedelta(days=90))
    assert code_of(services.blacklist_keep, entry=entry, until=LATER, by=admin, at=at) == "until_in_past"


def test_evidence_is_kept(ops):
    file = make_file(ops)
    StoredFile.objects.filter(pk=file.pk).update(expires_at=NOON)
    entry = propose(make_creator(), ops, evidence=[file])
    assert entry.evidence.get().file == file
    assert StoredFile.objects.get(pk=file.pk).expires_at is None


def test_the_mail_names_what_each_person_sees(ops, admin):
    manager, seller = make_user("account_manager"), make_user()
    shared, hidden = make_creator("shared_one"), make_creator("hidden_one")
    confirmed(shared, ops, admin, until=LATER)
    services.blacklist_add(
        creator=hidden, shop=make_shop([seller]), reason="Rude.", by=seller, at=NOON, review_on=LATER
    )
    at = datetime(LATER.year, LATER.month, LATER.day, 8, tzinfo=UTC)
    assert services.reviews_mail(at=at - timedelta(days=1)) == 0
    assert services.reviews_mail(at=at) == 2
    texts = {one.to[0]: one.body for one in mail.outbox}
    assert set(texts) == {admin.email, manager.email}
    assert ("hidden_one" in texts[admin.email], "hidden_one" in texts[manager.email]) == (True, False)
    assert "shared_one" in texts[manager.email]
    assert services.reviews_mail(at=at) == 0


def test_a_mail_that_fails_is_tried_again_and_stops_no_other(ops, admin, monkeypatch):
    manager = make_user("account_manager")
    confirmed(make_creator(), ops, admin, until=LATER)
    at = NOON + timedelta(days=30)
    send = services.send_mail

    def broken(subject, text, sender, to):
        if to == [admin.email]:
            raise ConnectionRefusedError
        return send(subject, text, sender, to)

    monkeypatch.setattr(services, "send_mail", broken)
    assert (services.reviews_mail(at=at), [one.to for one in mail.outbox]) == (1, [[manager.email]])
    monkeypatch.undo()
    assert (services.reviews_mail(at=at), mail.outbox[-1].to) == (1, [admin.email])


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one(run_together):
    entry = propose(make_creator(), make_user("ops"))
    decide = partial(services.blacklist_decide, entry=entry, note="Seen.", at=NOON)
    answers = run_together(
        partial(decide, confirm=True, by=make_user("admin")), partial(decide, confirm=False, by=make_user("admin"))
    )
    refusals = [one.code for one in answers if isinstance(one, DomainError)]
    decided = [one.state for one in answers if isinstance(one, BlacklistEntry)]
    entry.refresh_from_db()
    assert (refusals, decided) == (["decided_already"], [entry.state])

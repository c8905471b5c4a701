"""Tabs, search and the history of the blacklist."""

from datetime import timedelta

import pghistory
import pytest

from creators.services.creators import creators_link
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import NOON
from violations.models import BlacklistEntry
from violations.selectors.blacklist import accounts_of, blacklist_of, changes_of, tab_counts
from violations.services import blacklist as services

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
LATER = TODAY + timedelta(days=10)


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def admin():
    return make_user("admin")


def entry_of(handle, ops, admin=None, **options):
    entry = services.blacklist_propose(creator=make_creator(handle), reason="Fakes.", by=ops, at=NOON, **options)
    return services.blacklist_decide(entry=entry, confirm=True, by=admin, at=NOON) if admin else entry


def handles(user, tab, on=TODAY, handle=""):
    return [one.creator.handle for one in blacklist_of(user, tab=tab, handle=handle, on=on)]


def test_each_tab_holds_its_own(ops, admin):
    entry_of("waiting", ops)
    entry_of("ending", ops, admin, until=LATER)
    entry_of("lasting", ops, admin)
    services.blacklist_remove(entry=entry_of("gone", ops, admin), reason="Settled.", by=admin, at=NOON)
    assert handles(ops, "active") == ["ending", "lasting"]
    assert (handles(ops, "proposed"), handles(ops, "ended"), handles(ops, "due")) == (["waiting"], ["gone"], [])
    assert handles(ops, "due", on=LATER) == ["ending"]
    assert tab_counts(ops, on=LATER) == {"active": 2, "proposed": 1, "due": 1, "ended": 1}


def test_the_entries_of_other_shops_are_not_there(admin):
    shop = make_shop()
    services.blacklist_add(creator=make_creator("theirs"), shop=shop, reason="Rude.", by=admin, at=NOON)
    assert (handles(admin, "active"), handles(make_user("ops"), "active")) == (["theirs"], [])
    assert tab_counts(make_user("ops"), on=TODAY)["active"] == 0


@pytest.mark.parametrize("text", ["@Brass", " brass ", "rass_l"])
def test_search_finds_parts_of_handles(ops, text):
    entry_of("brass_lantern", ops)
    entry_of("tin_kettle", ops)
    assert handles(ops, "proposed", handle=text) == ["brass_lantern"]


def test_accounts_are_those_of_the_person(ops):
    first, other = make_creator(), make_creator(market="GB")
    assert list(accounts_of(first)) == [first]
    creators_link(creators=[first, other], by=ops, at=NOON)
    first.refresh_from_db()
    assert set(accounts_of(first)) == {first, other}


def test_changes_say_who_what_when_and_from_where(ops, admin):
    entry = entry_of("brass_lantern", ops)
    hour = timedelta(hours=1)
    with pghistory.context(address="203.0.113.7"):
        services.blacklist_decide(entry=entry, confirm=True, note="Tested.", by=admin, at=NOON + hour)
    services.blacklist_keep(entry=entry, until=LATER, by=ops, at=NOON + 2 * hour)
    services.blacklist_keep(entry=entry, until=None, by=ops, at=NOON + 2 * hour)
    entry = services.blacklist_remove(entry=entry, reason="Settled.", by=admin, at=NOON + 3 * hour)
    found = changes_of(entry)
    assert [(one.what, one.by, one.note) for one in found] == [
        ("Removed", admin, "Settled."),
        ("Kept without an end", ops, ""),
        (f"Kept until {LATER.isoformat()}", ops, ""),
        ("Confirmed", admin, "Tested."),
        ("Proposed for the shared blacklist", ops, "Fakes."),
    ]
    assert (found[0].at, found[3].at, found[4].at) == (NOON + 3 * hour, NOON + hour, NOON)
    assert (found[3].origin, found[0].origin) == ("203.0.113.7", "")


def test_changes_of_a_refusal_and_of_a_shops_own(ops, admin):
    entry = entry_of("tin_kettle", ops)
    entry = services.blacklist_decide(entry=entry, confirm=False, note="Another account.", by=admin, at=NOON)
    assert next((one.what, one.note) for one in changes_of(entry)) == ("Refused", "Another account.")
    shop = make_shop(name="Brass Kettle")
    own = services.blacklist_add(creator=make_creator(), shop=shop, reason="Rude.", by=admin, at=NOON)
    assert [one.what for one in changes_of(own)] == ["Put on the blacklist of Brass Kettle"]


def test_an_entry_without_a_first_row_of_history_begins_as_it_says(ops, admin):
    creator = make_creator()
    entry = BlacklistEntry.objects.create(
        creator=creator, state="proposed", reason="Fakes.", proposed_by=ops, proposed_at=NOON
    )
    entry = services.blacklist_decide(entry=entry, confirm=True, by=admin, at=NOON + timedelta(hours=1))
    found = [(one.what, one.by) for one in changes_of(entry)]
    assert found == [("Confirmed", admin), ("Proposed for the shared blacklist", ops)]

"""Shortlists: who may change what, and two people at once."""

import threading

import pytest
from django.db import connection

from core.errors import DomainError
from creators.models import Shortlist, ShortlistEntry
from creators.services.shortlists import (
    AddResult,
    entries_add,
    entries_copy,
    entries_move,
    entries_remove,
    entry_update,
    may_own,
    shortlist_create,
    shortlist_create_with,
    shortlist_delete,
    shortlist_update,
)
from creators.states import Visibility
from tests.factories import make_creator, make_shop, make_shortlist, make_user

pytestmark = pytest.mark.django_db


def test_shortlist_create_keeps_owner_and_trims():
    user, shop = make_user(), make_shop()
    shortlist = shortlist_create(shop=shop, name="  Summer   picks ", by=user, note=" soap ")
    assert (shortlist.name, shortlist.note, shortlist.owner) == ("Summer picks", "soap", user)


def test_shortlist_create_without_name_is_refused():
    with pytest.raises(DomainError) as refused:
        shortlist_create(shop=make_shop(), name="  ", by=make_user())
    assert refused.value.code == "name_missing"
    assert "name" in refused.value.fields


def test_shortlist_create_with_a_name_in_use_is_refused():
    user, shop = make_user(), make_shop()
    make_shortlist(shop, user, name="Summer")
    with pytest.raises(DomainError) as refused:
        shortlist_create(shop=shop, name="summer", by=user)
    assert refused.value.code == "name_taken"
    assert Shortlist.objects.count() == 1


def test_shortlist_create_takes_the_same_name_in_another_shop():
    user = make_user()
    make_shortlist(make_shop(), user, name="Summer")
    assert shortlist_create(shop=make_shop(), name="Summer", by=user).pk


def test_shortlist_create_in_a_closed_shop_is_refused():
    with pytest.raises(DomainError) as refused:
        shortlist_create(shop=make_shop(is_active=False), name="Summer", by=make_user())
    assert refused.value.code == "shop_closed"


def test_shortlist_update_changes_only_what_is_given():
    user = make_user()
    shortlist = make_shortlist(make_shop(), user, name="Summer")
    shortlist_update(shortlist=shortlist, by=make_user(), note="soap")
    shortlist.refresh_from_db()
    assert (shortlist.name, shortlist.note) == ("Summer", "soap")


def test_shortlist_update_of_visibility_is_the_owners():
    owner = make_user()
    shortlist = make_shortlist(make_shop(), owner)
    with pytest.raises(DomainError) as refused:
        shortlist_update(shortlist=shortlist, by=make_user(), visibility=Visibility.PRIVATE)
    assert refused.value.code == "not_owner"
    assert shortlist_update(shortlist=shortlist, by=owner, visibility=Visibility.PRIVATE).visibility == "private"


def test_shortlist_delete_is_for_owner_and_admin():
    shortlist = make_shortlist(make_shop(), make_user(), creators=[make_creator()])
    with pytest.raises(DomainError) as refused:
        shortlist_delete(shortlist=shortlist, by=make_user())
    assert refused.value.code == "not_owner"
    assert may_own(shortlist, make_user("admin"))
    shortlist_delete(shortlist=shortlist, by=make_user("admin"))
    assert not ShortlistEntry.objects.exists()


def test_entries_add_counts_those_already_there():
    user, creators = make_user(), [make_creator() for _ in range(3)]
    shortlist = make_shortlist(make_shop(), make_user(), creators=creators[:1])
    ids = [creator.pk for creator in creators]
    assert entries_add(shortlist=shortlist, creator_ids=[*ids, ids[1]], by=user, note=" soap ") == AddResult(2, 1)
    assert set(shortlist.entries.filter(added_by=user).values_list("note", flat=True)) == {"soap"}


def test_entries_add_leaves_the_first_note_alone():
    creator = make_creator()
    shortlist = make_shortlist(make_shop(), make_user(), creators=[creator])
    shortlist.entries.update(note="first")
    entries_add(shortlist=shortlist, creator_ids=[creator.pk], by=make_user(), note="second")
    assert shortlist.entries.get().note == "first"


@pytest.mark.parametrize("ids", [[], [10**12]])
def test_entries_add_of_nobody_is_refused(ids):
    shortlist = make_shortlist(make_shop(), make_user())
    with pytest.raises(DomainError) as refused:
        entries_add(shortlist=shortlist, creator_ids=ids, by=make_user())
    assert refused.value.code == "nothing_to_add"


def test_shortlist_create_with_creates_nothing_when_nobody_is_added():
    with pytest.raises(DomainError):
        shortlist_create_with(shop=make_shop(), name="Summer", creator_ids=[], by=make_user())
    assert not Shortlist.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_entries_add_by_two_people_at_once_makes_one_entry_each():
    users, creators = [make_user(), make_user()], [make_creator() for _ in range(40)]
    shortlist = make_shortlist(make_shop(), users[0])
    ids = [creator.pk for creator in creators]
    start, results, errors = threading.Barrier(2), [], []

    def add(user, order):
        try:
            start.wait(10)
            results.append(entries_add(shortlist=shortlist, creator_ids=order, by=user))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=add, args=(user, order)) for user, order in zip(users, (ids, ids[::-1]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert sum(result.added for result in results) == 40
    assert sorted(shortlist.entries.values_list("creator", flat=True)) == sorted(ids)


def test_entry_update_changes_the_note():
    shortlist = make_shortlist(make_shop(), make_user(), creators=[make_creator()])
    entry_update(entry=shortlist.entries.get(), note=" gifts ", by=make_user())
    assert shortlist.entries.get().note == "gifts"


def test_entry_update_of_a_removed_entry_is_refused():
    shortlist = make_shortlist(make_shop(), make_user(), creators=[make_creator()])
    entry = shortlist.entries.get()
    ShortlistEntry.objects.all().delete()
    with pytest.raises(DomainError) as refused:
        entry_update(entry=entry, note="gifts", by=make_user())
    assert refused.value.code == "entry_gone"


def test_entries_remove_twice_is_no_error():
    creator = make_creator()
    shortlist = make_shortlist(make_shop(), make_user(), creators=[creator, make_creator()])
    assert entries_remove(shortlist=shortlist, creator_ids=[creator.pk], by=make_user()) == 1
    assert entries_remove(shortlist=shortlist, creator_ids=[creator.pk], by=make_user()) == 0
    assert shortlist.entries.count() == 1


def test_entries_copy_takes_the_notes_and_leaves_the_source():
    shop, user, creators = make_shop(), make_user(), [make_creator(), make_creator()]
    source = make_shortlist(shop, user, creators=creators)
    source.entries.update(note="soap")
    target = make_shortlist(shop, user, creators=creators[:1])
    ids = [creator.pk for creator in creators]
    assert entries_copy(source=source, target=target, creator_ids=ids, by=user) == AddResult(1, 1)
    assert target.entries.get(creator=creators[1]).note == "soap"
    assert source.entries.count() == 2


def test_entries_move_empties_the_source():
    shop, user, creators = make_shop(), make_user(), [make_creator(), make_creator()]
    source, target = make_shortlist(shop, user, creators=creators), make_shortlist(shop, user)
    result = entries_move(source=source, target=target, creator_ids=[creators[0].pk], by=user)
    assert result == AddResult(1, 0)
    assert source.entries.get().creator == creators[1]


def test_entries_copy_to_the_same_list_is_refused():
    shortlist = make_shortlist(make_shop(), make_user(), creators=[make_creator()])
    with pytest.raises(DomainError) as refused:
        entries_copy(source=shortlist, target=shortlist, creator_ids=[1], by=make_user())
    assert refused.value.code == "same_list"


def test_entries_move_of_nobody_is_refused():
    shop, user = make_shop(), make_user()
    source, target = make_shortlist(shop, user), make_shortlist(shop, user)
    with pytest.raises(DomainError) as refused:
        entries_move(source=source, target=target, creator_ids=[make_creator().pk], by=user)
    assert refused.value.code == "nothing_to_add"

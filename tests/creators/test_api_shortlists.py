"""Shortlists for programs: the same rules as the pages."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import token_create
from creators.models import Shortlist
from creators.states import Visibility
from tests.factories import make_creator, make_shop, make_shortlist, make_user

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/shortlists/"


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller])


@pytest.fixture
def api(seller):
    """A client that sends the seller's token."""
    secret = token_create(user=seller, name="Sheet", by=seller).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


def send(api, method: str, url: str, data: object):
    return getattr(api, method)(url, data, content_type="application/json")


def test_list_holds_what_the_person_sees(api, seller, shop):
    mate = make_user()
    mine = make_shortlist(shop, seller, creators=[make_creator()])
    make_shortlist(shop, mate, visibility=Visibility.PRIVATE)
    make_shortlist(make_shop([mate]), mate)
    answer = api.get(LISTS).json()
    assert [(row["id"], row["size"]) for row in answer["results"]] == [(mine.pk, 1)]
    assert answer["next"] is None


def test_create_and_read_again(api, seller, shop):
    answer = send(api, "post", LISTS, {"shop": shop.pk, "name": "Summer", "visibility": "private"})
    assert answer.status_code == 201
    row = api.get(f"{LISTS}{answer.json()['id']}/").json()
    assert (row["name"], row["visibility"], row["owner"], row["size"]) == ("Summer", "private", str(seller), 0)


def test_create_for_another_shop_is_refused(api, shop):
    answer = send(api, "post", LISTS, {"shop": make_shop().pk, "name": "Summer"})
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["shop"]


def test_create_with_a_name_in_use_is_a_conflict(api, seller, shop):
    make_shortlist(shop, seller, name="Summer")
    answer = send(api, "post", LISTS, {"shop": shop.pk, "name": "summer"})
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


def test_patch_changes_what_is_given(api, seller, shop):
    shortlist = make_shortlist(shop, seller, name="Summer")
    answer = send(api, "patch", f"{LISTS}{shortlist.pk}/", {"note": "soap"})
    assert (answer.json()["name"], answer.json()["note"]) == ("Summer", "soap")


def test_patch_of_visibility_is_the_owners(api, shop):
    shortlist = make_shortlist(shop, make_user())
    answer = send(api, "patch", f"{LISTS}{shortlist.pk}/", {"visibility": "private"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_owner")


def test_delete_removes_the_list(api, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator()])
    assert api.delete(f"{LISTS}{shortlist.pk}/").status_code == 204
    assert not Shortlist.objects.exists()


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_the_list_of_a_stranger_does_not_exist(api, method):
    shortlist = make_shortlist(make_shop(), make_user())
    assert send(api, method, f"{LISTS}{shortlist.pk}/", {}).status_code == 404
    assert api.get(f"{LISTS}{shortlist.pk}/entries/").status_code == 404
    assert send(api, "post", f"{LISTS}{shortlist.pk}/entries/", {"creator": 1}).status_code == 404


def test_a_reader_cannot_write(shop):
    viewer = make_user("viewer")
    shop.memberships.create(user=viewer)
    shortlist = make_shortlist(shop, make_user())
    client = Client()
    client.force_login(viewer)
    assert client.get(f"{LISTS}{shortlist.pk}/").status_code == 200
    answer = send(client, "post", f"{LISTS}{shortlist.pk}/entries/", {"creator": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_entries_are_added_once(api, seller, shop):
    creators = [make_creator(), make_creator(), make_creator()]
    shortlist = make_shortlist(shop, seller, creators=creators[:1])
    data = {"creators": [creators[0].pk, creators[1].pk], "creator": creators[2].pk, "note": "soap"}
    answer = send(api, "post", f"{LISTS}{shortlist.pk}/entries/", data)
    assert answer.json() == {"added": 2, "already": 1}


@pytest.mark.parametrize(
    ("data", "code"),
    [({}, "nothing_to_add"), ({"creators": [0]}, "invalid"), ({"creator": 2**63}, "invalid"), ([1], "invalid")],
)
def test_entries_without_creators_are_refused(api, seller, shop, data, code):
    shortlist = make_shortlist(shop, seller)
    answer = send(api, "post", f"{LISTS}{shortlist.pk}/entries/", data)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_entries_come_in_pages(api, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator() for _number in range(101)])
    first = api.get(f"{LISTS}{shortlist.pk}/entries/").json()
    second = api.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 1, None)
    assert set(first["results"][0]) == {"id", "creator", "market", "handle", "note", "added_by", "added_at"}


def test_entry_note_and_removal(api, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator()])
    url = reverse("api_entry-detail", args=[shortlist.pk, shortlist.entries.get().pk])
    assert send(api, "patch", url, {"note": "gifts"}).json()["note"] == "gifts"
    assert api.delete(url).status_code == 204
    assert api.delete(url).status_code == 404
    assert not shortlist.entries.exists()


def test_entry_is_found_under_its_own_list_only(api, seller, shop):
    entry = make_shortlist(shop, seller, creators=[make_creator()]).entries.get()
    url = reverse("api_entry-detail", args=[make_shortlist(shop, seller).pk, entry.pk])
    assert send(api, "patch", url, {"note": "gifts"}).status_code == 404

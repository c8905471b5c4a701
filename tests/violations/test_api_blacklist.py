"""The blacklist for programs: the same rules as the pages."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import token_create
from core.models import StoredFile
from tests.factories import make_creator, make_file, make_shop, make_user
from violations.models import BlacklistEntry
from violations.services import blacklist as services

pytestmark = pytest.mark.django_db
LIST = "/api/v1/blacklist/"


def api_of(user) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=user, name='Sheet', by=user).secret}"})


def post(user, url, data):
    return api_of(user).post(url, data, content_type="application/json")


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def entry(ops):
    return services.blacklist_propose(creator=make_creator(), reason="Sold fakes.", by=ops, at=timezone.now())


def test_list_holds_what_the_person_sees(entry, ops):
    admin = make_user("admin")
    services.blacklist_add(creator=make_creator(), shop=make_shop(), reason="Rude.", by=admin, at=timezone.now())
    assert [row["id"] for row in api_of(ops).get(LIST).json()["results"]] == [entry.pk]
    assert len(api_of(admin).get(LIST).json()["results"]) == 2
    assert [row["state"] for row in api_of(admin).get(LIST, {"state": "active"}).json()["results"]] == ["active"]


def test_propose_and_read_again(ops):
    creator, file = make_creator("brass_lantern"), make_file(ops)
    StoredFile.objects.filter(pk=file.pk).update(expires_at=timezone.now() + timezone.timedelta(days=1))
    answer = post(ops, LIST, {"creator": creator.pk, "reason": "Sold fakes.", "evidence": [file.pk]})
    assert (answer.status_code, answer.json()["state"], answer.json()["shop"]) == (201, "proposed", None)
    row = api_of(ops).get(f"{LIST}{answer.json()['id']}/").json()
    assert (row["handle"], row["proposed_by"], row["decided_by"]) == ("brass_lantern", str(ops), None)
    assert BlacklistEntry.objects.get().evidence.get().file == file


def test_evidence_is_a_fresh_upload_of_ones_own(ops):
    theirs, kept = make_file(make_user("ops")), make_file(ops)
    for file in (theirs, kept):
        answer = post(ops, LIST, {"creator": make_creator().pk, "reason": "Fakes.", "evidence": [file.pk]})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["evidence"])


def test_own_entry_counts_at_once():
    seller = make_user()
    shop = make_shop([seller])
    answer = post(seller, LIST, {"creator": make_creator().pk, "shop": shop.pk, "reason": "Rude."})
    assert (answer.status_code, answer.json()["state"], answer.json()["shop"]) == (201, "active", shop.pk)
    other = post(seller, LIST, {"creator": make_creator().pk, "shop": make_shop().pk, "reason": "Rude."})
    assert (other.status_code, list(other.json()["fields"])) == (400, ["shop"])


def test_decision_of_a_second_person(entry, ops):
    url = f"{LIST}{entry.pk}/decision/"
    own = post(ops, url, {"confirm": True})
    assert (own.status_code, own.json()["code"]) == (403, "second_person_needed")
    assert post(make_user(), url, {"confirm": True}).status_code == 403
    manager = make_user("account_manager")
    answer = post(manager, url, {"confirm": False, "note": "Mixed up."})
    assert (answer.json()["state"], answer.json()["decided_by"]) == ("refused", str(manager))
    again = post(manager, url, {"confirm": True})
    assert (again.status_code, again.json()["code"]) == (409, "decided_already")


def test_removal_says_why_and_is_not_the_sellers(entry):
    admin = make_user("admin")
    services.blacklist_decide(entry=entry, confirm=True, by=admin, at=timezone.now())
    url = f"{LIST}{entry.pk}/removal/"
    seller = post(make_user(), url, {"reason": "Settled."})
    assert (seller.status_code, seller.json()["code"]) == (403, "not_allowed")
    assert post(admin, url, {}).status_code == 400
    answer = post(admin, url, {"reason": "Settled."})
    assert (answer.json()["state"], answer.json()["removed_by"]) == ("removed", str(admin))


def test_the_entry_of_another_shop_is_not_there(ops):
    admin = make_user("admin")
    hidden = services.blacklist_add(
        creator=make_creator(), shop=make_shop(), reason="Rude.", by=admin, at=timezone.now()
    )
    assert api_of(ops).get(f"{LIST}{hidden.pk}/").status_code == 404
    assert post(ops, f"{LIST}{hidden.pk}/removal/", {"reason": "Mine."}).status_code == 404

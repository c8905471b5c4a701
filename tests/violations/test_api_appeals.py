from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import StoredFile
from tests.factories import make_creator, make_file, make_user, sign_in
from tests.ledger import log, make_appeal, make_book
from violations.models import Appeal, LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> LedgerEntry:
    make_book()
    return log(make_creator("brass_lantern"), "spam", at=timezone.now() - timedelta(days=1))


def unused_file(user, content: bytes = b"label") -> StoredFile:
    stored = make_file(user, content=content)
    stored.expires_at = timezone.now() + timedelta(hours=1)
    stored.save()
    return stored


def post(client, user, name: str, *args, **data):
    url = reverse(f"api_appeal-{name}", args=args)
    return sign_in(client, user).post(url, data, content_type="application/json")


def test_file(client, entry):
    seller = make_user()
    stored = unused_file(seller)

    response = post(client, seller, "list", entry=entry.pk, statement="The label was on.", evidence=[stored.pk])

    assert response.status_code == 201
    found = response.json()
    assert (found["case"], found["handle"], found["state"]) == (entry.case, "brass_lantern", "submitted")
    assert (found["filed_by"], found["number"], found["points"]) == (str(seller), 1, 4)
    assert found["evidence"] == [{"id": stored.pk, "name": "list.csv", "sha256": stored.sha256, "size": 5}]


def test_file_with_a_file_of_somebody_else(client, entry):
    response = post(
        client, make_user(), "list", entry=entry.pk, statement="So.", evidence=[unused_file(make_user()).pk]
    )

    assert response.status_code == 400
    assert "evidence" in response.json()["fields"]


def test_at_most_twenty_files(client, entry):
    seller = make_user()
    keys = [unused_file(seller, b"%d" % number).pk for number in range(21)]

    response = post(client, seller, "list", entry=entry.pk, statement="So.", evidence=keys)

    assert response.json()["fields"]["evidence"] == "Add at most 20 files."


def test_file_twice(client, entry):
    make_appeal(entry)

    response = post(client, make_user(), "list", entry=entry.pk, statement="So.")

    assert (response.status_code, response.json()["code"]) == (409, "appeal_exists")


def test_list_begins_with_the_least_time_left_and_can_be_narrowed(client, entry):
    ops = make_user("ops")
    later = make_appeal(entry)
    vietnam = make_creator("sooner", market="VN")
    sooner = make_appeal(log(vietnam, "fraud", at=entry.recorded_at), due_at=timezone.now(), assigned_to=ops)
    sign_in(client, ops)

    def listed(**query) -> list[int]:
        return [one["id"] for one in client.get(reverse("api_appeal-list"), query).json()["results"]]

    assert listed() == [sooner.pk, later.pk]
    assert listed(rule="spam") == [later.pk]
    assert listed(market="VN") == [sooner.pk]
    assert listed(mine="true") == [sooner.pk]
    assert listed(state="upheld") == []


def test_queries_of_the_list_do_not_grow(client, entry, django_assert_max_num_queries):
    for _ in range(5):
        make_appeal(log(make_creator(), "spam", at=entry.recorded_at))
    sign_in(client, make_user("ops"))

    with django_assert_max_num_queries(6):
        client.get(reverse("api_appeal-list"))


def test_claim_then_decide(client, entry):
    appeal, ops = make_appeal(entry), make_user("ops")
    appeal.due_at = timezone.now() + timedelta(days=1)
    appeal.save()

    claimed = post(client, ops, "claim", appeal.pk).json()
    decided = post(client, ops, "decision", appeal.pk, overturn=True, reason="The label was on.").json()

    assert (claimed["state"], claimed["assigned_to"]) == ("under_review", str(ops))
    assert (decided["state"], decided["decided_by"]) == ("overturned", str(ops))
    assert decided["decision"] == "The label was on."
    assert entry.reversals.count() == 1


def test_decide_what_is_closed(client, entry):
    appeal = make_appeal(entry, state="withdrawn")

    response = post(client, make_user("ops"), "decision", appeal.pk, overturn=False, reason="No.")

    assert (response.status_code, response.json()["code"]) == (409, "appeal_closed")


def test_decide_without_saying_what(client, entry):
    response = post(client, make_user("ops"), "decision", make_appeal(entry).pk, reason="No.")

    assert response.status_code == 400
    assert "overturn" in response.json()["fields"]


def test_withdraw(client, entry):
    seller = make_user()
    appeal = make_appeal(entry, filed_by=seller)

    refused = post(client, make_user(), "withdrawal", appeal.pk)
    withdrawn = post(client, seller, "withdrawal", appeal.pk, reason="Settled.")

    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_filer")
    assert withdrawn.json()["state"] == "withdrawn"
    assert Appeal.objects.get().steps.last().note == "Settled."

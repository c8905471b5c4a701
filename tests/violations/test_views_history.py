"""The page of who did what, when and from where."""

import pytest
from django.urls import reverse

from tests.factories import make_creator, make_user, sign_in
from tests.ledger import NOON, log, make_book
from violations.models import BlacklistEntry

pytestmark = pytest.mark.django_db
HISTORY = "/violations/history/"


@pytest.fixture
def ops():
    return make_user("ops")


def whats(response) -> list[str]:
    return [line.what for line in response.context["history"].lines]


def test_a_write_on_a_page_stands_there_with_its_address(client, ops):
    form = {"shop": "shared", "reason": "Sold fakes."}
    url = reverse("blacklist_create", args=[make_creator("brass_lantern").pk])
    sign_in(client, ops).post(url, form, REMOTE_ADDR="203.0.113.7")
    page = client.get(HISTORY).content.decode()
    for text in ("Proposed for the shared blacklist", "@brass_lantern", str(ops), "203.0.113.7"):
        assert text in page
    assert reverse("blacklist_detail", args=[BlacklistEntry.objects.get().pk]) in page


def test_person_and_days_narrow_the_page(client, ops):
    make_book()
    admin, creator = make_user("admin"), make_creator()
    log(creator, "spam", by=ops)
    log(creator, "fraud", by=admin)
    sign_in(client, ops)
    day = NOON.date().isoformat()
    both = ["Logged 6 points: Fraud", "Logged 4 points: Spam"]
    assert whats(client.get(HISTORY, {"since": day, "until": day})) == both
    assert whats(client.get(HISTORY, {"since": day, "until": day, "by": admin.pk})) == both[:1]
    assert whats(client.get(HISTORY, {"until": "2026-11-21"})) == []
    assert "Nothing was written in this period" in client.get(HISTORY, {"until": "2026-11-21"}).content.decode()


@pytest.mark.parametrize("query", [{"by": "x"}, {"since": "soon"}, {"until": "9999-12-31"}, {"cursor": "x"}])
def test_what_cannot_be_read_is_left_out(client, ops, query):
    make_book()
    log(make_creator(), by=ops)
    assert "Logged 1 point: Late content" in whats(sign_in(client, ops).get(HISTORY, query))


def test_only_those_who_export_read_it(client):
    assert sign_in(client, make_user()).get(HISTORY).status_code == 403

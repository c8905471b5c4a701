"""Outreach for programs: the same rules as the pages."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import token_create
from campaigns.models import Message
from tests.campaigns.outreach import make_seller, put_into_tier, write
from tests.factories import make_creator, make_shop, make_user
from tests.plans import make_collaboration

pytestmark = pytest.mark.django_db
API = "/api/v1"


def api_of(user) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=user, name='Sheet', by=user).secret}"})


def post(user, path, data):
    return api_of(user).post(f"{API}/{path}", data, content_type="application/json")


def test_an_invitation_is_sent_and_moves_its_collaboration():
    seated = make_collaboration()
    data = {
        "shop": seated.shop_id,
        "creator": seated.creator_id,
        "collaboration": seated.pk,
        "channel": "mail",
        "stage": "invitation",
        "subject": "Hello",
        "body": "Hi there",
        "address": "lantern@example.com",
    }
    answer = post(seated.owner, "messages/", data)
    assert (answer.status_code, answer.json()["state"], answer.json()["by"]) == (201, "waiting", str(seated.owner))
    seated.refresh_from_db()
    assert seated.state == "invited"
    again = post(seated.owner, "messages/", data)
    assert (again.status_code, again.json()["code"]) == (409, "already_invited")


def test_a_limit_is_answered_with_409_and_its_code():
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=0)
    data = {"shop": shop.pk, "creator": make_creator().pk, "channel": "chat", "body": "Hi"}
    answer = post(seller, "messages/", data)
    assert (answer.status_code, answer.json()["code"]) == (409, "quota_used")
    assert not Message.objects.exists()


def test_only_ones_own_shop_writes():
    seller, _shop = make_seller()
    answer = post(
        seller, "messages/", {"shop": make_shop().pk, "creator": make_creator().pk, "channel": "chat", "body": "Hi"}
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["shop"])


def test_conversations_are_listed_read_and_answered():
    seller, shop = make_seller()
    message = write(shop, seller, make_creator("brass_lantern"), body="Barrier serum", at=timezone.now())
    other, other_shop = make_seller()
    write(other_shop, other)
    rows = api_of(seller).get(f"{API}/conversations/").json()["results"]
    assert [row["handle"] for row in rows] == ["brass_lantern"]
    assert api_of(seller).get(f"{API}/conversations/", {"q": "nothing"}).json()["results"] == []
    url = f"conversations/{message.conversation_id}/"
    assert api_of(seller).get(f"{API}/{url}").json()["unanswered"] == 1
    assert api_of(other).get(f"{API}/{url}").status_code == 404
    reply = {"body": "Yes", "channel": "chat", "received_at": timezone.now().isoformat()}
    assert post(seller, f"{url}replies/", reply).status_code == 201
    found = api_of(seller).get(f"{API}/{url}messages/").json()["results"]
    assert [row["direction"] for row in found] == ["in", "out"]
    assert api_of(seller).get(f"{API}/{url}").json()["connected_at"] is not None


def test_templates_are_written_listed_and_taken_out_of_use():
    seller, shop = make_seller()
    data = {"shop": shop.pk, "name": "Hello", "stage": "invitation", "language": "en", "body": "Hi {creator}"}
    made = post(seller, "templates/", data)
    assert made.status_code == 201
    refused = post(seller, "templates/", data | {"name": "Other", "body": "Hi {nobody}"})
    assert (refused.status_code, refused.json()["code"]) == (400, "variable_unknown")
    assert [row["name"] for row in api_of(seller).get(f"{API}/templates/").json()["results"]] == ["Hello"]
    assert api_of(seller).delete(f"{API}/templates/{made.json()['id']}/").status_code == 204
    assert api_of(seller).get(f"{API}/templates/").json()["results"] == []


def test_who_wants_no_contact_is_added_listed_and_removed():
    seller, shop = make_seller()
    creator = make_creator()
    made = post(seller, "do-not-contact/", {"creator": creator.pk, "shop": shop.pk, "reason": "Asked us."})
    assert (made.status_code, made.json()["handle"]) == (201, creator.handle)
    answer = post(seller, "messages/", {"shop": shop.pk, "creator": creator.pk, "channel": "chat", "body": "Hi"})
    assert (answer.status_code, answer.json()["code"]) == (409, "do_not_contact")
    shared = post(seller, "do-not-contact/", {"creator": creator.pk, "reason": "Asked us."})
    assert (shared.status_code, shared.json()["code"]) == (403, "not_allowed")
    assert len(api_of(seller).get(f"{API}/do-not-contact/").json()["results"]) == 1
    assert api_of(make_user()).get(f"{API}/do-not-contact/").json()["results"] == []
    gone = post(seller, f"do-not-contact/{made.json()['id']}/removal/", {"reason": "Changed their mind."})
    assert gone.json()["removed_by"] == str(seller)

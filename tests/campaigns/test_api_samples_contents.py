"""Samples and contents for programs: the same rules as the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.services import token_create
from campaigns.models import ContentResult
from campaigns.services.drafts import draft_submit
from tests.factories import make_user
from tests.plans import NOON
from tests.works import VIDEO, make_content, make_sample

pytestmark = pytest.mark.django_db
SAMPLES, CONTENTS = "/api/v1/samples/", "/api/v1/contents/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def api_of(user) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=user, name='Sheet', by=user).secret}"})


def calls(thing, base):
    client = api_of(thing.collaboration.owner)
    return lambda name="", data=None, method="post": getattr(client, method)(
        f"{base}{thing.pk}/{name}", data or {}, content_type="application/json"
    )


def test_the_way_of_a_sample():
    sample = make_sample()
    call = calls(sample, SAMPLES)
    found = call(method="get").json()
    assert (found["state"], found["cost"], found["screening"][0]["code"]) == ("requested", None, "followers")
    assert call("approve/", {"cost": "7.10"}).json()["cost"] == "7.10"
    assert call("ship/", {"carrier": "UPS", "tracking": "1Z9"}).json()["tracking_url"].endswith("1Z9")
    assert call("deliver/").json()["state"] == "delivered"
    assert call("extend/", {"reason": "Ill"}).json()["extended_at"]
    again = call("extend/", {"reason": "Ill"})
    assert (again.status_code, again.json()["code"]) == (409, "extended_already")
    assert call("defect/", {"reason": "Broken"}).json()["state"] == "defective"
    answer = {"is_accepted": False, "reason": "It is not"}
    assert call("defect-answer/", answer).json()["state"] == "delivered"
    assert call("judge/", {"is_fulfilled": True, "reason": "Seen"}).json()["state"] == "fulfilled"


@pytest.mark.parametrize(
    ("state", "name", "to"),
    [("requested", "refuse", "refused"), ("approved", "cancel", "cancelled"), ("shipped", "return", "returned"),
     ("shipped", "lose", "lost")],
)  # fmt: skip
def test_other_ends_of_a_sample(state, name, to):
    assert calls(make_sample(state=state), SAMPLES)(f"{name}/", {"reason": "So"}).json()["state"] == to


def test_stock_that_is_too_low_is_a_conflict():
    response = calls(make_sample(stock=0), SAMPLES)("approve/")
    assert (response.status_code, response.json()["code"]) == (409, "stock_too_low")


def test_samples_are_asked_for_and_listed():
    sample = make_sample()
    client = api_of(sample.collaboration.owner)
    data = {"collaboration": sample.collaboration_id, "product": sample.product_id, "quantity": 2}
    made = client.post(SAMPLES, data, content_type="application/json")
    assert (made.status_code, made.json()["quantity"]) == (201, 2)
    wanted = {"state": "requested", "collaboration": sample.collaboration_id}
    assert [row["id"] for row in client.get(SAMPLES, wanted).json()["results"]] == [made.json()["id"], sample.pk]
    assert api_of(make_user()).get(SAMPLES).json()["results"] == []


def test_the_way_of_a_content():
    content = make_content()
    call = calls(content, CONTENTS)
    draft = call("drafts/", {"script": "New. #ad"})
    assert draft.status_code == 201
    places = list(range(len(draft.json()["checklist"])))
    assert call("verdict/", {"verdict": "approved", "confirmed": [0]}).json()["code"] == "checklist_open"
    assert call("verdict/", {"verdict": "approved", "confirmed": places}).json()["verdict"] == "approved"
    assert len(call("drafts/", method="get").json()) == 1
    line = content.collaboration.plan.plan_products.get()
    out = {"url": VIDEO.format(1), "published_at": "2026-11-23T10:00:00Z", "product": line.product_id}
    assert call("publish/", out).json()["platform_id"] == "7301234567890120001"
    row = call("results/", {"day": "2026-11-24", "views": 5, "gmv": "3.50"}, "put")
    assert (row.status_code, row.json()["gmv"], row.json()["source"]) == (200, "3.50", "api")
    assert call("results/", {"day": "2026-11-24", "views": 6}, "put").json()["gmv"] == "3.50"
    assert call("results/", {"day": "2026-11-24"}, "put").status_code == 400
    assert call("results/", {"window": "first_24h", "views": 1}, "put").json()["day"] == "2026-11-23"
    assert (len(call("results/", method="get").json()), ContentResult.objects.count()) == (2, 2)
    assert call("take-down/", {"reason": "Gone"}).json()["state"] == "taken_down"
    assert call("cancel/", {"reason": "Over"}).json()["state"] == "cancelled"


def test_a_draft_as_a_file():
    content = make_content()
    response = api_of(content.collaboration.owner).post(
        f"{CONTENTS}{content.pk}/drafts/", {"file": SimpleUploadedFile("draft.png", PNG)}
    )
    assert (response.status_code, response.json()["file"]) == (201, "draft.png")


def test_contents_are_added_and_listed():
    content = make_content(published_at=NOON)
    client = api_of(content.collaboration.owner)
    data = {"collaboration": content.collaboration_id, "kind": "live"}
    assert client.post(CONTENTS, data, content_type="application/json").json()["number"] == 2
    wanted = {"platform_id": content.platform_id, "collaboration": content.collaboration_id, "state": "published"}
    assert [row["id"] for row in client.get(CONTENTS, wanted).json()["results"]] == [content.pk]
    assert client.get(f"{CONTENTS}{content.pk}/").json()["handle"] == content.collaboration.creator.handle


def test_a_verdict_without_a_draft():
    content = make_content()
    assert calls(content, CONTENTS)("verdict/", {"verdict": "approved"}).status_code == 404
    draft_submit(content=content, by=content.collaboration.owner, at=NOON, script="New")
    assert calls(content, CONTENTS)("verdict/", {"verdict": "changes"}).json()["code"] == "comments_missing"

import pytest
from django.urls import reverse

from tests.factories import make_creator, sign_in
from tests.plans import make_collaboration, make_creators, make_plan, seat_all

pytestmark = pytest.mark.django_db
LIST = "api_collaboration-list"


@pytest.fixture
def plan(client):
    plan = make_plan()
    sign_in(client, plan.owner)
    return plan


def test_the_list_has_the_filters_of_the_page(client, plan):
    make_collaboration(plan, make_creator("brass"), state="invited")
    make_collaboration(plan, make_creator("tin"), state="closed")
    make_collaboration()
    found = client.get(reverse(LIST)).json()
    assert [one["handle"] for one in found["results"]] == ["brass"]
    assert client.get(reverse(LIST), {"state": "closed"}).json()["results"][0]["state"] == "closed"


def test_pages_follow_the_cursor(client, plan):
    seat_all(plan, make_creators(27))
    first = client.get(reverse(LIST), {"rows": "25"}).json()
    second = client.get(reverse(LIST), {"rows": "25", "cursor": first["next"]}).json()
    assert (first["count"], len(second["results"]), second["next"]) == (27, 2, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [({"plan": 99999}, "filter_unreadable"), ({"cursor": "x"}, "cursor_unknown"), ({"due": "x"}, "invalid")],
)
def test_what_cannot_be_read_is_refused(client, plan, query, code):
    response = client.get(reverse(LIST), query)
    assert (response.status_code, response.json()["code"]) == (400, code)


def test_one_collaboration(client, plan):
    one = make_collaboration(plan, make_creator("brass"))
    found = client.get(reverse("api_collaboration-detail", args=[one.pk])).json()
    assert (found["handle"], found["next_step"], found["gmv_net"]) == ("brass", "Ready to invite", None)


def test_transitions_are_read_and_made(client, plan):
    one = make_collaboration(plan)
    url = reverse("api_collaboration-transitions", args=[one.pk])
    assert client.get(url).json()["open"] == ["invited", "dropped", "on_hold"]
    moved = client.post(url, {"to": "invited"}, content_type="application/json").json()
    assert (moved["state"], [move["to_state"] for move in moved["history"]]) == ("invited", ["seated", "invited"])
    refused = client.post(url, {"to": "closed"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "move_impossible")
    missing = client.post(url, {"to": "dropped"}, content_type="application/json")
    assert (missing.status_code, missing.json()["fields"]) == (400, {"reason": "Say why."})

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Agreement, Problem, Quote
from tests.campaigns.problems import make_problem
from tests.factories import make_user, sign_in
from tests.plans import make_collaboration

pytestmark = pytest.mark.django_db


@pytest.fixture
def collaboration(client):
    found = make_collaboration()
    sign_in(client, found.owner)
    return found


@pytest.fixture
def problem(client):
    found = make_problem(make_collaboration(state="accepted", at=timezone.now()))
    sign_in(client, found.owner)
    return found


def send(client, method, name, *args, **data):
    return getattr(client, method)(reverse(name, args=args), data=data, content_type="application/json")


def soon() -> str:
    return (timezone.localdate() + timedelta(days=5)).isoformat()


def test_agreement_is_read_and_put(client, collaboration):
    shown = client.get(reverse("api_agreement-detail", args=[collaboration.pk])).json()
    assert (shown["is_written"], shown["basis"], len(shown["terms"]["products"])) == (False, "commission", 1)
    response = send(
        client, "put", "api_agreement-detail", collaboration.pk, basis="fixed", fixed_fee="99.50", usage_rights="Ads"
    )
    assert response.status_code == 200
    assert (response.json()["fixed_fee"], response.json()["is_written"]) == ("99.50", True)
    assert Agreement.objects.get().usage_rights == "Ads"


def test_agreement_refusals_keep_the_shape(client, collaboration):
    response = send(client, "put", "api_agreement-detail", collaboration.pk, basis="fixed")
    assert response.status_code == 400
    assert (response.json()["code"], set(response.json()["fields"])) == ("terms_invalid", {"fixed_fee"})


def test_quotes_are_recorded_listed_and_removed(client, collaboration):
    data = {"creator": collaboration.creator.pk, "shop": collaboration.shop.pk, "form": "video"}
    created = send(client, "post", "api_quote-list", **data, price="300", currency="USD").json()
    assert (created["price"], created["source"]) == ("300.00", "creator")
    listed = client.get(reverse("api_quote-list") + f"?creator={collaboration.creator.pk}").json()
    assert [row["id"] for row in listed["results"]] == [created["id"]]
    assert client.get(reverse("api_quote-list") + "?creator=0").json()["results"] == []
    assert client.get(reverse("api_quote-detail", args=[created["id"]])).json() == created
    assert client.delete(reverse("api_quote-detail", args=[created["id"]])).status_code == 204
    assert not Quote.objects.exists()


def test_problem_is_raised_changed_and_ended(client, problem):
    data = {"collaboration": problem.collaboration.pk, "kind": "technical", "summary": "No orders", "due_on": soon()}
    created = send(client, "post", "api_problem-list", **data)
    assert created.status_code == 201
    key = created.json()["id"]
    assert (created.json()["owner"], len(created.json()["steps"])) == (problem.owner.pk, 3)
    assert send(client, "patch", "api_problem-detail", key, summary="Other").json()["summary"] == "Other"
    assert send(client, "post", "api_problem-steps", key, text="Call").json()["steps"][3]["text"] == "Call"
    ticked = send(client, "post", "api_problem-steps", key, position=4).json()["steps"][3]
    assert ticked["done_by"] == str(problem.owner)
    assert send(client, "post", "api_problem-handover", key).json()["handed_at"]
    ended = send(client, "post", "api_problem-resolution", key, outcome="dropped", note="No answer", drop=True)
    assert (ended.json()["state"], ended.json()["outcome"]) == ("resolved", "dropped")
    again = send(client, "post", "api_problem-reopening", key, reason="Answered", due_on=soon())
    assert again.json()["state"] == "open"


def test_problem_list_takes_the_filters_of_the_page(client, problem):
    address = reverse("api_problem-list")
    assert [row["id"] for row in client.get(address).json()["results"]] == [problem.pk]
    assert client.get(address + "?kind=technical").json()["results"] == []
    assert client.get(address + "?state=resolved").json()["results"] == []


def test_problem_step_wants_a_text_or_a_position(client, problem):
    assert send(client, "post", "api_problem-steps", problem.pk).status_code == 400
    assert send(client, "post", "api_problem-steps", problem.pk, position=9).status_code == 404


def test_problem_refusals_keep_the_shape(client, problem):
    response = send(client, "post", "api_problem-resolution", problem.pk, outcome="mended", note="x", compensation="5")
    assert response.json()["code"] == "compensation_not_offered"
    assert Problem.objects.get().state == "open"


def test_strangers_find_nothing(client, problem):
    sign_in(client, make_user())
    assert client.get(reverse("api_problem-detail", args=[problem.pk])).status_code == 404
    assert client.get(reverse("api_agreement-detail", args=[problem.collaboration.pk])).status_code == 404

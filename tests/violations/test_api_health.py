"""Health ratings for programs."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import token_create
from tests.factories import make_creator, make_user
from tests.violations.test_selectors_health import make_bands
from violations.models import HealthRating

pytestmark = pytest.mark.django_db
LIST = "/api/v1/health-ratings/"


def api_of(user) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=user, name='Sheet', by=user).secret}"})


def post(user, data):
    return api_of(user).post(LIST, data, content_type="application/json")


def test_create_and_list():
    make_bands()
    ops, creator = make_user("ops"), make_creator("brass_lantern")
    today = timezone.localdate().isoformat()
    answer = post(ops, {"creator": creator.pk, "score": 151, "as_of": today, "source": "Partner feed"})
    assert (answer.status_code, answer.json()["band"]) == (201, "Caution")
    post(ops, {"creator": make_creator().pk, "score": 700, "as_of": today, "source": "Partner feed"})
    rows = api_of(make_user()).get(LIST).json()["results"]
    assert [row["score"] for row in rows] == [700, 151]
    assert (rows[1]["handle"], rows[1]["as_of"], rows[1]["recorded_by"]) == ("brass_lantern", today, str(ops))
    assert [row["score"] for row in api_of(ops).get(LIST, {"creator": creator.pk}).json()["results"]] == [151]


@pytest.mark.parametrize(
    ("field", "value"), [("score", 1001), ("as_of", "2999-01-01"), ("source", " "), ("creator", 0)]
)
def test_what_cannot_be_is_refused(field, value):
    rating = {"creator": make_creator().pk, "score": 151, "as_of": timezone.localdate().isoformat(), "source": "Feed"}
    answer = post(make_user("ops"), rating | {field: value})
    assert (answer.status_code, list(answer.json()["fields"]), HealthRating.objects.count()) == (400, [field], 0)


def test_sellers_record_none():
    assert post(make_user(), {}).status_code == 403

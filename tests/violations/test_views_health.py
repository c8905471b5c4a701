"""Pages of the health ratings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_creator, make_user, sign_in
from tests.violations.test_selectors_health import make_bands
from violations.models import HealthRating
from violations.services.health import rating_record

pytestmark = pytest.mark.django_db
LIST = "/violations/health/"


@pytest.fixture
def ops():
    return make_user("ops")


def rate(handle, score, by, market="US"):
    creator = make_creator(handle, market=market)
    now = timezone.now()
    return rating_record(creator=creator, score=score, as_of=now.date(), source="Mail", by=by, at=now)


def text(response) -> str:
    return response.content.decode()


def places(response, *handles) -> list[int]:
    page = text(response)
    return [page.find(f"@{handle}") for handle in handles]


def test_the_lowest_score_is_on_top(client, ops):
    make_bands()
    rate("fine_one", 640, ops)
    rate("low_one", 90, ops)
    response = sign_in(client, make_user()).get(LIST)
    assert 0 < places(response, "low_one")[0] < places(response, "fine_one")[0]
    assert "Unhealthy" in text(response)
    falling = client.get(LIST, {"ordering": "-score"})
    assert 0 < places(falling, "fine_one")[0] < places(falling, "low_one")[0]


def test_market_and_band_narrow_the_list(client, ops):
    make_bands()
    rate("fine_one", 640, ops)
    rate("low_one", 90, ops, market="GB")
    sign_in(client, ops)
    assert places(client.get(LIST, {"band": "200"}), "low_one") == [-1]
    assert places(client.get(LIST, {"market": "GB"}), "fine_one") == [-1]
    assert "No rating of this market and band" in text(client.get(LIST, {"band": "151"}))


def test_what_the_address_says_wrongly_is_left_out(client, ops):
    rate("fine_one", 640, ops)
    response = sign_in(client, ops).get(LIST, {"band": "x", "market": "?", "cursor": "nothing", "ordering": "name"})
    assert (response.status_code, places(response, "fine_one")[0] > 0) == (200, True)


def test_the_second_page_begins_where_the_first_ends(client, ops):
    for number in range(30):
        rate(f"one_{number:02}", number, ops)
    first = sign_in(client, ops).get(LIST, {"rows": "25"})
    cursor = first.context["listing"].page.next_cursor
    second = client.get(LIST, {"rows": "25", "cursor": cursor})
    assert [row.line.score for row in second.context["listing"].rows] == [25, 26, 27, 28, 29]


def test_a_rating_is_written_down(client, ops):
    creator = make_creator("brass_lantern")
    url = reverse("health_create", args=[creator.pk])
    form = {"score": "182", "as_of": timezone.localdate().isoformat(), "source": "Seller Center"}
    response = sign_in(client, ops).post(url, form, follow=True)
    rating = HealthRating.objects.get()
    assert (rating.creator, rating.score, rating.recorded_by) == (creator, 182, ops)
    assert [str(one) for one in response.context["messages"]] == ["Rating of @brass_lantern saved."]


@pytest.mark.parametrize(("field", "value"), [("score", "1001"), ("score", "high"), ("source", ""), ("as_of", "")])
def test_a_wrong_value_stays_in_the_form(client, ops, field, value):
    form = {"score": "182", "as_of": timezone.localdate().isoformat(), "source": "Mail"} | {field: value}
    response = sign_in(client, ops).post(reverse("health_create", args=[make_creator().pk]), form)
    assert (list(response.context["form"].errors), HealthRating.objects.count()) == ([field], 0)


def test_a_day_in_the_future_is_refused(client, ops):
    day = timezone.localdate() + timedelta(days=2)
    form = {"score": "182", "as_of": day.isoformat(), "source": "Mail"}
    response = sign_in(client, ops).post(reverse("health_create", args=[make_creator().pk]), form)
    assert response.context["form"].errors["as_of"] == ["A rating cannot be of a day in the future."]

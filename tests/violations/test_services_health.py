"""Health ratings: kept as the platform said them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import DomainError
from creators.models import Market
from tests.factories import make_creator, make_user
from tests.ledger import NOON
from violations.models import HealthRating
from violations.services.health import rating_record

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def record(creator, **options):
    values = {"score": 180, "as_of": TODAY, "source": "Seller Center", "by": make_user("ops"), "at": NOON} | options
    return rating_record(creator=creator, **values)


@pytest.mark.parametrize("score", [0, 150, 1000])
def test_a_rating_is_kept(score):
    ops = make_user("ops")
    rating = record(make_creator(), score=score, source="  Seller   Center ", by=ops)
    assert (rating.score, rating.as_of, rating.source) == (score, TODAY, "Seller Center")
    assert (rating.recorded_by, rating.recorded_at, rating.batch) == (ops, NOON, None)


def test_the_same_day_and_source_replaces():
    creator = make_creator()
    record(creator, score=180)
    later = record(creator, score=210, at=NOON + timedelta(hours=1))
    assert list(HealthRating.objects.values_list("score", "recorded_at")) == [(210, later.recorded_at)]
    record(creator, score=190, source="Mail")
    record(creator, score=170, as_of=TODAY - timedelta(days=1))
    assert HealthRating.objects.count() == 3


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"score": -1}, "score_out_of_range"),
        ({"score": 1001}, "score_out_of_range"),
        ({"as_of": TODAY + timedelta(days=1)}, "day_in_future"),
        ({"source": "  "}, "source_missing"),
    ],
)
def test_what_cannot_be_is_refused(options, code):
    with pytest.raises(DomainError) as caught:
        record(make_creator(), **options)
    assert (caught.value.code, HealthRating.objects.count()) == (code, 0)
    assert list(caught.value.fields) == list(options)


def test_today_is_the_day_of_the_creators_market():
    creator = make_creator(market="VN")
    Market.objects.filter(pk="VN").update(time_zone="Asia/Ho_Chi_Minh")
    creator.market.refresh_from_db()
    evening = datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert record(creator, as_of=date(2026, 11, 23), at=evening).as_of == date(2026, 11, 23)

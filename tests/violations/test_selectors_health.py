"""The list of health ratings: the newest of each creator, with its band."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_creator, make_user
from tests.ledger import NOON
from violations.models import HealthBand, HealthRating, RuleBook
from violations.selectors.health import RatingLine, bands_on, rating_of, rating_page, ratings_newest

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
BANDS = ((200, "Healthy", "健康", "ok"), (151, "Caution", "注意", "warn"), (0, "Unhealthy", "不健康", "bad"))


def make_bands(day: date = date(2026, 1, 1), *, code: str = "chr-2026", bands=BANDS, version: int = 1) -> RuleBook:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    book = RuleBook.objects.create(
        code=code, version=version, is_computed=False, name_en="Rating", effective_from=start, created_at=start
    )
    for floor, label_en, label_zh, colour in bands:
        HealthBand.objects.create(book=book, floor=floor, label_en=label_en, label_zh=label_zh, colour=colour)
    book.state, book.published_at = "published", start
    book.save()
    return book


def rate(creator, score, *, days_ago=0, source="Seller Center"):
    day = TODAY - timedelta(days=days_ago)
    return HealthRating.objects.create(
        creator=creator, score=score, as_of=day, source=source, recorded_by=make_user("ops"), recorded_at=NOON
    )


def scores(**options):
    listing = rating_page(ratings_newest(on=TODAY, **options), ordering="score", size=50, cursor="", on=TODAY)
    return [row.line.score for row in listing.rows]


@pytest.mark.parametrize(
    ("score", "band", "colour"),
    [
        (1000, "Healthy", "ok"),
        (200, "Healthy", "ok"),
        (199, "Caution", "warn"),
        (151, "Caution", "warn"),
        (150, "Unhealthy", "bad"),
        (0, "Unhealthy", "bad"),
    ],
)
def test_bands_begin_at_their_floor(score, band, colour):
    make_bands()
    creator = make_creator()
    rate(creator, score)
    assert rating_of(creator.pk) == RatingLine(score, band, colour, TODAY, "Seller Center")


def test_a_rating_without_a_book_has_no_band():
    creator = make_creator()
    assert rating_of(creator.pk) is None
    rate(creator, 300)
    line = rating_of(creator.pk)
    assert (line.band, line.colour) == ("", "idle")


def test_the_book_of_the_ratings_day_names_it():
    make_bands()
    make_bands(TODAY, version=2, bands=((500, "Fine", "好", "ok"), (0, "Low", "低", "bad")))
    creator = make_creator()
    rate(creator, 300, days_ago=1)
    assert rating_of(creator.pk).band == "Healthy"
    assert [str(band) for band in bands_on(TODAY)] == ["Fine", "Low"]
    rate(creator, 310)
    assert rating_of(creator.pk).band == "Low"
    assert rating_of(creator.pk, on=TODAY - timedelta(days=1)).score == 300


def test_the_newest_of_each_creator_is_listed():
    first, second = make_creator(), make_creator()
    rate(first, 100)
    rate(first, 900, days_ago=3)
    rate(second, 400, source="Mail")
    rate(second, 300, source="Seller Center")
    assert scores() == [100, 300]


def test_market_and_band_narrow_it():
    make_bands()
    for score, market in ((150, "US"), (151, "US"), (199, "GB"), (200, "US")):
        rate(make_creator(market=market), score)
    assert scores(floor=151) == [151, 199]
    assert scores(floor=0) == [150]
    assert scores(floor=200) == [200]
    assert scores(market="US", floor=151) == [151]


def test_pages_follow_the_score_both_ways():
    for score in (5, 5, 7, 9):
        rate(make_creator(), score)
    options = {"size": 3, "on": TODAY}
    found = ratings_newest(on=TODAY)
    first = rating_page(found, ordering="score", cursor="", **options)
    rest = rating_page(found, ordering="score", cursor=first.page.next_cursor, **options)
    assert [row.line.score for row in (*first.rows, *rest.rows)] == [5, 5, 7, 9]
    falling = rating_page(found, ordering="-score", cursor="", **options)
    assert [row.line.score for row in falling.rows] == [9, 7, 5]


def test_a_page_needs_as_many_queries_with_more_rows():
    make_bands()

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            for row in rating_page(ratings_newest(on=TODAY), ordering="score", size=50, cursor="", on=TODAY).rows:
                str(row.rating.creator.market), str(row.rating.recorded_by)
        return len(found)

    rate(make_creator(), 100)
    one = queries()
    for score in range(5):
        rate(make_creator(), score)
    assert queries() == one

"""Reads of the platform's own rating beside our points: the newest of each creator, named by its band."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.lists import Order, Page, keyset_page
from violations.models import HealthBand, HealthRating, RuleBook

ORDERS = ("score", "-score")
NO_BAND = "idle"


@dataclass(frozen=True)
class RatingLine:
    """A rating in words: 0 to 1000, its band ("" when no book names one) and colour, its day and source."""

    score: int
    band: str
    colour: str
    as_of: date
    source: str


@dataclass(frozen=True)
class RatingRow:
    """A rating of the list with its band."""

    rating: HealthRating
    line: RatingLine


@dataclass(frozen=True)
class RatingPage:
    """A page of the list; `page` has the cursors and the capped count."""

    page: Page[HealthRating]
    rows: list[RatingRow]


def bands_on(day: date) -> list[HealthBand]:
    """The bands of the imported scheme that is in force on the day, the highest first; none before the first book."""
    books = RuleBook.objects.published().filter(is_computed=False, effective_from__date__lte=day)
    book = books.order_by("-effective_from", "-version").first()
    return list(book.bands.all()) if book else []


def rating_of(creator_id: int, *, on: date | None = None) -> RatingLine | None:
    """The newest rating of a creator (up to the day `on`), by the bands of its own day; None when there is none."""
    ratings = HealthRating.objects.filter(creator=creator_id)
    if on is not None:
        ratings = ratings.filter(as_of__lte=on)
    rating = ratings.order_by("-as_of", "-pk").first()
    return line_of(rating, bands_on(rating.as_of)) if rating else None


def line_of(rating: HealthRating, bands: list[HealthBand]) -> RatingLine:
    """The rating in words; `bands` come highest first."""
    band = next((band for band in bands if rating.score >= band.floor), None)
    label, colour = (str(band), band.colour) if band else ("", NO_BAND)
    return RatingLine(rating.score, label, colour, rating.as_of, rating.source)


def ratings_newest(*, market: str = "", floor: int | None = None, on: date) -> QuerySet[HealthRating]:
    """The newest rating of each creator, of a market and of the band that begins at `floor`."""
    # An anti-join: a page is read along the index of scores, and each row looks for a newer one of its creator.
    newer = HealthRating.objects.filter(creator=OuterRef("creator")).filter(
        Q(as_of__gt=OuterRef("as_of")) | Q(as_of=OuterRef("as_of"), pk__gt=OuterRef("pk"))
    )
    found = HealthRating.objects.filter(~Exists(newer))
    if market:
        found = found.filter(creator__market=market)
    if floor is not None:
        found = found.filter(score__gte=floor)
        if above := [band.floor for band in bands_on(on) if band.floor > floor]:
            found = found.filter(score__lt=min(above))
    return found


def rating_page(found: QuerySet[HealthRating], *, ordering: str, size: int, cursor: str, on: date) -> RatingPage:
    """A page of the ratings by score, the lowest first unless asked otherwise. Raises core.lists.CursorError."""
    name = ordering if ordering in ORDERS else ORDERS[0]
    page = keyset_page(found, order=Order(name, "score", name.startswith("-")), size=size, cursor=cursor)
    read = HealthRating.objects.select_related("creator__market", "recorded_by")
    whole = read.in_bulk([rating.pk for rating in page.rows])
    bands = bands_on(on)
    rows = [RatingRow(whole[row.pk], line_of(whole[row.pk], bands)) for row in page.rows if row.pk in whole]
    return RatingPage(page, rows)

"""Reads of the directory: a page of rows with their sources, totals, what a filter costs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count as CountOf
from django.db.models import Max

from core.lists import Count, Page, count_capped, keyset_page
from creators.filters import Chip, CreatorFilter, chips_of
from creators.metrics import Metric
from creators.models import Category, Creator, CreatorFacts
from creators.selectors.values import Value, values_of

TOTALS_SECONDS = 60
# Distinct values of a column are read from the whole table.
LANGUAGES_SECONDS = 600
# An older newest day is shown as old.
FRESH_DAYS = 30


@dataclass(frozen=True)
class Row:
    """A creator in the directory: its facts, and for each known metric where the value came from."""

    creator: Creator
    facts: CreatorFacts
    values: dict[str, Value]
    categories: list[Category]


@dataclass(frozen=True)
class Listing:
    """A page of the directory."""

    rows: list[Row]
    page: Page[CreatorFacts]

    @property
    def count(self) -> Count:
        """How many creators pass the filters."""
        return self.page.count


@dataclass(frozen=True)
class Totals:
    """The whole directory: how many creators, and the newest day that any source speaks of."""

    creators: int
    as_of: date | None


@dataclass(frozen=True)
class Relaxation:
    """The filter that alone keeps most creators out of an empty result."""

    chip: Chip
    removed: Count


def directory_page(
    directory: CreatorFilter,
    *,
    size: int,
    cursor: str = "",
    categories: Mapping[int, Category] | None = None,
    keys: Collection[str] | None = None,
) -> Listing:
    """A page of the filtered directory; `categories` are the known ones, if all were read. Raises CursorError."""
    page = keyset_page(directory.qs, order=directory.order, size=size, cursor=cursor)
    return Listing(rows_of(page.rows, categories, keys), page)


def rows_of(
    facts: Sequence[CreatorFacts],
    categories: Mapping[int, Category] | None = None,
    keys: Collection[str] | None = None,
) -> list[Row]:
    """The facts with their creators, values (of all metrics or those of `keys`) and categories, in the same order."""
    ids = [one.pk for one in facts]
    if categories is None:
        categories = Category.objects.in_bulk({pk for one in facts for pk in one.category_ids})
    creators = Creator.objects.in_bulk(ids)
    values = values_of(ids, keys=keys)
    return [
        Row(
            creators[one.pk],
            one,
            values.get(one.pk, {}),
            [categories[pk] for pk in one.category_ids if pk in categories],
        )
        for one in facts
        if one.pk in creators
    ]


def high_end(metric: Metric, value: Value) -> Decimal | None:
    """The upper end of a range, money in USD at the rate of the lower end; None when open or not convertible."""
    if value.high is None or metric.kind != "money" or value.currency == "USD":
        return value.high
    return value.high * value.usd / value.value if value.usd and value.value else None


def directory_totals() -> Totals:
    """Size and newest day of the directory, at most a minute old."""
    totals: Totals | None = cache.get("directory.totals")
    if totals is None:
        found = CreatorFacts.objects.aggregate(creators=CountOf("pk"), as_of=Max("as_of"))
        totals = Totals(found["creators"], found["as_of"])
        cache.set("directory.totals", totals, TOTALS_SECONDS)
    return totals


def directory_languages() -> list[str]:
    """The languages that creators have, at most ten minutes old."""
    languages: list[str] | None = cache.get("directory.languages")
    if languages is None:
        found = CreatorFacts.objects.exclude(language="").order_by("language").values_list("language", flat=True)
        languages = list(found.distinct())
        cache.set("directory.languages", languages, LANGUAGES_SECONDS)
    return languages


def market_counts(directory: CreatorFilter) -> dict[str, int]:
    """How many creators of each market pass all other filters."""
    rows = directory.without(directory.queryset, "market").order_by().values_list("market_id").annotate(CountOf("pk"))
    return dict(rows)


def relaxation(directory: CreatorFilter) -> Relaxation | None:
    """Of the filters of an empty result, the one without which most creators would pass; None when none helps."""
    best: Relaxation | None = None
    for chip in chips_of(directory):
        if best and best.chip.parameter == chip.parameter:
            continue
        removed = count_capped(directory.without(directory.queryset, chip.parameter))
        if removed.number > (best.removed.number if best else 0):
            best = Relaxation(chip, removed)
    return best

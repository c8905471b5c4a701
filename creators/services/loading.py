"""Filling tables from the files that ship with the product, and making room for daily rows."""

import csv
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from creators.models import Category, ExchangeRate, HeaderAlias, Market
from creators.rules.headers import load_aliases

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


@transaction.atomic
def reference_load(*, folder: Path = REFERENCE) -> dict[str, int]:
    """Bring the reference lists up to the files' state; returns the rows of each table afterwards.

    Names of markets and categories follow the files. Exchange rates and header aliases belong to the admins once they
    are there: a row with the same key is left as it is.
    """
    markets = [Market(**_filled(row)) for row in _read(folder / "markets.csv")]
    Market.objects.bulk_create(
        markets,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_en", "name_zh", "currency", "time_zone", "region_code", "position"],
    )
    categories = [Category(**_filled(row)) for row in _read(folder / "categories.csv")]
    Category.objects.bulk_create(
        categories,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["parent", "level", "name_en", "name_zh"],
    )
    rates = [ExchangeRate(**_filled(row)) for row in _read(folder / "exchange_rates.csv")]
    ExchangeRate.objects.bulk_create(rates, ignore_conflicts=True)
    HeaderAlias.objects.bulk_create(_aliases(folder / "header_aliases.csv"), ignore_conflicts=True)
    return {model._meta.model_name or "": model._default_manager.count() for model in _MODELS}


_MODELS = (Market, Category, ExchangeRate, HeaderAlias)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _aliases(path: Path) -> list[HeaderAlias]:
    """The shipped aliases; a window of 0 days means that the header counts only with a window of its own."""
    with path.open(encoding="utf-8", newline="") as file:
        table = load_aliases(file)
    return [
        HeaderAlias(header=header, field=alias.field, window_days=0 if alias.needs_window else alias.window_days)
        for header, alias in table.items()
    ]


def _filled(row: dict[str, str]) -> dict[str, str]:
    """The cells that say something: an empty one leaves the field at its default."""
    return {key: value for key, value in row.items() if value}


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from `first`'s to `last`'s."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months after the day's (before it when negative)."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def partition_name(month: date) -> str:
    """The table that holds the daily metrics of a month."""
    return f"creators_dailymetric_{month:%Y_%m}"


def partitions_ensure(*, first: date, last: date) -> list[str]:
    """Make the missing monthly partitions of daily metrics from `first`'s month to `last`'s; returns their names."""
    made = []
    with connection.cursor() as cursor:
        for month in months_between(first, last):
            name = partition_name(month)
            # Asked first: creating locks the whole table for a moment even when there is nothing to do.
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(
                    f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF creators_dailymetric FOR VALUES FROM (%s) TO (%s)",
                    [month, month_after(month, 1)],
                )
                made.append(name)
    return made

"""The one declaration of the directory's columns: table, column chooser, comparison and export read it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import Column
from core.ui import UNKNOWN, Unit, currency_symbol, format_compact, format_value
from creators.metrics import BY_KEY, METRICS, Metric
from creators.models import CreatorFacts
from creators.selectors.directory import Row, high_end
from creators.selectors.values import Value
from creators.states import Quality

ColumnKind = Literal["text", "count", "money", "percent", "date", "number"]
# How a restriction without an end is published.
NO_END_YEAR = 9999
Mark = Literal["exact", "range", "estimate"]
UNITS: dict[str, Unit] = {"count": "count", "money": "money_usd", "rate": "percent", "score": "score"}
KINDS: dict[str, ColumnKind] = {"count": "count", "money": "money", "rate": "percent", "score": "number"}


def _fact(metric: Metric) -> Callable[[Row], Any]:
    return lambda row: metric.of(row.facts)


def _metric_column(metric: Metric) -> Column:
    return Column(metric.key, metric.label, _fact(metric), 14, KINDS[metric.kind])


def _restricted_until(facts: CreatorFacts) -> str:
    """The day of the last end of what is withdrawn, as the ledger published it."""
    if facts.restricted_until is None:
        return ""
    if facts.restricted_until.year == NO_END_YEAR:
        return _("no end")
    return timezone.localtime(facts.restricted_until).date().isoformat()


WHO = (
    Column("handle", gettext_lazy("Handle"), lambda row: row.creator.handle, 26, "text"),
    Column("nickname", gettext_lazy("Nickname"), lambda row: row.creator.nickname, 26, "text"),
    Column("market", gettext_lazy("Market"), lambda row: row.creator.market_id, 8, "text"),
)
CHOOSABLE = (
    Column("tier", gettext_lazy("Tier"), lambda row: row.facts.tier, 6, "text"),
    Column("categories", gettext_lazy("Top categories"), lambda row: ", ".join(map(str, row.categories)), 40, "text"),
    *(_metric_column(metric) for metric in METRICS),
    Column("language", gettext_lazy("Language"), lambda row: row.facts.language, 12, "text"),
    Column("agency", gettext_lazy("Agency"), lambda row: row.facts.agency, 24, "text"),
    Column("external_id", gettext_lazy("Creator ID"), lambda row: row.creator.external_id, 22, "text"),
    Column("restricted_until", gettext_lazy("Restricted until"), lambda row: _restricted_until(row.facts), 16, "text"),
    Column("is_blacklisted", gettext_lazy("Blacklisted"), lambda row: _("yes") if row.facts.is_blacklisted else "", 12),
    Column("as_of", gettext_lazy("As of"), lambda row: row.facts.as_of, 12, "date"),
)
DIRECTORY_COLUMNS: tuple[Column, ...] = (*WHO, *CHOOSABLE)
COLUMN_BY_KEY: dict[str, Column] = {column.key: column for column in CHOOSABLE}
DEFAULT_KEYS = (
    "tier", "followers", "categories", "gmv_30d", "gpm", "engagement_by_views", "avg_views", "posts_30d",
    "products_28d", "female_share",
)  # fmt: skip
QUALITY_MARKS: dict[int, Mark] = {
    Quality.EDITED: "exact", Quality.EXACT: "exact", Quality.RANGE: "range", Quality.ESTIMATE: "estimate",
}  # fmt: skip


# On narrow screens a row shows these; the others wait for the drawer.
NARROW = {"tier": "c-tier", "followers": "c-f", "gmv_30d": "c-gmv", "engagement_by_views": "c-er"}


@dataclass(frozen=True)
class Head:
    """The head of a column; with a metric it sorts."""

    label: Any
    metric: Metric | None


@dataclass(frozen=True)
class Cell:
    """A value as the table shows it; `mark` is exact, range, estimate or nothing, `title` says where it came from."""

    column: Column
    text: str
    css: str = ""
    mark: str = ""
    title: str = ""

    @property
    def narrow_label(self) -> Any:
        """What stands above the value on narrow screens."""
        metric = BY_KEY.get(self.column.key)
        return metric.short if metric and self.column.key in NARROW else ""


def columns_chosen(keys: Iterable[str]) -> list[Column]:
    """The choosable columns named, the usual ones first; the usual ones when none is known."""
    wanted = set(keys) & set(COLUMN_BY_KEY) or set(DEFAULT_KEYS)
    order = [*DEFAULT_KEYS, *(key for key in COLUMN_BY_KEY if key not in DEFAULT_KEYS)]
    return [COLUMN_BY_KEY[key] for key in order if key in wanted]


def heads(columns: Iterable[Column]) -> list[Head]:
    return [Head(column.header, BY_KEY.get(column.key)) for column in columns]


def cell(column: Column, row: Row, language: str) -> Cell:
    """The cell of a row in the page's language. A range stays a range, an estimate carries ≈."""
    metric = BY_KEY.get(column.key)
    css = NARROW.get(column.key, "x-s")
    if metric is None:
        text = str(column.value(row) or "") or UNKNOWN
        return Cell(column, text, f"{css} c-clip soft sm" if column.width > 20 else css, title=text)
    text, mark = metric_text(metric, metric.of(row.facts), row.values.get(metric.key), language)
    return Cell(column, text, f"num {css}", mark, _title(row.values.get(metric.key)))


def metric_text(metric: Metric, fact: Any, value: Value | None, language: str) -> tuple[str, str]:
    """The text of a fact (money in USD), and the mark of where it came from (empty for a plain exact count).

    A range of money from 0 on has no rate in it, so it stays in its own currency.
    """
    if fact is None:
        return UNKNOWN, ""
    mark: Mark = QUALITY_MARKS[value.quality] if value else "exact"
    # A list of ranges may hold a single number here and there: that one is written as a number.
    text = (
        _range_text(metric, fact, value, language)
        if value and value.is_range
        else single_text(metric, fact, value.quality if value else Quality.EXACT, language)
    )
    return text, mark if value and (metric.kind == "money" or mark != "exact") else ""


def single_text(metric: Metric, fact: Any, quality: Quality, language: str) -> str:
    """The text of a fact that is a number, not a range."""
    return _written(metric.key, fact, "estimate" if quality == Quality.ESTIMATE else "exact", language)


# Most numbers are small or rates, so a long export meets them again and again.
@lru_cache(maxsize=20_000)
def _written(key: str, fact: Any, mark: Mark, language: str) -> str:
    metric = BY_KEY[key]
    return format_value(fact, unit=UNITS[metric.kind], language=language, quality=mark, digits=_digits(metric))


def _range_text(metric: Metric, fact: Any, value: Value, language: str) -> str:
    high = high_end(metric, value)
    if value.high is not None and high is None:
        low = format_compact(value.value, language)
        return f"{currency_symbol(value.currency)}{low}–{format_compact(value.high, language, trim=True)}"
    unit, digits = UNITS[metric.kind], _digits(metric)
    return format_value(fact, unit=unit, language=language, high=high, quality="range", digits=digits)


def _digits(metric: Metric) -> int | None:
    return metric.digits if metric.kind in ("money", "rate", "score") else None


def _title(value: Value | None) -> str:
    if value is None:
        return ""
    parts = {"source": value.source, "day": value.as_of.isoformat(), "quality": value.quality.label}
    return _("%(source)s, as of %(day)s, %(quality)s") % parts

"""The one declaration of the directory's filters: page, API, export and saved searches read it.

Parameters: `<metric>_min` and `<metric>_max` for every metric (rates in percent, money in USD), market, category,
followers_band, language, agency, tier, restricted, blacklisted, q, goal, ordering. A value that is a range counts by
its lower end.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet, MultipleChoiceFilter

from core.lists import Order
from creators.filters.fields import CodesFilter, ListFilter, MetricFilter
from creators.filters.search import search_creators
from creators.metrics import BY_KEY, METRICS, Metric
from creators.models import Category, CreatorFacts, Market

ORDERING_DEFAULT = "-followers"
SEARCH_MAX = 200
# Followers from (included) to (excluded).
BANDS: dict[str, tuple[int, int | None]] = {
    "1k-20k": (1_000, 20_000),
    "20k-100k": (20_000, 100_000),
    "100k-500k": (100_000, 500_000),
    "500k-1m": (500_000, 1_000_000),
    "1m-": (1_000_000, None),
}
BAND_LABELS: dict[str, str] = {
    "1k-20k": "1K–20K",
    "20k-100k": "20K–100K",
    "100k-500k": "100K–500K",
    "500k-1m": "500K–1M",
    "1m-": "1M+",
}
GOALS: dict[str, str | Promise] = {"brand": _("Brand"), "sales": _("Sales"), "custom": _("Custom")}
# What a goal asks for where the person asked for nothing else.
PRESETS: dict[str, dict[str, int]] = {"brand": {"followers_min": 500_000}, "sales": {"followers_min": 20_000}}
AGENCY_ANY, AGENCY_NONE = "any", "none"
TIERS = ("S", "A", "B", "C")
YES, NO = "yes", "no"
YES_NO: dict[str, str | Promise] = {YES: _("Yes"), NO: _("No")}


class DirectoryForm(forms.Form):
    """The filters' form; ends of a range must not be crossed."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for metric in METRICS:
            low, high = values.get(f"{metric.key}_min"), values.get(f"{metric.key}_max")
            if low is not None and high is not None and low > high:
                self.add_error(f"{metric.key}_max", _("The upper end is below the lower one."))
        return values


class CreatorFilter(FilterSet):
    """Filters of the directory. What cannot be read is not applied, and `errors` says why."""

    q = CharFilter(
        method="filter_q",
        max_length=SEARCH_MAX,
        label=_("Search"),
        help_text=_("Words that all occur in handle, nickname or bio; or a profile link."),
    )
    goal = ChoiceFilter(
        method="filter_nothing",
        choices=[*GOALS.items()],
        label=_("Goal"),
        help_text=_("brand: 500,000 followers or more; sales: 20,000 or more; where followers_min is not given."),
    )
    market = CodesFilter(method="filter_market", label=_("Market"))
    category = CodesFilter(
        method="filter_category",
        label=_("Category"),
        help_text=_("IDs; any of the top three, level 1 with its children."),
    )
    followers_band = MultipleChoiceFilter(
        method="filter_followers_band",
        choices=[*BAND_LABELS.items()],
        label=_("Followers"),
        help_text=_("Lower end included, upper end not."),
    )
    language = ListFilter(method="filter_language", label=_("Language"))
    agency = CharFilter(
        method="filter_agency", max_length=120, label=_("Agency"), help_text=_("any, none, or a part of its name.")
    )
    tier = MultipleChoiceFilter(method="filter_tier", choices=[(tier, tier) for tier in TIERS], label=_("Tier"))
    restricted = MultipleChoiceFilter(
        method="filter_restricted",
        choices=[*YES_NO.items()],
        label=_("Restricted"),
        help_text=_("Whether a selling feature is withdrawn now; at most five minutes old."),
    )
    blacklisted = MultipleChoiceFilter(
        method="filter_blacklisted",
        choices=[*YES_NO.items()],
        label=_("Blacklisted"),
        help_text=_("Whether the creator is on the organisation's blacklist."),
    )
    ordering = ChoiceFilter(
        method="filter_nothing",
        choices=[(sign + metric.key, sign + metric.key) for metric in METRICS for sign in ("", "-")],
        label=_("Order"),
        help_text=_("A metric's key; with a minus the largest first. Creators without a value come last."),
    )

    # Set by django-filter's metaclass; the metrics' filters are added below.
    base_filters: dict[str, Filter]

    class Meta:
        model = CreatorFacts
        form = DirectoryForm
        fields: list[str] = []

    def __init__(self, data: QueryDict | Mapping[str, Any], queryset: QuerySet[CreatorFacts]) -> None:
        # Ninety filters are declared and few are used: copying them all would cost more than the search.
        used = {name for name in self.base_filters if name in data}
        preset = {name for names in PRESETS.values() for name in names}
        self.base_filters = {name: one for name, one in self.base_filters.items() if name in used | preset}
        super().__init__(data, queryset)

    @cached_property
    def markets(self) -> list[Market]:
        return list(Market.objects.all())

    @cached_property
    def categories(self) -> dict[int, Category]:
        return Category.objects.in_bulk()

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh and "market" in form.fields:
            form.fields["market"].known([(market.pk, str(market)) for market in self.markets])
        if fresh and "category" in form.fields:
            form.fields["category"].known([(str(pk), str(category)) for pk, category in self.categories.items()])
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given, and those of the goal."""
        self.form.is_valid()
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        preset = PRESETS.get(given.get("goal", ""), {})
        return {name: Decimal(preset[name]) for name in preset if not self.data.get(name)} | given

    def is_preset(self, name: str) -> bool:
        """Whether the goal set this parameter, not the person."""
        return not self.data.get(name)

    @property
    def order(self) -> Order:
        name = self.values.get("ordering") or ORDERING_DEFAULT
        return Order(name, BY_KEY[name.removeprefix("-")].fact, name.startswith("-"))

    def filter_queryset(self, queryset: QuerySet[CreatorFacts]) -> QuerySet[CreatorFacts]:
        return self.without(queryset, "")

    def without(self, queryset: QuerySet[CreatorFacts], name: str) -> QuerySet[CreatorFacts]:
        """The rows that pass all filters but one."""
        for key, value in self.values.items():
            if key != name:
                queryset = self.filters[key].filter(queryset, value)
        return queryset

    def filter_nothing(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset

    def filter_q(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return search_creators(queryset, value)

    def filter_market(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return queryset.filter(market_id__in=value)

    def filter_category(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return queryset.filter(category_tree__overlap=[int(code) for code in value])

    def filter_followers_band(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        bands = Q()
        for low, high in (BANDS[band] for band in value):
            bands |= Q(followers__gte=low) if high is None else Q(followers__gte=low, followers__lt=high)
        return queryset.filter(bands)

    def filter_language(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return queryset.filter(language__in=value)

    def filter_agency(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == AGENCY_NONE:
            return queryset.filter(agency="")
        return queryset.exclude(agency="") if value == AGENCY_ANY else queryset.filter(agency__icontains=value)

    def filter_tier(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return queryset.filter(tier__in=value)

    def filter_restricted(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        # By the clock of the database: what ended since the last sweep is over.
        return _yes_no(queryset, Q(restricted_until__gt=Now()), Q(restricted_until__isnull=True), value)

    def filter_blacklisted(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return _yes_no(queryset, Q(is_blacklisted=True), Q(is_blacklisted__isnull=True), value)

    def filter_at_least(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        if _is_published(name) and value <= 0:
            return queryset
        return queryset.filter(**{f"{name}__gte": _whole(name, math.ceil, value)})

    def filter_at_most(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        passing = Q(**{f"{name}__lte": _whole(name, math.floor, value)})
        return queryset.filter(passing | Q(**{f"{name}__isnull": True}) if _is_published(name) else passing)


def _yes_no(queryset: QuerySet, yes: Q, unset: Q, value: list[str]) -> QuerySet:
    """Both answers are everybody; most creators have nothing set, which is no."""
    if len(value) == len(YES_NO):
        return queryset
    return queryset.filter(yes if value == [YES] else unset | ~yes)


def _is_published(fact: str) -> bool:
    """Whether a missing number means 0."""
    return fact in BY_KEY and BY_KEY[fact].published


def _whole(fact: str, rounded: Any, value: Decimal) -> Decimal | int:
    """Counts are compared with whole numbers: an index over integers answers nothing else."""
    metric = BY_KEY.get(fact)
    return rounded(value) if metric and metric.kind == "count" else value


def _metric_filters(metric: Metric) -> dict[str, MetricFilter]:
    unit = {"rate": _("percent"), "money": "USD"}.get(metric.kind, "")
    common = {"field_name": metric.fact, "kind": metric.kind, "signed": metric.key == "follower_growth_30d"}
    return {
        f"{metric.key}_min": MetricFilter(method="filter_at_least", label=metric.label, help_text=unit, **common),
        f"{metric.key}_max": MetricFilter(method="filter_at_most", label=metric.label, help_text=unit, **common),
    }


for _metric in METRICS:
    CreatorFilter.base_filters.update(_metric_filters(_metric))


def creator_filter(
    data: QueryDict | Mapping[str, Any], queryset: QuerySet[CreatorFacts] | None = None
) -> CreatorFilter:
    """The filter of a query over the facts that the person may see; read `.qs`, `.values`, `.errors`, `.order`."""
    return CreatorFilter(data, CreatorFacts.objects.all() if queryset is None else queryset)

"""The facets beside the directory's table, in the order of `config.composition.FACETS`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.ui import format_compact
from creators.filters.chips import language_name
from creators.filters.creators import BAND_LABELS, TIERS, YES_NO, CreatorFilter
from creators.metrics import BY_KEY, METRICS, Metric


@dataclass(frozen=True)
class Facet:
    """One block of filters: a list of choices, or metrics with both ends or only the lower one. `is_more` folds it.

    `flags` are filters that are answered by yes or no.
    """

    kind: Literal["market", "category", "followers_band", "language", "agency", "tier", "standing", "range", "least"]
    label: str | Promise = ""
    keys: tuple[str, ...] = ()
    is_more: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A value of a list, and whether it is picked. `group` is the category above."""

    value: str
    label: str
    is_picked: bool
    group: str = ""


@dataclass(frozen=True)
class End:
    """One end of a metric's range as typed; `sign` stands before it, `suffix` behind."""

    name: str
    label: str | Promise
    sign: str
    suffix: str
    placeholder: str
    text: str
    errors: list[str]


@dataclass(frozen=True)
class Range:
    """A metric's ends in a facet."""

    metric: Metric
    ends: list[End]

    @property
    def errors(self) -> list[str]:
        return [error for end in self.ends for error in end.errors]


@dataclass(frozen=True)
class Flag:
    """A question that is answered by yes or no; both answers are everybody."""

    name: str
    label: str | Promise
    choices: list[Choice]


@dataclass(frozen=True)
class ShownFacet:
    """A facet with what the query set in it."""

    facet: Facet
    choices: list[Choice] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    text: str = ""
    errors: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def is_set(self) -> bool:
        choices = [*self.choices, *(choice for flag in self.flags for choice in flag.choices)]
        return any(choice.is_picked for choice in choices) or any(end.text for r in self.ranges for end in r.ends)


LEAST = (
    "gpm", "engagement_by_views", "avg_views", "engagement_by_followers", "units_30d", "posts_30d", "products_28d",
    "fulfilment_rate", "female_share", "adult_share",
)  # fmt: skip
AGES = tuple(metric.key for metric in METRICS if metric.key.startswith("age_"))
FLAG_LABELS = {name: CreatorFilter.declared_filters[name].label for name in ("restricted", "blacklisted")}
STANDING = tuple(metric.key for metric in METRICS if metric.group == "standing")
REST = tuple(metric.key for metric in METRICS if metric.key not in (*LEAST, *AGES, *STANDING, "followers", "gmv_30d"))

DIRECTORY: tuple[Facet, ...] = (
    Facet("market", _("Market")),
    Facet("category", _("Category")),
    Facet("followers_band", _("Followers"), ("followers",)),
    Facet("range", keys=("gmv_30d",)),
    Facet("least", keys=LEAST),
    Facet("tier", _("Tier")),
    Facet("standing", _("Standing"), STANDING, flags=("restricted", "blacklisted")),
    Facet("language", _("Language")),
    Facet("agency", _("Agency")),
    Facet("least", _("Audience by age"), AGES, is_more=True),
    Facet("range", keys=REST, is_more=True),
)


def shown_facets(directory: CreatorFilter, languages: Iterable[str]) -> list[ShownFacet]:
    """The facets of every app in order, filled from the query; `languages` are those to choose from."""
    declared: list[Facet] = [facet for path in import_string(settings.FACETS) for facet in import_string(path)]
    return [
        ShownFacet(
            facet,
            _choices(facet.kind, directory, languages),
            [_range(BY_KEY[key], directory, with_upper=facet.kind not in ("least", "standing")) for key in facet.keys],
            directory.data.get("agency", "") if facet.kind == "agency" else "",
            [str(error) for name in (facet.kind, *facet.flags) for error in directory.errors.get(name, [])],
            [_flag(name, directory) for name in facet.flags],
        )
        for facet in declared
    ]


def unshown(directory: CreatorFilter, facets: Iterable[ShownFacet]) -> list[tuple[str, str]]:
    """Name and text of what the query sets without a field on the page, so that the form keeps it."""
    ends = {end.name for shown in facets for one in shown.ranges for end in one.ends}
    metric_ends = {f"{metric.key}_{side}" for metric in METRICS for side in ("min", "max")}
    return [(name, directory.data[name]) for name in sorted(metric_ends - ends) if directory.data.get(name)]


def _choices(kind: str, directory: CreatorFilter, languages: Iterable[str]) -> list[Choice]:
    picked = set(directory.values.get(kind, ()))
    if kind == "market":
        return [Choice(market.pk, str(market), market.pk in picked) for market in directory.markets]
    if kind == "category":
        return _category_choices(directory, picked)
    if kind == "language":
        codes = sorted({*languages, *picked})
        return [Choice(code, language_name(code), code in picked) for code in codes]
    labels = {"followers_band": BAND_LABELS, "tier": {tier: tier for tier in TIERS}}.get(kind, {})
    return [Choice(code, label, code in picked) for code, label in labels.items()]


def _flag(name: str, directory: CreatorFilter) -> Flag:
    picked = set(directory.values.get(name, ()))
    choices = [Choice(code, str(label), code in picked) for code, label in YES_NO.items()]
    return Flag(name, FLAG_LABELS[name], choices)


def _category_choices(directory: CreatorFilter, picked: set[str]) -> list[Choice]:
    """Level 1 in order of name, each followed by its children; all of them grouped under level 1."""
    names = {pk: str(category) for pk, category in directory.categories.items()}
    parents = {pk: category.parent_id for pk, category in directory.categories.items()}
    groups = {pk: names[pk if parent is None else parent] for pk, parent in parents.items()}
    order = sorted(names, key=lambda pk: (groups[pk], parents[pk] is not None, names[pk]))
    return [Choice(str(pk), names[pk], str(pk) in picked, groups[pk]) for pk in order]


def _range(metric: Metric, directory: CreatorFilter, *, with_upper: bool) -> Range:
    ends = [_end(metric, "min", directory)]
    return Range(metric, [*ends, _end(metric, "max", directory)] if with_upper else ends)


def _end(metric: Metric, side: str, directory: CreatorFilter) -> End:
    name = f"{metric.key}_{side}"
    preset = directory.values.get(name) if directory.is_preset(name) else None
    sign = ("≥" if side == "min" else "≤") + (" $" if metric.kind == "money" else "")
    return End(
        name=name,
        label=_("at least") if side == "min" else _("at most"),
        sign=sign,
        suffix="%" if metric.kind == "rate" else "",
        placeholder="–" if preset is None else format_compact(preset, get_language() or "en", trim=True),
        text=directory.data.get(name, ""),
        errors=[str(error) for error in directory.errors.get(name, [])],
    )

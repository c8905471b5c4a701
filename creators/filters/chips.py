"""The filters that are set, in words, each with what removes it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from core.ui import format_compact, format_number, format_percent
from creators.filters.creators import AGENCY_ANY, AGENCY_NONE, BAND_LABELS, GOALS, YES_NO, CreatorFilter
from creators.metrics import BY_KEY, Metric


@dataclass(frozen=True)
class Chip:
    """A set filter: `name` and `value` are what to take out of the query; `parameter` is what it filters by."""

    label: str | Promise
    shown: str
    name: str
    value: str | None = None
    origin: str = ""
    parameter: str = ""


def language_name(code: str) -> str:
    """The name of a language in the page's language; an unknown code as it is."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def chips_of(directory: CreatorFilter) -> list[Chip]:
    """One chip for each value that is applied, the goal's own first."""
    chips: list[Chip] = []
    for name, value in directory.values.items():
        chips += [_from_goal(name, value, directory)] if directory.is_preset(name) else _chips(name, value, directory)
    return chips


def _from_goal(name: str, value: Decimal, directory: CreatorFilter) -> Chip:
    origin = _("goal: %(goal)s") % {"goal": str(GOALS[directory.values["goal"]]).lower()}
    return Chip(_metric(name).short, range_text(name, value), "goal", None, origin, name)


def _chips(name: str, value: object, directory: CreatorFilter) -> list[Chip]:
    label = directory.filters[name].label
    if name in ("goal", "ordering"):
        return []
    if isinstance(value, Decimal):
        return [Chip(_metric(name).short, range_text(name, value), name, parameter=name)]
    if isinstance(value, list):
        return [Chip(label, _choice(name, code, directory), name, code, parameter=name) for code in value]
    shown = (
        {AGENCY_ANY: _("any"), AGENCY_NONE: _("none")}.get(str(value), str(value)) if name == "agency" else str(value)
    )
    return [Chip(label, shown, name, parameter=name)]


def _choice(name: str, code: str, directory: CreatorFilter) -> str:
    if name == "market":
        return next((str(market) for market in directory.markets if market.pk == code), code)
    if name == "category":
        return str(directory.categories[int(code)])
    if name == "followers_band":
        return BAND_LABELS[code]
    if name in ("restricted", "blacklisted"):
        return str(YES_NO[code]).lower()
    return language_name(code) if name == "language" else code


def range_text(name: str, value: Decimal) -> str:
    """One end of a range in words: ≥ $15K, ≤ 2.0%."""
    sign = "≥" if name.endswith("_min") else "≤"
    return f"{sign} {_number(_metric(name), value)}"


def _number(metric: Metric, value: Decimal) -> str:
    language = get_language() or "en"
    if metric.kind == "rate":
        return format_percent(value, metric.digits or (0 if value * 100 == int(value * 100) else 1))
    if metric.kind == "score":
        return format_number(value, metric.digits)
    return ("$" if metric.kind == "money" else "") + format_compact(value, language, trim=True)


def _metric(name: str) -> Metric:
    return BY_KEY[name.rsplit("_", 1)[0]]

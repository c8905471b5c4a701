"""The filters of the ledger that are set, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from violations.filters.entries import PERIODS, STATES, EntryFilter
from violations.states import EntryKind, Severity


@dataclass(frozen=True)
class EntryChip:
    """A set filter: `name` and `value` are what to take out of the query; `is_given`: the person set it."""

    label: str | Promise
    shown: str
    name: str
    value: str | None = None
    is_given: bool = True


def entry_chips(entries: EntryFilter) -> list[EntryChip]:
    """One chip for each value that is applied; the period stands there also when nobody set it."""
    chips: list[EntryChip] = []
    for name, value in entries.values.items():
        label = entries.filters[name].label
        if isinstance(value, list):
            chips += [EntryChip(label, str(Severity(one).label), name, one) for one in value]
        else:
            chips.append(EntryChip(label, _shown(name, value, entries), name, is_given=bool(entries.given.get(name))))
    return chips


def _shown(name: str, value: Any, entries: EntryFilter) -> str:
    if name == "kind":
        return str(EntryKind(value).label)
    if name in ("since", "until"):
        return str(value.isoformat())
    words: dict[str, dict[str, Any]] = {"period": PERIODS, "state": STATES, "rule": dict(entries.rules)}
    return str(words.get(name, {}).get(value, value))

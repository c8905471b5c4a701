"""The list of collaborations: a page of it, the counts by state, its chips, and the rows of its export."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.filters.collaborations import DUES, ORDERS, SCOPES, CollaborationFilter
from campaigns.models import Collaboration
from campaigns.selectors.collaborations import RELATED, CollaborationRow, rows_of, rows_of_ids
from campaigns.selectors.paging import order_named, page_of
from campaigns.states.collaborations import ACTIVE, COLLABORATION_LOOKS, ENDED, STAGES
from core.lists import Page

BATCH = 1_000


@dataclass(frozen=True)
class StageCount:
    """How many collaborations are in a state, and how many of them are late."""

    state: str
    label: str | Promise
    number: int
    overdue: int


@dataclass(frozen=True)
class Chip:
    """A set filter in words; `name` is what to take out of the query."""

    label: str | Promise
    shown: str
    name: str


@dataclass(frozen=True)
class Listing:
    """A page of the list, and how many pass its filters by state."""

    rows: list[CollaborationRow]
    page: Page[Collaboration]
    counts: dict[str, StageCount]


def listing_of(collaborations: CollaborationFilter, *, size: int, cursor: str = "") -> Listing:
    """A page of the filtered collaborations. Raises core.lists.CursorError."""
    order = order_named(collaborations.ordering, ORDERS)
    counts = counts_of(collaborations)
    number = number_in(counts, collaborations.scope)
    page = page_of(collaborations.qs, order=order, size=size, number=number, related=RELATED, cursor=cursor)
    return Listing(rows_of(page.rows, collaborations.user, collaborations.at), page, counts)


def counts_of(collaborations: CollaborationFilter) -> dict[str, StageCount]:
    """By state how many pass the other filters, in the order of the work; one query."""
    late = Q(state__in=ACTIVE, due_at__lte=collaborations.at)
    rows = collaborations.but_state().order_by().values("state").annotate(number=Count("pk"))
    found: dict[str, dict[str, Any]] = {
        row["state"]: dict(row) for row in rows.annotate(overdue=Count("pk", filter=late))
    }
    return {
        state: StageCount(
            state,
            COLLABORATION_LOOKS[state].label,
            found.get(state, {}).get("number", 0),
            found.get(state, {}).get("overdue", 0),
        )
        for state in STAGES
    }


def number_in(counts: dict[str, StageCount], scope: str) -> int:
    """How many are in a scope or a state."""
    by_scope = {one.state: one.number for one in scope_counts(counts)}
    return by_scope[scope] if scope in by_scope else counts[scope].number


def scope_counts(counts: dict[str, StageCount]) -> list[StageCount]:
    """Open, ended and all, summed from the counts by state."""
    sums: dict[str, list[StageCount]] = {
        "open": [one for one in counts.values() if one.state not in ENDED],
        "ended": [one for one in counts.values() if one.state in ENDED],
        "all": list(counts.values()),
    }
    return [
        StageCount(scope, SCOPES[scope], sum(one.number for one in some), sum(one.overdue for one in some))
        for scope, some in sums.items()
    ]


def chips_of(collaborations: CollaborationFilter) -> list[Chip]:
    """One chip for each filter that is applied; the state has its tabs."""
    chips = []
    for name, value in collaborations.values.items():
        if name != "state":
            words = str(DUES[value]) if name == "due" else str(value)
            chips.append(Chip(collaborations.filters[name].label or _("Filter"), words, name))
    return chips


def state_label(collaborations: CollaborationFilter) -> str:
    """The chosen state or scope in words."""
    state = collaborations.scope
    return str(SCOPES[state] if state in SCOPES else COLLABORATION_LOOKS[state].label)


def export_rows(collaborations: CollaborationFilter) -> Iterator[CollaborationRow]:
    """All rows, the newest first, some thousand at a time."""
    keys = collaborations.qs.order_by("-pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(keys, BATCH)):
        yield from rows_of_ids(batch, collaborations.user, collaborations.at)

"""Whom somebody wants in a plan: pasted handles, a shortlist, marked creators; and what would become of them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet

from accounts.models import User
from campaigns.models import SEATS, Seat, TargetedPlan
from campaigns.selectors.seating import Refusal, refusals_of, warnings_of
from creators.models import Creator, Market, Shortlist
from creators.rules import PROBLEMS
from creators.rules.handles import parse_external_id, parse_handle, visible

# One a line, or with commas; of a sentence's separators the Chinese ones too.
_SEPARATORS = re.compile(r"[\s,;|，、；]+")
CHOSEN_MAX = 1_000


@dataclass(frozen=True)
class Choice:
    """Creators in the order in which they were named, names that nobody in the directory has, and unreadable texts.

    `unreadable` holds (text, why).
    """

    creator_ids: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Chosen:
    """A creator who may have a seat, what to know about it, and whether a seat is left."""

    creator: Creator
    tier: str
    warnings: list[Refusal]
    is_over: bool


@dataclass(frozen=True)
class Preview:
    """What would become of the chosen creators: who may have a seat in order, who is refused and why.

    `taken` seats of the plan are taken before; `parts` are the sizes of the plans that all of them would need.
    """

    chosen: list[Chosen]
    refused: list[tuple[Creator | None, Refusal]]
    taken: int
    parts: list[int]

    @property
    def free(self) -> int:
        return SEATS - self.taken

    @property
    def fitting(self) -> int:
        return min(self.free, len(self.chosen))

    @property
    def over(self) -> int:
        return len(self.chosen) - self.fitting

    @property
    def taken_after(self) -> int:
        return self.taken + self.fitting


def choice_of_text(text: str, *, market_id: str) -> Choice:
    """The creators whom pasted handles, profile links and creator IDs name.

    A handle that several markets know is the account of this market.
    """
    words = list(dict.fromkeys(word for part in _SEPARATORS.split(text) if (word := visible(part))))[:CHOSEN_MAX]
    handles: dict[str, str] = {}
    ids: dict[str, str] = {}
    unreadable = []
    for word in words:
        handle, problem = parse_handle(word)
        if handle is not None:
            handles[word] = handle
        elif problem == "handle_is_id" and (key := parse_external_id(word)[0]):
            ids[word] = key
        else:
            unreadable.append((word, str(PROBLEMS[problem or "handle_invalid"])))
    found = _found(set(handles.values()), set(ids.values()), market_id)
    named = [(word, found.get(handles.get(word) or ids[word])) for word in words if word in handles or word in ids]
    creators = list(dict.fromkeys(pk for _word, pk in named if pk is not None))
    return Choice(creators, [word for word, pk in named if pk is None], unreadable)


def choice_of_shortlist(shortlist: Shortlist) -> Choice:
    """The creators of a shortlist, who was put on it first comes first."""
    entries = shortlist.entries.order_by("added_at", "pk")
    return Choice(list(entries.values_list("creator", flat=True)[:CHOSEN_MAX]))


def preview_of(plan: TargetedPlan, creator_ids: Sequence[int], *, user: User, at: datetime) -> Preview:
    """What would become of these creators; nothing is written."""
    ids = list(dict.fromkeys(creator_ids))
    refused = refusals_of(plan, ids, user=user, at=at)
    warnings = warnings_of(plan, ids, user=user, at=at)
    creators = Creator.objects.select_related("market", "facts").in_bulk(ids)
    taken = plan.seats.taken().count()
    fine = [creators[pk] for pk in ids if pk not in refused]
    chosen = [
        Chosen(one, _tier(one), warnings.get(one.pk, []), taken + place > SEATS) for place, one in enumerate(fine, 1)
    ]
    told = [(creators.get(pk), refused[pk]) for pk in ids if pk in refused]
    return Preview(chosen, told, taken, parts_of(taken, len(fine)))


def parts_of(taken: int, wanted: int) -> list[int]:
    """How many of the wanted creators each plan takes: the plan itself, then new ones of 30."""
    first = min(SEATS - taken, wanted)
    rest = wanted - first
    return [first, *(min(SEATS, rest - start) for start in range(0, rest, SEATS))]


def open_plans(user: User) -> QuerySet[TargetedPlan]:
    """The plans of open shops that the user can fill, the newest first."""
    plans = TargetedPlan.objects.visible_to(user).open().filter(shop__is_active=True)
    return plans.select_related("shop", "market").order_by("-pk")


def seats_taken(plans: Collection[TargetedPlan]) -> dict[int, int]:
    """How many seats of each of the plans are taken; one query."""
    seats = Seat.objects.taken().filter(plan__in=plans).order_by().values_list("plan")
    return dict.fromkeys((plan.pk for plan in plans), 0) | dict(seats.annotate(number=Count("pk")))


def _found(handles: set[str], ids: set[str], market_id: str) -> dict[str, int]:
    """Keys of creators by handle and by external ID; those of the market win over those of others."""
    # The indexes begin with the market.
    creators = Creator.objects.filter(market__in=list(Market.objects.values_list("pk", flat=True)))
    rows = [
        *creators.filter(handle__in=handles).values_list("market", "pk", "handle"),
        *creators.filter(external_id__in=ids).values_list("market", "pk", "external_id"),
    ]
    rows.sort(key=lambda row: (row[0] == market_id, -row[1]))
    return {str(name): pk for _market, pk, name in rows}


def _tier(creator: Creator) -> str:
    facts = getattr(creator, "facts", None)
    return (facts.tier if facts else None) or ""

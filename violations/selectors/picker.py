"""Creators for a text that ops type: a handle, a part of a name, a profile link."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from creators.filters.search import search_creators
from creators.models import Creator, CreatorFacts
from creators.rules.handles import parse_handle
from violations.rules.restrictions import Standing
from violations.selectors.standings import standings_of

MOST = 8
# Trigrams need three characters; so does a useful answer.
LEAST = 3


@dataclass(frozen=True)
class Named:
    """Who a text may mean; `exact` when it can be one only."""

    exact: Creator | None = None
    creators: list[Creator] = field(default_factory=list)


@dataclass(frozen=True)
class Picked:
    """A creator to choose, with where it stands."""

    creator: Creator
    standing: Standing
    tier: str


def creators_named(text: str, *, user: User) -> Named:
    """The creator with exactly this handle, or up to eight whose handle, nickname or bio has its words."""
    visible = Creator.objects.visible_to(user).select_related("market")
    handle, _problem = parse_handle(text)
    same = list(visible.filter(handle=handle).order_by("market__position")[:MOST]) if handle else []
    if len(same) == 1:
        return Named(same[0], same)
    if same or len(text.strip()) < LEAST:
        return Named(None, same)
    found = search_creators(visible, text).order_by("pk")[:MOST]
    return Named(None, list(found))


def picked(creators: list[Creator], *, at: datetime) -> list[Picked]:
    """The creators with balance, strikes and tier, exact at the instant."""
    ids = [creator.pk for creator in creators]
    standings = standings_of(ids, at=at)
    tiers = dict(CreatorFacts.objects.filter(pk__in=ids).values_list("pk", "tier"))
    return [Picked(creator, standings[creator.pk], tiers.get(creator.pk) or "") for creator in creators]

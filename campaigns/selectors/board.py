"""The board: collaborations as cards, a column for each state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from accounts.models import User
from campaigns.filters.collaborations import CollaborationFilter
from campaigns.models import Collaboration
from campaigns.rules.transitions import may_move
from campaigns.selectors.collaborations import facts_of
from campaigns.selectors.listing import counts_of
from campaigns.selectors.steps import CSS, Parts, parts_of, step_of, step_text
from campaigns.states.collaborations import COLLABORATION_LOOKS, ENDED, STAGES
from core.states import Look
from creators.models import Creator
from creators.selectors.guards import Finding, marks_of

CARDS, CARDS_MORE = 20, 50
RELATED = ("creator__facts", "plan")


@dataclass(frozen=True)
class Card:
    """A collaboration on the board; `targets` are the states it may be moved to, with a space between."""

    collaboration: Collaboration
    creator: Creator
    tier: str
    marks: Sequence[Finding]
    step_text: str
    step_css: str
    targets: str


@dataclass(frozen=True)
class BoardColumn:
    """A state: its cards, the most urgent first, and how many there are. What ended shows its number only."""

    state: str
    look: Look
    cards: list[Card]
    number: int
    overdue: int
    is_more: bool

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return self.number - len(self.cards)

    @property
    def may_grow(self) -> bool:
        """Whether more cards can be shown here; the rest is in the list."""
        return self.hidden > 0 and not self.is_more and not self.is_ended


def board_of(collaborations: CollaborationFilter, *, more: Collection[str] = ()) -> list[BoardColumn]:
    """The columns in the order of the work, at most 20 cards each, 50 for the states of `more`.

    The number of queries does not grow with the cards.
    """
    counts = counts_of(collaborations)
    keys = _keys(collaborations.but_state(), more)
    found = list(Collaboration.objects.select_related(*RELATED).in_bulk(keys).values()) if keys else []
    cards: dict[str, list[Card]] = {state: [] for state in STAGES}
    for card in cards_of(found, keys, collaborations.user, collaborations.at):
        cards[card.collaboration.state].append(card)
    return [
        BoardColumn(state, COLLABORATION_LOOKS[state], cards[state], one.number, one.overdue, state in more)
        for state, one in counts.items()
    ]


def cards_of(found: Sequence[Collaboration], keys: Sequence[int], user: User, at: datetime) -> list[Card]:
    """Cards of the collaborations in the order of the keys."""
    by_key = {one.pk: one for one in found}
    parts = parts_of(found)
    marks = marks_of([one.creator_id for one in found], user, at)
    return [_card(by_key[pk], parts[pk], marks, at) for pk in keys if pk in by_key]


def _keys(queryset: QuerySet[Collaboration], more: Collection[str]) -> list[int]:
    """The first keys of each open state, the most urgent first, in one query that reads no column whole."""
    parts = [
        queryset.filter(state=state)
        .order_by(F("due_at").asc(nulls_last=True), "pk")
        .values_list("pk", flat=True)[: CARDS_MORE if state in more else CARDS]
        for state in STAGES
        if state not in ENDED
    ]
    return list(parts[0].union(*parts[1:], all=True))


def _card(one: Collaboration, parts: Parts, marks: dict[int, list[Finding]], at: datetime) -> Card:
    step, facts = step_of(one, parts, at=at), facts_of(one.creator)
    targets = " ".join(to for to in STAGES if may_move(one.state, to, held_state=one.held_state))
    return Card(
        one,
        one.creator,
        (facts.tier if facts else None) or "",
        marks.get(one.creator_id, ()),
        step_text(one, step, parts, at=at),
        CSS[step.urgency],
        targets,
    )

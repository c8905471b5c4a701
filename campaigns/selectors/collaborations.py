"""Collaborations as rows of lists: what each one shows, and how rows are grouped by stage."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.models import User
from campaigns.models import Collaboration
from campaigns.rules.next_step import Step
from campaigns.selectors.money import Totals, totals
from campaigns.selectors.steps import CSS, Button, Parts, button_of, parts_of, step_of, step_text
from campaigns.states.collaborations import COLLABORATION_LOOKS, STAGES
from core.states import Look
from creators.models import Creator, CreatorFacts
from creators.selectors.guards import Finding, marks_of

RELATED = ("creator__facts", "plan__campaign", "shop", "owner")


@dataclass(frozen=True)
class CollaborationRow:
    """What a list shows of a collaboration. Money is in `currency`; None is not known."""

    collaboration: Collaboration
    creator: Creator
    tier: str
    score: Decimal | None
    marks: Sequence[Finding]
    look: Look
    days_in_stage: int
    step: Step
    step_text: str
    sample_cost: Decimal | None
    works_done: int
    works_wanted: int
    gmv_net: Decimal | None
    currency: str
    button: Button | None

    @property
    def step_css(self) -> str:
        """The colour of the next step: late is red, soon is amber."""
        return CSS[self.step.urgency]

    @property
    def is_overdue(self) -> bool:
        return self.step.urgency == "late"


@dataclass(frozen=True)
class RowGroup:
    """The rows of one stage."""

    state: str
    look: Look
    rows: list[CollaborationRow]

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)


def shown(collaborations: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """With all that a row reads, in the same query."""
    return collaborations.select_related(*RELATED)


def rows_of(collaborations: Iterable[Collaboration], user: User, at: datetime) -> list[CollaborationRow]:
    """Rows of these collaborations in their order; give them as `shown`, or each costs queries of its own."""
    found = list(collaborations)
    parts = parts_of(found)
    money = totals([one.pk for one in found])
    marks = marks_of([one.creator_id for one in found], user, at)
    return [_row(one, parts[one.pk], money.get(one.pk), marks.get(one.creator_id, ()), at) for one in found]


def rows_of_ids(ids: Sequence[int], user: User, at: datetime) -> list[CollaborationRow]:
    """Rows of the collaborations with these keys, in the order given."""
    found = shown(Collaboration.objects.all()).in_bulk(ids)
    return rows_of([found[pk] for pk in ids if pk in found], user, at)


def groups_of(rows: Iterable[CollaborationRow], *, first: Collection[str] = ()) -> list[RowGroup]:
    """The rows by stage, in the order of the work; the stages of `first` come before the others."""
    by_state: dict[str, list[CollaborationRow]] = {}
    for row in rows:
        by_state.setdefault(row.collaboration.state, []).append(row)
    order = [*first, *(state for state in STAGES if state not in first)]
    return [RowGroup(state, COLLABORATION_LOOKS[state], by_state[state]) for state in order if state in by_state]


def facts_of(creator: Creator) -> CreatorFacts | None:
    """The facts of a creator; None for one about whom no list has said anything."""
    facts: CreatorFacts | None = getattr(creator, "facts", None)
    return facts


def _row(
    one: Collaboration, parts: Parts, money: Totals | None, marks: Sequence[Finding], at: datetime
) -> CollaborationRow:
    step, facts = step_of(one, parts, at=at), facts_of(one.creator)
    return CollaborationRow(
        collaboration=one,
        creator=one.creator,
        tier=(facts.tier if facts else None) or "",
        score=None,
        marks=marks,
        look=one.look,
        days_in_stage=max(0, (at - one.state_at).days),
        step=step,
        step_text=step_text(one, step, parts, at=at),
        sample_cost=money.sample_cost if money else None,
        works_done=parts.published,
        works_wanted=parts.wanted if one.accepted_at else one.plan.contents_wanted,
        gmv_net=money.gmv_net if money else None,
        currency=one.plan.currency,
        button=button_of(one, step, parts),
    )

"""One collaboration with all that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from campaigns.models import Collaboration, CollaborationMove, MatrixCell
from campaigns.rules.transitions import may_move
from campaigns.selectors.collaborations import RELATED, CollaborationRow, rows_of
from campaigns.selectors.money import Totals, totals
from campaigns.selectors.sections import SECTIONS, Section
from campaigns.states.collaborations import AGREED, STAGES, CollaborationState

C = CollaborationState
# The work goes on with these; the others end it or stop it, and are asked for with their reason.
_WORK = AGREED | {C.INVITED, C.CLOSED, C.SEATED}


@dataclass(frozen=True)
class Detail:
    """A collaboration, the moves that are open to a person, its money and its history, the newest move first."""

    row: CollaborationRow
    onward: Sequence[CollaborationState]
    aside: Sequence[CollaborationState]
    totals: Totals | None
    cell: MatrixCell | None
    moves: list[CollaborationMove]

    @property
    def collaboration(self) -> Collaboration:
        return self.row.collaboration


def collaborations_shown(user: User) -> QuerySet[Collaboration]:
    """Those that the person may see, with what a page reads."""
    related = (*RELATED, "creator__market", "seat__cell__matrix", "seat__cell__product", "plan__market")
    return Collaboration.objects.visible_to(user).select_related(*related)


def detail_of(collaboration: Collaboration, user: User, at: datetime) -> Detail:
    """What the page of a collaboration shows beside its sections."""
    one = collaboration
    open_to = [to for to in STAGES if may_move(one.state, to, held_state=one.held_state)]
    onward = [to for to in open_to if to in _WORK and _is_onward(one.state, to)]
    moves = one.moves.select_related("by").order_by("-pk")
    return Detail(
        row=rows_of([one], user, at)[0],
        onward=onward,
        aside=[to for to in open_to if to not in onward],
        totals=totals([one.pk]).get(one.pk),
        cell=one.seat.cell,
        moves=list(moves),
    )


def _is_onward(state: str, to: CollaborationState) -> bool:
    """Later in the work; what is on hold goes back to where it was."""
    return state == C.ON_HOLD or STAGES.index(to) > STAGES.index(C(state))


def sections_for(user: User) -> list[Section]:
    """The sections that the person may see, in order."""
    return [one for one in SECTIONS if not one.permission or user.can(one.permission)]

"""Seats of targeted plans: at most 30, held by the database; each choice is taken or refused with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import SEATS, Collaboration, CollaborationMove, MatrixCell, Seat, TargetedPlan
from campaigns.selectors.seating import Refusal, refusals_of, warnings_of
from campaigns.services.collaborations import collaboration_move
from campaigns.states.collaborations import CollaborationState
from campaigns.states.plans import PLAN_OPEN
from core.errors import DomainError


@dataclass(frozen=True)
class Seating:
    """What became of the chosen creators: seats, refusals, and warnings about who has a seat, by creator."""

    seats: list[Seat] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)
    warnings: dict[int, list[Refusal]] = field(default_factory=dict)


@transaction.atomic
def seats_add(
    *,
    plan: TargetedPlan,
    creator_ids: Sequence[int],
    by: User,
    at: datetime,
    cell: MatrixCell | None = None,
) -> Seating:
    """Give the creators seats in the order in which they are named; who gets none is refused with the reason.

    The shop's row puts its writers in one order, so that no creator gets two seats for one product; the constraints of
    the seats hold whatever else writes. Raises DomainError `plan_closed`, `nobody_chosen`.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=plan.shop_id)
    plan = (
        TargetedPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("shop", "market")
        .get(pk=plan.pk)
    )
    if plan.state not in PLAN_OPEN:
        text = _("%(plan)s is %(state)s: it takes no creators. Open it again or duplicate it.")
        raise DomainError("plan_closed", text % {"plan": plan, "state": plan.look.label}, status=409)
    wanted = list(dict.fromkeys(creator_ids))
    if not wanted:
        raise DomainError(
            "nobody_chosen", _("Choose at least one creator."), fields={"creators": _("Nobody is chosen.")}
        )
    refused = refusals_of(plan, wanted, user=by, at=at)
    taken = set(plan.seats.taken().values_list("slot", flat=True))
    free = iter(slot for slot in range(1, SEATS + 1) if slot not in taken)
    seats = []
    for creator_id in wanted:
        if creator_id in refused:
            continue
        slot = next(free, None)
        if slot is None:
            refused[creator_id] = plan_full()
        else:
            seats.append(Seat(plan=plan, slot=slot, creator_id=creator_id, added_by=by, added_at=at, cell=cell))
    Seat.objects.bulk_create(seats)
    _collaborations_begin(plan, seats, by, at)
    warnings = warnings_of(plan, [seat.creator_id for seat in seats], user=by, at=at)
    return Seating(seats, refused, warnings)


@transaction.atomic
def seat_remove(*, seat: Seat, by: User, at: datetime, reason: str) -> Collaboration:
    """Free a seat: the collaboration is dropped with the reason. Raises what `collaboration_move` raises."""
    return collaboration_move(
        collaboration=seat.collaboration, to=CollaborationState.DROPPED, by=by, at=at, reason=reason
    )


def plan_full() -> Refusal:
    text = _("Plan full: %(most)s of %(most)s seats. Drop a creator or start a second plan.") % {"most": SEATS}
    return Refusal("plan_full", text)


def _collaborations_begin(plan: TargetedPlan, seats: Sequence[Seat], by: User, at: datetime) -> None:
    collaborations = Collaboration.objects.bulk_create(
        [
            Collaboration(
                seat=seat, shop=plan.shop, plan=plan, creator_id=seat.creator_id, owner=by, state_at=at, created_at=at
            )
            for seat in seats
        ]
    )
    CollaborationMove.objects.bulk_create(
        [CollaborationMove(collaboration=one, to_state=one.state, by=by, at=at) for one in collaborations]
    )

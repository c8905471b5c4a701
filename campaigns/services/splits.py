"""More creators than a plan has seats: the plan and as many copies as are needed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from campaigns.models import SEATS, TargetedPlan
from campaigns.services.plans import NAME_MAX, plan_duplicate
from campaigns.services.seats import Seating, seats_add


@transaction.atomic
def plan_split(*, plan: TargetedPlan, creator_ids: Sequence[int], by: User, at: datetime) -> list[Seating]:
    """Seat the creators in the plan and, past its last seat, in drafts that are copies of it.

    The first seating is the plan's own, without the refusals that only said that it is full; each further one is a
    draft's. All of it happens or nothing. Raises what `seats_add` and `plan_duplicate` raise.
    """
    first = seats_add(plan=plan, creator_ids=creator_ids, by=by, at=at)
    rest = [pk for pk in dict.fromkeys(creator_ids) if pk in first.refused and first.refused[pk].code == "plan_full"]
    kept = {pk: refusal for pk, refusal in first.refused.items() if refusal.code != "plan_full"}
    seatings = [Seating(first.seats, kept, first.warnings)]
    for number, start in enumerate(range(0, len(rest), SEATS), start=2):
        name = f"{plan.name[: NAME_MAX - 4]} {number}"
        draft = plan_duplicate(plan=plan, by=by, at=at, name=name)
        seatings.append(seats_add(plan=draft, creator_ids=rest[start : start + SEATS], by=by, at=at))
    return seatings

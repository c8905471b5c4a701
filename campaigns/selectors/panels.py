"""The tab of collaborations on a creator's profile."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.collaborations import rows_of, shown
from campaigns.selectors.money import Totals, totals, totals_sum
from campaigns.states.collaborations import ACTIVE, CollaborationState
from creators.selectors.panels import Asked, Panel
from creators.selectors.profile import Profile

ROWS = 50


@dataclass(frozen=True)
class CreatorWork:
    """What a creator did for the reader's shops, in numbers; `sums` has one entry a currency."""

    number: int
    open_number: int
    published: int
    # In shops that the reader does not see; without a detail.
    elsewhere: int
    sums: dict[str, Totals]


def work_of(creator_id: int, user: User) -> CreatorWork:
    """The numbers of a creator's collaborations."""
    states = dict(Collaboration.objects.visible_to(user).filter(creator=creator_id).values_list("pk", "state"))
    everywhere = Collaboration.objects.filter(creator=creator_id).count()
    held = {*ACTIVE, CollaborationState.ON_HOLD}
    return CreatorWork(
        number=len(states),
        open_number=sum(state in held for state in states.values()),
        published=sum(state in {"published", "closed"} for state in states.values()),
        elsewhere=everywhere - len(states),
        sums=totals_sum(totals(list(states)).values()),
    )


def collaborations(profile: Profile, user: User, asked: Asked) -> dict[str, Any]:
    found = shown(Collaboration.objects.visible_to(user).filter(creator=profile.creator)).order_by("-pk")[:ROWS]
    return {
        "work": work_of(profile.creator.pk, user),
        "rows": rows_of(found, user, asked.at),
        "may_edit": False,
        "may_plan": user.can(Permission.PLAN_EDIT),
    }


COLLABORATIONS = Panel(
    "collaborations",
    _("Collaborations"),
    "campaigns/panel_collaborations.html",
    collaborations,
    Permission.PLAN_VIEW,
    "css/collaborations.css",
)

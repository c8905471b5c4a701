"""Commissions as they hold for a collaboration, and what a change of one would do."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from campaigns.models import Collaboration, PlanProduct
from campaigns.rules.commissions import RateChange, commission_at, next_midnight
from campaigns.states.collaborations import AGREED, CollaborationState


@dataclass(frozen=True)
class Outlook:
    """From when a new commission holds: at once for who joins, and for the `showing` creators later when it is a cut.

    `cut_at` is the next midnight in the market.
    """

    rate_now: Decimal
    highest: Decimal
    showing: int
    at: datetime
    cut_at: datetime


def changes_of(line: PlanProduct) -> list[RateChange]:
    """The changes of a product's commission in the order in which they were made."""
    rows = line.changes.order_by("pk").values_list("from_rate", "to_rate", "at", "takes_effect_at")
    return [RateChange(*row) for row in rows]


def rate_of(collaboration: Collaboration, line: PlanProduct, *, at: datetime) -> Decimal:
    """The commission in percent that holds for a collaboration and a product of its plan at an instant."""
    return commission_at(
        line.commission_rate, changes_of(line), showing_since=collaboration.accepted_at, at=at
    )  # fmt: skip


def outlook_of(line: PlanProduct, *, at: datetime) -> Outlook:
    """What a change of the commission at the instant would mean."""
    states = [*AGREED, CollaborationState.ON_HOLD]
    showing = line.plan.collaborations.filter(accepted_at__isnull=False, state__in=states)
    changes = changes_of(line)
    since = changes[0].at if changes else at
    highest = commission_at(line.commission_rate, changes, showing_since=since, at=at)
    cut_at = next_midnight(at, line.plan.market.time_zone)
    return Outlook(line.commission_rate, highest, showing.count(), at, cut_at)

"""Commissions as they hold for a collaboration, and what a change of one would do."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaigns.models import Collaboration, PlanProduct
from campaigns.rules.commissions import RateChange, commission_at, next_midnight
from campaigns.states.collaborations import AGREED, CollaborationState
from core.ui import format_moment


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


def local_moment(instant: datetime, time_zone: str) -> str:
    """An instant in the market, with the market's zone: it is not that of the page."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{format_moment(local, get_language() or 'en', local.date())} ({time_zone})"


def outlook_texts(outlook: Outlook, time_zone: str) -> list[tuple[str, str]]:
    """From when a rise and a cut of the commission hold, in words: (what, from when)."""
    cut_at = local_moment(outlook.cut_at, time_zone)
    showing = ngettext(
        "at once for new creators, from %(moment)s for the %(count)s creator who shows it",
        "at once for new creators, from %(moment)s for the %(count)s creators who show it",
        outlook.showing,
    )
    cut = _("at once: nobody shows it yet")
    if outlook.showing:
        cut = showing % {"moment": cut_at, "count": outlook.showing}
    at = local_moment(outlook.at, time_zone)
    return [(_("A rise holds"), _("at once for everybody: %(moment)s") % {"moment": at}), (_("A cut holds"), cut)]

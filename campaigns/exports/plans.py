"""Columns of the file that holds a plan: a row a seat."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from campaigns.selectors.collaborations import CollaborationRow
from core.exports import Column


def _local(moment: Any) -> str:
    """Day and time as text: a workbook would lose the time."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _released(row: CollaborationRow) -> str:
    return str(row.collaboration.seat.get_released_because_display())


# Money is in the plan's currency, which a column of its own names.
PLAN_COLUMNS = (
    Column("slot", gettext_lazy("Seat"), lambda row: row.collaboration.seat.slot, 6, "count"),
    Column("handle", gettext_lazy("Handle"), lambda row: row.creator.handle, 26),
    Column("market", gettext_lazy("Market"), lambda row: row.creator.market_id, 8),
    Column("tier", gettext_lazy("Tier"), lambda row: row.tier, 6),
    Column("state", gettext_lazy("State"), lambda row: str(row.look.label), 16),
    Column("next", gettext_lazy("Next step"), lambda row: row.step_text, 32),
    Column("due", gettext_lazy("Due"), lambda row: _local(row.collaboration.due_at), 17),
    Column("added", gettext_lazy("Added"), lambda row: _local(row.collaboration.seat.added_at), 17),
    Column("invited", gettext_lazy("Invited"), lambda row: _local(row.collaboration.invited_at), 17),
    Column("accepted", gettext_lazy("Accepted"), lambda row: _local(row.collaboration.accepted_at), 17),
    Column("published", gettext_lazy("Published"), lambda row: _local(row.collaboration.published_at), 17),
    Column("ended", gettext_lazy("Ended"), lambda row: _local(row.collaboration.ended_at), 17),
    Column("released", gettext_lazy("Seat released"), _released, 16),
    Column("reason", gettext_lazy("Reason"), lambda row: row.collaboration.reason, 32),
    Column("works", gettext_lazy("Works published"), lambda row: row.works_done, 10, "count"),
    Column("wanted", gettext_lazy("Works wanted"), lambda row: row.works_wanted, 10, "count"),
    Column("sample", gettext_lazy("Sample cost"), lambda row: row.sample_cost, 12, "number"),
    Column("gmv", gettext_lazy("GMV net of refunds"), lambda row: row.gmv_net, 14, "number"),
    Column("currency", gettext_lazy("Currency"), lambda row: row.currency, 9),
    Column("owner", gettext_lazy("Owner"), lambda row: str(row.collaboration.owner), 20),
)

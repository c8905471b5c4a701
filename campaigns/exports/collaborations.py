"""Columns of files that hold collaborations."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.exports import Column


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _campaign(row: Any) -> str:
    return str(row.collaboration.plan.campaign or "")


# Money stands beside its currency: the plans of an export need not share one.
COLLABORATION_COLUMNS = (
    Column("handle", _("Handle"), lambda row: row.creator.handle, 26),
    Column("market", _("Market"), lambda row: row.creator.market_id, 8),
    Column("tier", _("Tier"), lambda row: row.tier, 6),
    Column("shop", _("Shop"), lambda row: str(row.collaboration.shop), 20),
    Column("campaign", _("Campaign"), _campaign, 24),
    Column("plan", _("Plan"), lambda row: row.collaboration.plan.name, 28),
    Column("state", _("State"), lambda row: str(row.look.label), 16),
    Column("since", _("Since"), lambda row: _day(row.collaboration.state_at), 12, "date"),
    Column("step", _("Next step"), lambda row: row.step_text, 32),
    Column("due", _("Due"), lambda row: _day(row.collaboration.due_at), 12, "date"),
    Column("owner", _("Owner"), lambda row: str(row.collaboration.owner), 20),
    Column("invited", _("Invited"), lambda row: _day(row.collaboration.invited_at), 12, "date"),
    Column("accepted", _("Accepted"), lambda row: _day(row.collaboration.accepted_at), 12, "date"),
    Column("published", _("Published"), lambda row: _day(row.collaboration.published_at), 12, "date"),
    Column("works_done", _("Works published"), lambda row: row.works_done, 10, "count"),
    Column("works_wanted", _("Works wanted"), lambda row: row.works_wanted, 10, "count"),
    Column("currency", _("Currency"), lambda row: row.currency, 9),
    Column("sample_cost", _("Sample cost"), lambda row: row.sample_cost, 12, "number"),
    Column("gmv_net", _("GMV net"), lambda row: row.gmv_net, 14, "number"),
    Column("reason", _("Reason"), lambda row: row.collaboration.reason, 32),
)

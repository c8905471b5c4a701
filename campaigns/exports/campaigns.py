"""Columns of files that hold campaigns; money is in the campaign's currency."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.selectors.campaigns import CampaignRow
from campaigns.selectors.funnel import STEPS
from core.exports import Column


def _step(place: int) -> Callable[[CampaignRow], Any]:
    return lambda row: row.funnel[place].count


CAMPAIGN_COLUMNS = (
    Column("name", _("Campaign"), lambda row: row.campaign.name, 32),
    Column("shop", _("Shop"), lambda row: str(row.campaign.shop), 20),
    Column("goal", _("Goal"), lambda row: str(row.campaign.get_goal_display()), 12),
    Column("state", _("State"), lambda row: str(row.campaign.look.label), 10),
    Column("owner", _("Owner"), lambda row: str(row.campaign.owner), 20),
    Column("starts_on", _("Starts on"), lambda row: row.campaign.starts_on, 12, "date"),
    Column("ends_on", _("Ends on"), lambda row: row.campaign.ends_on, 12, "date"),
    Column("plans", _("Plans"), lambda row: row.plans, 8, "count"),
    Column("seats_taken", _("Seats taken"), lambda row: row.seats_taken, 10, "count"),
    Column("seats", _("Seats"), lambda row: row.seats, 8, "count"),
    *(Column(key, label, _step(place), 12, "count") for place, (key, label, _of) in enumerate(STEPS)),
    Column("currency", _("Currency"), lambda row: row.campaign.currency, 9),
    Column("budget", _("Budget"), lambda row: row.campaign.budget, 12, "number"),
    Column("used", _("Budget used"), lambda row: row.money.own.cost, 12, "number"),
    Column("gmv_net", _("GMV net"), lambda row: row.money.own.gmv_net, 12, "number"),
)

"""The nightly renewal of settlement lines: months end, and results and refunds come in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Shop
from campaigns.rules.money import month_of
from campaigns.services.settlements import settlement_refresh


def settlements_refresh(*, at: datetime) -> int:
    """Compute the running month and the one before again for every active shop; returns how many lines changed."""
    changed = 0
    for shop in Shop.objects.active().order_by("pk"):
        month = month_of(at.astimezone(ZoneInfo(shop.time_zone)).date())
        for one in (month_of(month - timedelta(days=1)), month):
            changed += settlement_refresh(shop=shop, month=one, at=at)
    return changed

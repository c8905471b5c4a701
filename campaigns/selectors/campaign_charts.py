"""Charts of a campaign's results by day, for templates/components/chart.html."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.selectors.campaign_days import Days
from core.ui import currency_symbol, format_compact, format_day, format_money

# More would not be told apart.
MOST_DAYS = 120


@dataclass(frozen=True)
class Chart:
    """What components/chart.html takes: data for the picture, head and rows for its table."""

    key: str
    title: str
    data: dict[str, Any]
    head: list[str]
    rows: list[list[str]]


def charts_of(campaign: Campaign, days: Days) -> list[Chart]:
    """GMV less refunds and views by day, from the first day with a figure to the last; none without figures."""
    seen = sorted({*days.gmv_net, *days.views})
    if not seen:
        return []
    first = max(seen[0], seen[-1] - timedelta(days=MOST_DAYS - 1))
    shown = [first + timedelta(days=number) for number in range((seen[-1] - first).days + 1)]
    language = get_language() or "en"
    currency = campaign.currency

    def money(amount: Decimal) -> str:
        return format_money(amount, currency, language)

    def count(number: Decimal) -> str:
        return format_compact(number, language)

    return [
        _chart("gmv", _("GMV net by day"), days.gmv_net, shown, money, currency_symbol(currency)),
        _chart("views", _("Views by day"), days.views, shown, count, ""),
    ]


def _chart(
    key: str,
    title: str,
    values: Mapping[date, Decimal | int],
    days: list[date],
    text: Callable[[Decimal], str],
    prefix: str,
) -> Chart:
    language = get_language() or "en"
    shown = [Decimal(values.get(day, 0)) for day in days]
    data = {
        "type": "bar",
        "labels": [format_day(day, language, days[-1]) for day in days],
        "series": [{"name": title, "values": [float(one) for one in shown]}],
        "language": language,
        "prefix": prefix,
    }
    rows = [[day.isoformat(), text(one)] for day, one in zip(days, shown, strict=True)]
    return Chart(f"campaign-{key}", title, data, [_("Day"), title], rows)

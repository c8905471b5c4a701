"""What the collaborations of a campaign brought, day by day in the shop's time; sums agree with selectors.money."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from campaigns.models import Campaign, Collaboration, Content, ContentResult, OrderLine
from campaigns.states.contents import ResultWindow

ZERO = Decimal(0)


@dataclass
class Days:
    """Figures by day: creators invited, contents published, GMV less refunds in the campaign's currency, views."""

    invited: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    contents: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    gmv_net: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    views: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def all(self) -> list[date]:
        return sorted({*self.invited, *self.contents, *self.gmv_net, *self.views})


def days_of(campaign: Campaign) -> Days:
    """The figures of a campaign; four queries.

    GMV is that of the order lines (on the day of the order) where a collaboration has any, else that of its contents'
    results. Plans in another currency than the campaign's are left out of GMV, never added.
    """
    days, zone = Days(), ZoneInfo(campaign.shop.time_zone)
    mine = Collaboration.objects.filter(plan__campaign=campaign.pk)
    invited = mine.filter(invited_at__isnull=False)
    for day in invited.annotate(day=TruncDate("invited_at", tzinfo=zone)).values_list("day", flat=True):
        days.invited[day] += 1
    published = Content.objects.filter(collaboration__plan__campaign=campaign.pk, published_at__isnull=False)
    for day in published.annotate(day=TruncDate("published_at", tzinfo=zone)).values_list("day", flat=True):
        days.contents[day] += 1
    _add_orders(days, campaign, zone)
    _add_results(days, campaign)
    return days


def _add_orders(days: Days, campaign: Campaign, zone: ZoneInfo) -> None:
    lines = OrderLine.objects.filter(
        collaboration__plan__campaign=campaign.pk, collaboration__plan__currency=campaign.currency,
        currency=campaign.currency,
    )  # fmt: skip
    net = Sum(F("item_price") - F("seller_coupon") - F("refunded"))
    by_day = lines.order_by().annotate(day=TruncDate("ordered_at", tzinfo=zone)).values("day").annotate(net=net)
    for row in by_day:
        days.gmv_net[row["day"]] += row["net"]


def _add_results(days: Days, campaign: Campaign) -> None:
    results = ContentResult.objects.filter(
        content__collaboration__plan__campaign=campaign.pk, window=ResultWindow.DAY
    ).order_by()
    has_orders = Exists(OrderLine.objects.filter(collaboration=OuterRef("content__collaboration")))
    # A refund counts where the collaboration's GMV is known at all, also on a day without one.
    known = ContentResult.objects.filter(
        content__collaboration=OuterRef("content__collaboration"), window=ResultWindow.DAY, gmv__isnull=False
    )
    counted = Q(content__collaboration__plan__currency=campaign.currency) & ~Q(has_orders) & Q(Exists(known))
    net = Sum(Coalesce("gmv", ZERO) - Coalesce("refunds", ZERO), filter=counted)
    for row in results.values("day").annotate(net=net, seen=Sum("views")):
        if row["net"] is not None:
            days.gmv_net[row["day"]] += row["net"]
        if row["seen"] is not None:
            days.views[row["day"]] += int(row["seen"])

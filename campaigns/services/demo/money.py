"""Results, orders and settlement of the demo: what contents brought, and what creators get for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from numpy.random import Generator

from accounts.models import Shop, User
from campaigns.models import Content, PlanProduct, Product, SettlementLine
from campaigns.rules.invented import CENT, SoldDay, invent_days
from campaigns.rules.invented_story import HEARTH, LUMA, Work
from campaigns.rules.order_columns import OrderRow
from campaigns.services.orders import order_lines_record
from campaigns.services.payouts import payout_create, payout_pay
from campaigns.services.results import result_write
from campaigns.services.settlements import line_add, line_dispute, lines_approve, settlement_refresh
from campaigns.services.statements import statements_issue
from campaigns.states.contents import ResultWindow
from campaigns.states.settlements import LineKind, LineState
from core.errors import DomainError
from creators.models import Creator

# The platform reports with this delay; where it pays short, one order in so many.
REPORT_DELAY = timedelta(days=4)
SHORT_EVERY = 10
# How long a content is followed from day to day.
RESULT_DAYS = timedelta(days=60)
LATE_REFUND = Decimal("-38.00")


@dataclass(frozen=True)
class Published:
    """A content that is out, and what it shows."""

    content: Content
    creator: Creator
    product: Product
    work: Work


class Money:
    """Collects what was published, and tells of the money at the end."""

    def __init__(self, at: datetime, people: dict[str, User], shops: dict[str, Shop], rng: Generator) -> None:
        self.at, self.people, self.shops, self.rng = at, people, shops, rng
        self.contents: list[Published] = []
        self.rows: dict[str, list[OrderRow]] = {name: [] for name in shops}

    def published(self, *, content: Content, creator: Creator, product: Product, work: Work) -> None:
        self.contents.append(Published(content, creator, product, work))

    def tell(self) -> None:
        """Results by day, the orders behind them, and the settlement of this month and the last one."""
        for one in self.contents:
            self._sell(one)
        for name, rows in self.rows.items():
            order_lines_record(shop=self.shops[name], rows=rows, at=self.at - timedelta(hours=10))
        self._refresh(timedelta(hours=8))
        self._luma()
        self._hearth()

    def _sell(self, one: Published) -> None:
        plan = one.content.collaboration.plan
        published_at = one.content.published_at
        if published_at is None:
            return
        rate = PlanProduct.objects.get(plan=plan, product=one.product).commission_rate
        days = invent_days(
            self.rng,
            published_at=published_at,
            until=min(self.at, published_at + RESULT_DAYS),
            zone=plan.market.time_zone,
            orders=one.work.orders,
            price=one.product.price,
            falls=one.work.falls,
        )
        for number, day in enumerate(days):
            rows = list(self._rows(one, day, rate))
            self.rows[plan.shop.name] += rows
            self._result(one, day, rows, is_first=number == 0)

    def _rows(self, one: Published, day: SoldDay, rate: Decimal) -> Iterator[OrderRow]:
        content_id = one.content.platform_id
        for sale in day.sales:
            base = sale.price - sale.coupon - sale.refunded
            reported = None
            if sale.at < self.at - REPORT_DELAY:
                is_short = one.work.is_short and int(self.rng.integers(SHORT_EVERY)) == 0
                short = Decimal("0.8") if is_short else Decimal(1)
                unit = Decimal(1) if one.product.currency == "VND" else CENT
                reported = (base * rate * short / 100).quantize(unit, ROUND_HALF_UP)
            yield OrderRow(
                order_id=f"57{int(self.rng.integers(10**15, 10**16))}",
                line_id="1",
                handle=one.creator.handle,
                product_id=one.product.platform_id,
                sku=one.product.sku,
                content_id=content_id,
                ordered_at=sale.at,
                currency=one.product.currency,
                quantity=sale.pieces,
                item_price=sale.price,
                seller_coupon=sale.coupon,
                refunded=sale.refunded,
                commission_rate=rate,
                commission_reported=reported,
            )

    def _result(self, one: Published, day: SoldDay, rows: Sequence[OrderRow], *, is_first: bool) -> None:
        values: dict[str, int | Decimal | None] = {
            "views": day.views,
            "likes": int(day.views * 0.06),
            "comments": int(day.views * 0.002),
            "shares": int(day.views * 0.004),
            "product_clicks": day.clicks,
            "orders": len(rows),
            "gmv": sum((row.item_price - row.seller_coupon for row in rows), Decimal(0)),
            "refunds": sum((row.refunded for row in rows), Decimal(0)),
        }
        at = min(self.at, day.noon + timedelta(hours=20))
        write = partial(result_write, content=one.content, values=values, source="hand", by=self.people["jonas"], at=at)
        write(day=day.noon.date())
        if is_first:
            write(window=ResultWindow.FIRST_24H)

    def _months(self) -> tuple[date, date]:
        """The first days of the last month and of this one."""
        this = self.at.date().replace(day=1)
        return (this - timedelta(days=1)).replace(day=1), this

    def _refresh(self, ago: timedelta) -> None:
        for shop in self.shops.values():
            for month in self._months():
                settlement_refresh(shop=shop, month=month, at=self.at - ago)

    def _due(self, name: str) -> list[SettlementLine]:
        due = SettlementLine.objects.payable().filter(shop=self.shops[name], state=LineState.DUE)
        return list(due.select_related("collaboration", "creator").order_by("amount", "pk"))

    def _luma(self) -> None:
        """The one who is done is paid, the next one approved, one line waits, one is disputed."""
        due = self._due(LUMA)
        if not due:
            return
        self._pay(LUMA, due[-1:], "USD")
        lines_approve(lines=due[-2:-1], by=self.people["jonas"], at=self.at - timedelta(hours=5))
        for line in due[:1]:
            reason = "The creator counts two videos more than we have agreed on."
            line_dispute(line=line, by=self.people["sofia"], at=self.at - timedelta(hours=3), reason=reason)

    def _hearth(self) -> None:
        """All of the closed plan is paid and stated; then a customer sends back what was paid for."""
        due = self._due(HEARTH)
        if not due:
            return
        paid = self._pay(HEARTH, due, "GBP")
        if not paid:
            return
        month, jonas = self._months()[0], self.people["jonas"]
        statements_issue(shop=self.shops[HEARTH], month=month, by=jonas, at=self.at - timedelta(hours=5))
        self._send_back()
        first = max(paid, key=lambda line: line.amount)
        line_add(
            collaboration=first.collaboration,
            kind=LineKind.REFUND,
            amount=LATE_REFUND,
            note="The board came back after the fee was paid.",
            by=jonas,
            at=self.at - timedelta(hours=2),
            adjusts=first,
        )

    def _send_back(self) -> None:
        """An order of the last month comes back after its share was paid."""
        shop, month = self.shops[HEARTH], self._months()[0]
        kept = [
            row for row in self.rows[HEARTH] if row.ordered_at and row.ordered_at.date() > month and not row.refunded
        ]
        if kept:
            row = replace(kept[0], refunded=kept[0].item_price - kept[0].seller_coupon)
            order_lines_record(shop=shop, rows=[row], at=self.at - timedelta(hours=4))
            settlement_refresh(shop=shop, month=month, at=self.at - timedelta(hours=4))

    def _pay(self, name: str, lines: Sequence[SettlementLine], currency: str) -> list[SettlementLine]:
        """Approve, put into a payout, and say that the bank has paid it; somebody else than who wrote the terms."""
        mei, at = self.people["mei"], self.at
        approved = lines_approve(lines=lines, by=mei, at=at - timedelta(hours=7)).approved
        try:
            payout = payout_create(shop=self.shops[name], currency=currency, by=mei, at=at - timedelta(hours=6.5))
        except DomainError:
            return []
        paid_at = at - timedelta(hours=6)
        reference = f"SEPA {paid_at:%y%m%d}-1"
        payout_pay(payout=payout, reference=reference, paid_on=paid_at.date(), by=mei, at=paid_at)
        return approved

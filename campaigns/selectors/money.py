"""The one place where money of collaborations is summed; plans, campaigns, collaborations and settlements show it.

GMV and refunds: of the imported order lines where a collaboration has any (item price − seller coupon, and the
refunded value), else of the results of its contents; the two are never mixed. Everything is in the plan's currency;
amounts in other currencies are never added, their currencies are named in `left_out`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from campaigns.models import OrderLine, Sample, SettlementLine
from campaigns.rules.money import ZERO, rounded
from campaigns.selectors.results import Results, results_of
from campaigns.states.samples import SAMPLE_TOOK_STOCK
from campaigns.states.settlements import LineState, Payer

Source = Literal["orders", "results", ""]
MONEY = DecimalField(max_digits=24, decimal_places=6)


@dataclass(frozen=True)
class Totals:
    """Sums of a collaboration, or of several in one currency.

    `gmv` None: nobody has said yet. `source` says what GMV and refunds come from, "" for nothing or both. `coupons`
    (the seller's are off GMV already) and `tax` are known of order lines only. `commission_platform` is what the
    platform reports, where it does not what we expect of it. `fees` are our own payable lines that are not cancelled.
    """

    currency: str
    gmv: Decimal | None = None
    refunds: Decimal = ZERO
    orders: int | None = None
    source: Source = ""
    tax: Decimal = ZERO
    sample_cost: Decimal = ZERO
    fees: Decimal = ZERO
    commission_platform: Decimal = ZERO
    goods_cost: Decimal = ZERO
    platform_fee: Decimal = ZERO
    # Unit cost or platform fee of something sold is not known, so neither is taken off.
    is_before_goods_cost: bool = True
    left_out: tuple[str, ...] = ()

    @property
    def gmv_net(self) -> Decimal | None:
        """GMV less refunds; None where no GMV is known."""
        return None if self.gmv is None else self.gmv - self.refunds

    @property
    def cost(self) -> Decimal:
        """What the shop pays itself: samples and fees."""
        return self.sample_cost + self.fees

    @property
    def contribution(self) -> Decimal:
        """Net GMV − tax − commission − fees − sample cost, and less goods and platform fee where both are known."""
        left = (self.gmv_net or ZERO) - self.tax - self.commission_platform - self.cost
        return left if self.is_before_goods_cost else left - self.goods_cost - self.platform_fee


def totals(collaboration_ids: Collection[int]) -> dict[int, Totals]:
    """The totals of each collaboration, by its key; four queries whatever their number."""
    ids = list(collaboration_ids)
    results = results_of(ids)
    sold, spent, lines = _sold(ids), _samples(ids), _lines(ids)
    return {pk: _of_one(found, sold.get(pk, []), spent.get(pk, []), lines.get(pk, [])) for pk, found in results.items()}


def totals_sum(parts: Iterable[Totals]) -> dict[str, Totals]:
    """The totals of several collaborations by currency; currencies are never added."""
    groups: dict[str, list[Totals]] = defaultdict(list)
    for part in parts:
        groups[part.currency].append(part)
    return {currency: _added(currency, group) for currency, group in sorted(groups.items())}


def _added(currency: str, group: list[Totals]) -> Totals:
    known = [part.gmv for part in group if part.gmv is not None]
    orders = [part.orders for part in group if part.orders is not None]
    sources = {part.source for part in group if part.source}
    names = ("refunds", "tax", "sample_cost", "fees", "commission_platform", "goods_cost", "platform_fee")
    sums: dict[str, Decimal] = {name: sum((getattr(part, name) for part in group), ZERO) for name in names}
    selling = [part for part in group if part.gmv is not None]
    before = any(part.is_before_goods_cost for part in selling) or not selling
    return Totals(
        currency,
        gmv=sum(known, ZERO) if known else None,
        orders=sum(orders) if orders else None,
        source=sources.pop() if len(sources) == 1 else "",
        is_before_goods_cost=before,
        left_out=tuple(sorted({one for part in group for one in part.left_out})),
        **sums,
    )


@dataclass(frozen=True)
class LineSums:
    """Sums of settlement lines in one currency; what is cancelled counts nowhere."""

    currency: str
    lines: int = 0
    # Paid by the platform: as expected by us, and as it reports.
    expected: Decimal = ZERO
    reported: Decimal = ZERO
    # Payable by us, by state; `open` is all that is not paid.
    pending: Decimal = ZERO
    due: Decimal = ZERO
    approved: Decimal = ZERO
    disputed: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        return self.pending + self.due + self.approved + self.disputed

    @property
    def payable(self) -> Decimal:
        return self.open + self.paid


def line_sums(lines: QuerySet[SettlementLine]) -> list[LineSums]:
    """Sums of the lines by currency, in the order of the currencies; one query."""
    ours = {state: Q(payer=Payer.US, state=state) for state in ("pending", "due", "approved", "disputed", "paid")}
    theirs = Q(payer=Payer.PLATFORM)
    sums = {name: Coalesce(Sum("amount", filter=one), ZERO, output_field=MONEY) for name, one in ours.items()}
    wanted: dict[str, Any] = {f"{name}_sum": one for name, one in sums.items()} | {
        "lines": Count("pk"),
        "expected": Coalesce(Sum("amount", filter=theirs), ZERO, output_field=MONEY),
        "reported_sum": Coalesce(Sum("reported", filter=theirs), ZERO, output_field=MONEY),
    }
    counted = lines.exclude(state=LineState.CANCELLED).order_by().values("currency")
    rows: Iterable[Any] = counted.annotate(**wanted)
    return [
        LineSums(
            row["currency"], row["lines"], row["expected"], row["reported_sum"], *(row[f"{name}_sum"] for name in ours)
        )
        for row in sorted(rows, key=lambda row: row["currency"])
    ]


Row = dict[str, Any]


def _of_one(results: Results, sold: list[Row], spent: list[Row], lines: list[Row]) -> Totals:
    currency = results.currency
    others = {row["currency"] for row in (*sold, *spent, *lines)} - {currency}
    money: dict[str, Decimal] = defaultdict(Decimal)
    for row in (*spent, *lines):
        if row["currency"] == currency:
            money[row["name"]] += row["amount"]
    found = Totals(
        currency,
        sample_cost=money["sample_cost"],
        fees=money[Payer.US],
        commission_platform=money[Payer.PLATFORM],
        left_out=tuple(sorted(others)),
    )
    if sold:
        mine = next((row for row in sold if row["currency"] == currency), None)
        return found if mine is None else replace(found, source="orders", **_sales(mine))
    if results.gmv is None:
        return found
    return replace(
        found, gmv=results.gmv, refunds=results.refunds or ZERO, orders=results.orders, source="results"
    )  # fmt: skip


def _sales(row: Row) -> dict[str, Any]:
    return {
        "gmv": row["gmv"],
        "refunds": row["refunds"],
        "orders": row["orders"],
        "tax": row["taxes"],
        "goods_cost": rounded(row["goods"], row["currency"]),
        "platform_fee": rounded(row["platform_fees"], row["currency"]),
        "is_before_goods_cost": bool(row["unknown"]),
    }


def _sold(ids: list[int]) -> dict[int, list[Row]]:
    """Sums of order lines by collaboration and currency. Goods that were refunded whole came back and cost nothing."""
    counted = F("item_price") - F("seller_coupon")
    kept = Case(
        When(refunded__gte=F("item_price") - F("seller_coupon") - F("platform_coupon"), then=Value(0)),
        default=F("quantity") * F("product__unit_cost"),
        output_field=MONEY,
    )
    fee = (counted - F("refunded")) * F("product__platform_fee_rate") / 100
    unknown = Q(product=None) | Q(product__unit_cost=None) | Q(product__platform_fee_rate=None)
    found = OrderLine.objects.filter(collaboration__in=ids).order_by().values("collaboration", "currency")
    rows: Iterable[Any] = found.annotate(
        gmv=Sum(counted), refunds=Sum("refunded"), taxes=Sum("tax"), orders=Count("order_id", distinct=True),
        goods=Coalesce(Sum(kept), ZERO, output_field=MONEY),
        platform_fees=Coalesce(Sum(fee, output_field=MONEY), ZERO, output_field=MONEY),
        unknown=Count("pk", filter=unknown),
    )  # fmt: skip
    return _by_collaboration(rows)


def _samples(ids: list[int]) -> dict[int, list[Row]]:
    taken = Sample.objects.filter(collaboration__in=ids, state__in=SAMPLE_TOOK_STOCK, cost__gt=0)
    rows = taken.order_by().values("collaboration", "currency").annotate(amount=Sum("cost"))
    return _by_collaboration({**row, "name": "sample_cost"} for row in rows)


def _lines(ids: list[int]) -> dict[int, list[Row]]:
    counted = SettlementLine.objects.filter(collaboration__in=ids).exclude(state=LineState.CANCELLED)
    amount = Case(When(payer=Payer.PLATFORM, then=Coalesce("reported", "amount")), default=F("amount"))
    rows = counted.order_by().values("collaboration", "currency", "payer").annotate(sum=Sum(amount))
    return _by_collaboration({**row, "name": row["payer"], "amount": row["sum"]} for row in rows if row["sum"])


def _by_collaboration(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["collaboration"]].append(row)
    return found

"""Commission that the platform pays: what we expect of it, beside what its report says."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Shop
from campaigns.models import Collaboration, CommissionChange, OrderLine, PlanProduct, SettlementLine
from campaigns.rules.money import ZERO, Sale, commission_base, commission_of, month_after
from campaigns.rules.settlement import RateChange, rate_at
from campaigns.services.line_moves import line_open, line_step
from campaigns.services.payables import sale_of
from campaigns.states.settlements import LineKind, LineState, Payer


@dataclass
class _Expected:
    """Orders of a month in one currency that bring one kind of commission."""

    rated: list[tuple[Sale, Decimal]] = field(default_factory=list)
    reported: list[Decimal] = field(default_factory=list)
    unreported: int = 0


def month_bounds(shop: Shop, month: date) -> tuple[datetime, datetime]:
    """The first instants of the month and of the next one in the shop's time."""
    zone = ZoneInfo(shop.time_zone)
    first, last = (datetime.combine(day, time(), zone) for day in (month, month_after(month)))
    return first, last


def platform_lines_renew(*, collaboration: Collaboration, month: date, at: datetime) -> int:
    """Compute the platform's lines of a month of a collaboration that the caller holds; returns how many changed.

    Expected is Σ net of each order line × the commission that the plan had at that time (for products that are not
    in it, the report's rate); ads commission is by the report's rate. The line matches when the report says the same
    to the cent, differs when not, and stays expected while an order has no reported commission.
    """
    begins, ends = month_bounds(collaboration.shop, month)
    orders = OrderLine.objects.filter(collaboration=collaboration, ordered_at__gte=begins, ordered_at__lt=ends)
    found = _expected(collaboration, list(orders.order_by("pk")))
    lines = SettlementLine.objects.by_platform().filter(collaboration=collaboration, month=month)
    held = {(line.kind, line.currency): line for line in lines.select_for_update(of=("self",))}
    for kind, currency in held.keys() - found.keys():
        # Its orders went to another collaboration; the line stays, at nothing.
        found[kind, currency] = _Expected()
    return sum(
        _renew(collaboration, month, kind, currency, expected, held.get((kind, currency)), at)
        for (kind, currency), expected in found.items()
    )


def _expected(collaboration: Collaboration, orders: list[OrderLine]) -> dict[tuple[str, str], _Expected]:
    rates = _rates(collaboration)
    found: dict[tuple[str, str], _Expected] = defaultdict(_Expected)
    for line in orders:
        agreed = rates.get(line.product_id or 0)
        ours = line.commission_rate if agreed is None else _agreed(agreed, line, collaboration)
        given = [(LineKind.COMMISSION, ours, line.commission_reported)]
        given += [(LineKind.ADS_COMMISSION, line.ads_commission_rate, line.ads_commission_reported)]
        for kind, rate, reported in given:
            if rate is None and reported is None:
                continue
            one = found[kind, line.currency]
            one.rated.append((sale_of(line), rate or ZERO))
            one.unreported += reported is None
            one.reported += [] if reported is None else [reported]
    return found


def _rates(collaboration: Collaboration) -> dict[int, tuple[Decimal, list[RateChange]]]:
    """Today's commission of each product of the plan, and how it came to it."""
    products = {line.pk: line for line in PlanProduct.objects.filter(plan=collaboration.plan).order_by("pk")}
    changes: dict[int, list[RateChange]] = defaultdict(list)
    for one in CommissionChange.objects.filter(plan_product__in=products).order_by("pk"):
        changes[one.plan_product_id].append(RateChange(one.from_rate, one.to_rate, one.at, one.takes_effect_at))
    return {line.product_id: (line.commission_rate, changes[pk]) for pk, line in products.items()}


def _agreed(agreed: tuple[Decimal, list[RateChange]], line: OrderLine, collaboration: Collaboration) -> Decimal:
    current, changes = agreed
    return rate_at(current, changes, ordered_at=line.ordered_at, accepted_at=collaboration.accepted_at)


def _renew(
    collaboration: Collaboration,
    month: date,
    kind: str,
    currency: str,
    expected: _Expected,
    line: SettlementLine | None,
    at: datetime,
) -> int:
    amount = commission_of(expected.rated, currency)
    reported = sum(expected.reported, ZERO) if expected.reported else None
    values: dict[str, Any] = {"amount": amount, "reported": reported, "parts": _parts(expected)}
    if line is None:
        line = SettlementLine(
            shop=collaboration.shop,
            creator=collaboration.creator,
            collaboration=collaboration,
            kind=kind,
            payer=Payer.PLATFORM,
            month=month,
            currency=currency,
            state=LineState.EXPECTED,
            made_at=at,
            **values,
        )
        line_open(line=line, by=None)
        changed = True
    else:
        changed = any(getattr(line, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(line, name, value)
        if changed:
            line.save(update_fields=[*values])
    wanted = _state(amount, reported, expected.unreported)
    if wanted != line.state:
        line_step(line=line, to=wanted, at=at, by=None)
    return int(changed)


def _state(amount: Decimal, reported: Decimal | None, unreported: int) -> LineState:
    if reported is None or unreported:
        return LineState.EXPECTED
    return LineState.MATCHED if reported == amount else LineState.DIFFERS


def _parts(expected: _Expected) -> dict[str, Any]:
    """Base and number of order lines by rate."""
    groups: dict[Decimal, list[Sale]] = defaultdict(list)
    for sale, rate in expected.rated:
        groups[rate].append(sale)
    return {
        "rates": [
            {"rate": str(rate), "base": str(commission_base(sales)), "orders": len(sales)}
            for rate, sales in sorted(groups.items())
        ],
        "unreported": expected.unreported,
    }

"""Sums of orders and of what is paid for them: exact decimals, rounded half up at the currency's own digits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from creators.rules.currencies import WHOLE

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sale:
    """The money of an order line, all pieces together."""

    item_price: Decimal
    platform_coupon: Decimal = ZERO
    seller_coupon: Decimal = ZERO
    tax: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What counts for commission; below 0 when more was refunded than counted."""
        return self.item_price - self.platform_coupon - self.seller_coupon - self.tax - self.refunded


def commission_base(lines: Iterable[Sale]) -> Decimal:
    """Σ (item price − platform coupon − seller coupon − tax) − refunded value, never below 0."""
    return max(ZERO, sum((line.net for line in lines), ZERO))


def commission_of(rated: Iterable[tuple[Sale, Decimal]], currency: str) -> Decimal:
    """Σ of each order line's net × its rate in percent, each rounded by itself; never below 0 together."""
    parts = (rounded(line.net * rate / 100, currency) for line, rate in rated)
    return max(ZERO, sum(parts, ZERO))


def views_fee(views: int, per_thousand: Decimal, cap: Decimal | None, currency: str) -> Decimal:
    """The fee for all views so far: a fee for 1,000 views, never over the cap."""
    fee = rounded(per_thousand * views / 1000, currency)
    return fee if cap is None else min(fee, rounded(cap, currency))


def share_above(base: Decimal, rate: Decimal, guarantee: Decimal, currency: str) -> Decimal:
    """What a share of the base in percent brings above the guarantee: both together are the larger of the two."""
    return max(ZERO, rounded(base * rate / 100, currency) - rounded(guarantee, currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in units that the currency is paid in: cents, or whole ₫, Rp, JP¥, ₩."""
    unit = Decimal(1) if currency in WHOLE else CENT
    return amount.quantize(unit, rounding=ROUND_HALF_UP).quantize(CENT)


def month_of(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first of the next month."""
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)

"""What is left of a piece that is sold, as far as the costs are known."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")


class Contribution(NamedTuple):
    """What a piece leaves in the currency of its price, to the cent.

    `is_before_goods_cost` says that a cost is missing in it; `unknown` names which: commission_rate,
    platform_fee_rate, tax_rate, unit_cost.
    """

    amount: Decimal
    is_before_goods_cost: bool
    unknown: tuple[str, ...]


def contribution(
    price: Decimal,
    commission_rate: Decimal | None,
    platform_fee_rate: Decimal | None,
    tax_rate: Decimal | None,
    unit_cost: Decimal | None,
) -> Contribution:
    """Price less commission, platform fee, tax and goods; rates are percent of the price, None is not known.

    What is not known is not taken off and is named: an unknown cost is never 0.
    """
    rates = {"commission_rate": commission_rate, "platform_fee_rate": platform_fee_rate, "tax_rate": tax_rate}
    shares = sum((price * rate / 100 for rate in rates.values() if rate is not None), Decimal(0))
    left = price - shares - (unit_cost or Decimal(0))
    costs: dict[str, Decimal | None] = {**rates, "unit_cost": unit_cost}
    unknown = tuple(name for name, value in costs.items() if value is None)
    is_before = any(name != "commission_rate" for name in unknown)
    return Contribution(left.quantize(CENT, ROUND_HALF_UP), is_before, unknown)

"""What speaks for and against sending a sample: shown to the person who decides, never deciding by itself.

Sources: the platform facts, "Samples" (a creator of a free sample has sales and at least 5,000 followers), and the
lessons of the market, c1 numbers 1 and 19.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MIN_FOLLOWERS = 5_000


@dataclass(frozen=True)
class Facts:
    """What is known when a sample is asked for; None: not known. Money in the product's currency, sales in USD."""

    followers: int | None
    sales_usd: Decimal | None
    points: int | None
    # Codes of what guards say against working with the creator.
    findings: tuple[str, ...]
    received: int
    unfulfilled: int
    creator_market: str
    plan_market: str
    stock: int
    quantity: int
    cost: Decimal | None
    # Of the plan: what is booked for its samples, and its budget in the same currency.
    booked: Decimal
    budget: Decimal | None


def screen(facts: Facts) -> list[dict[str, Any]]:
    """The checks as objects with code, passed (true, false, or null where it is not known) and values, as stored."""
    checks = [
        _check("followers", _at_least(facts.followers, MIN_FOLLOWERS), value=facts.followers, least=MIN_FOLLOWERS),
        _check("sales", None if facts.sales_usd is None else facts.sales_usd > 0, value=_text(facts.sales_usd)),
        _check("standing", not facts.findings, findings=list(facts.findings), points=facts.points or 0),
        _check("earlier", facts.unfulfilled == 0, unfulfilled=facts.unfulfilled, received=facts.received),
        _check(
            "market", facts.creator_market == facts.plan_market, creator=facts.creator_market, plan=facts.plan_market
        ),
        _check("stock", facts.stock >= facts.quantity, stock=facts.stock, quantity=facts.quantity),
        _check("cost", None if facts.cost is None else True, cost=_text(facts.cost)),
    ]
    if facts.budget is not None:
        fits = None if facts.cost is None else facts.booked + facts.cost <= facts.budget
        values = {"cost": _text(facts.cost), "booked": _text(facts.booked), "budget": _text(facts.budget)}
        checks.append(_check("budget", fits, **values))
    return checks


def _check(code: str, passed: bool | None, **values: Any) -> dict[str, Any]:
    return {"code": code, "passed": passed, "values": values}


def _at_least(value: int | None, least: int) -> bool | None:
    return None if value is None else value >= least


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)

"""Orders, terms and lines of settlement that tests build for themselves."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import Shop, User
from campaigns.models import Agreement, Collaboration, OrderLine, SettlementLine
from campaigns.services.settlements import line_add
from campaigns.states.settlements import LineKind
from tests.factories import make_user
from tests.plans import NOON, make_collaboration, make_plan

_numbers = count(1)


def make_order(collaboration: Collaboration, price: str = "100.00", **fields: Any) -> OrderLine:
    """An order line of the collaboration's creator for the plan's product, a day after acceptance."""
    product = collaboration.plan.plan_products.get().product
    values = {
        "order_id": f"5760{next(_numbers):014d}",
        "line_id": "1",
        "creator": collaboration.creator,
        "product": product,
        "collaboration": collaboration,
        "ordered_at": NOON + timedelta(days=1),
        "currency": collaboration.plan.currency,
        "item_price": Decimal(price),
        "commission_rate": Decimal(15),
        "recorded_at": NOON + timedelta(days=2),
    }
    return OrderLine.objects.create(shop=collaboration.shop, **values | fields)


def make_terms(
    basis: str, *, state: str = "accepted", at: datetime = NOON, by: User | None = None, **terms: Any
) -> Collaboration:
    """A collaboration whose agreement has these terms, frozen at acceptance; `by` wrote them."""
    plan = make_plan(currency=terms.pop("currency", "USD"))
    collaboration = make_collaboration(plan, state="seated", at=at)
    values = {name: Decimal(value) for name, value in terms.items()}
    Agreement.objects.create(
        collaboration=collaboration, basis=basis, currency=plan.currency, written_by=by or plan.owner, written_at=at,
        **values,
    )  # fmt: skip
    return walk(collaboration, state, at=at)


def walk(collaboration: Collaboration, state: str, *, at: datetime = NOON) -> Collaboration:
    """The collaboration moved on, step by step, to the state."""
    from campaigns.services.collaborations import collaboration_move
    from tests.plans import WAY

    before = WAY.index(collaboration.state) + 1 if collaboration.state in WAY else 0
    for step in WAY[before : WAY.index(state) + 1]:
        collaboration = collaboration_move(collaboration=collaboration, to=step, by=collaboration.owner, at=at)
    return collaboration


def make_line(
    collaboration: Collaboration | None = None,
    amount: str = "120.00",
    *,
    by: User | None = None,
    at: datetime = NOON,
    kind: str = LineKind.COMPENSATION,
    note: str = "Parcel arrived broken.",
) -> SettlementLine:
    """A compensation that is due; made by somebody who plays no other part."""
    collaboration = collaboration or make_collaboration(state="accepted")
    return line_add(
        collaboration=collaboration, kind=kind, amount=Decimal(amount), note=note, by=by or make_user(), at=at
    )


def approver(shop: Shop) -> User:
    """A member of the shop who made nothing."""
    user = make_user()
    shop.memberships.create(user=user)
    return user


def sums(lines: Iterable[SettlementLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))

"""Plans and collaborations that tests build for themselves, through the real services."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import Shop, User
from campaigns.models import Campaign, Collaboration, PlanProduct, Product, TargetedPlan
from campaigns.services.collaborations import collaboration_follow, collaboration_move
from campaigns.services.seats import seats_add
from campaigns.states.collaborations import CollaborationState
from creators.models import Creator
from tests.factories import make_creator, make_market, make_shop, make_user

# A Sunday noon.
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
_numbers = count(1)
# On the way to a state, each is reached by its own move.
WAY = ("invited", "accepted", "content_due", "published", "closed")


def make_product(shop: Shop, by: User | None = None, **fields: Any) -> Product:
    number = next(_numbers)
    values = {
        "title": f"Barrier serum {number}",
        "sku": f"BRS-{number}",
        "price": Decimal("24.00"),
        "currency": "USD",
        "sample_cost": Decimal("6.50"),
        "sample_stock": 10,
        "created_by": by or make_user(),
        "created_at": NOON,
    }
    return Product.objects.create(shop=shop, **values | fields)


def make_campaign(shop: Shop, owner: User, **fields: Any) -> Campaign:
    values = {
        "name": f"Winter care {next(_numbers)}",
        "goal": "sales",
        "currency": "USD",
        "budget": Decimal("9000"),
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2027, 1, 31),
        "created_by": owner,
        "created_at": NOON,
    }
    return Campaign.objects.create(shop=shop, owner=owner, **values | fields)


def make_plan(
    shop: Shop | None = None,
    owner: User | None = None,
    *,
    products: Sequence[Product] | None = None,
    rate: str = "15",
    **fields: Any,
) -> TargetedPlan:
    """A running plan without samples for one product; the shop has its owner as a member."""
    owner = owner or make_user()
    shop = shop or make_shop([owner])
    values = {
        "name": f"Plan {next(_numbers)}",
        "market": make_market("US"),
        "ends_on": date(2026, 12, 14),
        "currency": "USD",
        "state": "running",
        "started_at": NOON,
        "sample_rule": "none",
        "message": "Hello {creator}",
        "created_by": owner,
        "created_at": NOON,
    }
    plan = TargetedPlan.objects.create(shop=shop, owner=owner, **values | fields)
    for slot, product in enumerate([make_product(shop, owner)] if products is None else products, start=1):
        PlanProduct.objects.create(plan=plan, slot=slot, product=product, commission_rate=Decimal(rate))
    return plan


def make_creators(number: int, **facts: Any) -> list[Creator]:
    return [make_creator(**facts) for _ in range(number)]


def seat_all(plan: TargetedPlan, creators: Iterable[Creator], *, at: datetime = NOON) -> list[Collaboration]:
    """Collaborations of the creators in the plan; fails when one gets no seat."""
    seating = seats_add(plan=plan, creator_ids=[creator.pk for creator in creators], by=plan.owner, at=at)
    assert seating.refused == {}
    return [seat.collaboration for seat in seating.seats]


def make_collaboration(
    plan: TargetedPlan | None = None, creator: Creator | None = None, *, state: str = "seated", at: datetime = NOON
) -> Collaboration:
    """A collaboration that went the way without a sample to the state."""
    plan = plan or make_plan()
    collaboration = seat_all(plan, [creator or make_creator()], at=at)[0]
    if state != CollaborationState.SEATED:
        for step in WAY[: WAY.index(state) + 1]:
            collaboration = collaboration_move(collaboration=collaboration, to=step, by=plan.owner, at=at)
    return collaboration


def followed(collaboration: Collaboration, *, at: datetime = NOON) -> Collaboration:
    return collaboration_follow(collaboration=collaboration, at=at)

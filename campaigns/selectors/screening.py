"""What is known about a creator and a product when a sample is asked for."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Sum

from accounts.models import User
from campaigns.models import Collaboration, Product, Sample
from campaigns.rules.screening import Facts, screen
from campaigns.states.samples import SAMPLE_RECEIVED, SAMPLE_TOOK_STOCK, SampleState
from creators.models import Creator
from creators.selectors.guards import marks_of


def screening_of(
    collaboration: Collaboration, product: Product, quantity: int, *, user: User, at: datetime
) -> list[dict[str, Any]]:
    """The checks of the pre-screen for a sample of the product, as `Sample.screening` holds them."""
    creator, plan = collaboration.creator, collaboration.plan
    facts = _facts(creator)
    # A shop knows its own samples only.
    earlier = Sample.objects.filter(collaboration__shop=collaboration.shop_id, collaboration__creator=creator)
    received = earlier.filter(state__in=SAMPLE_RECEIVED)
    return screen(
        Facts(
            followers=getattr(facts, "followers", None),
            sales_usd=getattr(facts, "gmv_30d_usd", None),
            points=getattr(facts, "points", None),
            findings=tuple(one.code for one in marks_of([creator.pk], user, at).get(creator.pk, [])),
            received=received.count(),
            unfulfilled=received.filter(state=SampleState.UNFULFILLED).count(),
            creator_market=creator.market_id,
            plan_market=plan.market_id,
            stock=Product.objects.values_list("sample_stock", flat=True).get(pk=product.pk),
            quantity=quantity,
            cost=None if product.sample_cost is None else product.sample_cost * quantity,
            booked=booked_of(plan.pk, product.currency),
            budget=plan.budget if plan.currency == product.currency else None,
        )
    )


def booked_of(plan_id: int, currency: str) -> Decimal:
    """What is booked for the samples of a plan, in the currency."""
    booked = Sample.objects.filter(
        collaboration__plan=plan_id, currency=currency, state__in=SAMPLE_TOOK_STOCK
    ).aggregate(total=Sum("cost"))
    return booked["total"] or Decimal(0)


def _facts(creator: Creator) -> Any:
    try:
        return creator.facts
    except ObjectDoesNotExist:
        return None

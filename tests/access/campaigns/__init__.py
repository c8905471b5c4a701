"""Addresses of campaigns, by noun."""

from typing import Any

from accounts.models import Shop, User
from creators.models import Creator
from tests.access.campaigns import (
    agreements,
    campaigns,
    collaborations,
    contents,
    outreach,
    plans,
    problems,
    products,
    samples,
    settlements,
)
from tests.access.people import Row
from tests.factories import make_creator
from tests.plans import make_collaboration, make_plan, make_product

NOUNS = (products, campaigns, plans, collaborations, outreach, agreements, samples, contents, settlements, problems)
ROWS: list[Row] = [row for noun in NOUNS for row in noun.ROWS]


def world(*, people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    """Rows of every noun; product, plan and collaboration (accepted) are the seller's.

    `creator` has violations and is on a blacklist: the collaboration is another one's.
    """
    product = make_product(shop, people["seller"])
    plan = make_plan(shop, people["seller"], products=[product])
    collaboration = make_collaboration(plan, make_creator(), state="accepted")
    known: dict[str, Any] = {"product": product, "plan": plan, "collaboration": collaboration}
    for noun in NOUNS:
        known |= noun.world(people=people, shop=shop, creator=creator, **_own(known))
    return known


def _own(known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in ("product", "plan", "collaboration")}

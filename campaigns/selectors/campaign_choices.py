"""What the forms of campaigns offer."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Shop, User
from accounts.rules import ROLES
from accounts.states import Permission
from campaigns.models import Campaign, Product
from creators.models import Market

OWNING = [code for code, role in ROLES.items() if Permission.PLAN_EDIT in role.permissions]
EVERYWHERE = [code for code in OWNING if ROLES[code].all_shops]


def owners_for(shops: Iterable[Shop], *kept: User) -> QuerySet[User]:
    """Who may own a campaign of one of the shops; `kept` stay choosable whatever they do now."""
    works = Q(memberships__shop__in=shops) | Q(role__in=EVERYWHERE)
    chosen = Q(is_active=True, role__in=OWNING) & works
    return User.objects.filter(chosen | Q(pk__in=[user.pk for user in kept])).distinct().order_by("name", "pk")


def currencies() -> list[str]:
    """The currencies of the markets, by code."""
    return sorted(set(Market.objects.values_list("currency", flat=True)))


def currency_of(shop: Shop | None) -> str:
    """The currency of a shop's market; the dollar where that is not known."""
    found = Market.objects.filter(pk=shop.market_code).values_list("currency", flat=True).first() if shop else None
    return found or "USD"


def products_for(campaign: Campaign) -> QuerySet[Product]:
    """The products that a matrix of the campaign can have."""
    return Product.objects.filter(shop=campaign.shop_id).active().order_by("title", "pk")

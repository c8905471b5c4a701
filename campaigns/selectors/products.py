"""Reads of products: what a piece leaves, the plans that a product is in, and who changed what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import SEATS, PlanProduct, Product, TargetedPlan
from campaigns.models.products import TRACKED
from campaigns.rules.contribution import Contribution, contribution
from campaigns.states.plans import PLAN_OPEN, PRODUCT_LOOKS
from core.ui import UNKNOWN, format_money, format_number

HISTORY_ROWS = 100
MONEY = ("price", "unit_cost", "sample_cost")


@dataclass(frozen=True)
class ProductRow:
    """A product of the list with what a piece leaves, and in how many plans that are not over it is."""

    product: Product
    left: Contribution
    plans: int


@dataclass(frozen=True)
class Step:
    """A line of the sum: what is taken off a piece's price, None where it is not known."""

    label: str
    amount: Decimal | None
    rate: Decimal | None = None


@dataclass(frozen=True)
class PlanLine:
    """A plan that the product is or was in, with its commission there."""

    plan: TargetedPlan
    rate: Decimal
    taken: int
    is_removed: bool

    @property
    def seats(self) -> int:
        return SEATS


@dataclass(frozen=True)
class Change:
    """What somebody changed: (name, before, after) of each field in words; empty for the first row.

    `origin` is the network address it came from, when it is known.
    """

    at: datetime
    by: User | None
    origin: str
    fields: list[tuple[str, str, str]]


def contribution_of(product: Product) -> Contribution:
    """What a piece leaves at the usual commission."""
    return contribution(
        product.price,
        product.default_commission_rate,
        product.platform_fee_rate,
        product.tax_rate,
        product.unit_cost,
    )


def steps_of(product: Product) -> list[Step]:
    """What is taken off the price of a piece, line by line."""
    rates = [
        (_("Commission at the usual rate"), product.default_commission_rate),
        (_("Platform fee"), product.platform_fee_rate),
        (_("Tax"), product.tax_rate),
    ]
    steps = [
        Step(label, None if rate is None else -(product.price * rate / 100).quantize(Decimal("0.01")), rate)
        for label, rate in rates
    ]
    return [*steps, Step(_("Unit cost"), None if product.unit_cost is None else -product.unit_cost)]


def rows_of(products: Sequence[Product]) -> list[ProductRow]:
    """The products of a page as rows."""
    counted = (
        PlanProduct.objects.filter(product__in=products, removed_at__isnull=True, plan__state__in=PLAN_OPEN)
        .order_by()
        .values_list("product")
        .annotate(Count("pk"))
    )
    plans: dict[int, int] = dict(counted)
    return [ProductRow(product, contribution_of(product), plans.get(product.pk, 0)) for product in products]


def plans_of(product: Product) -> list[PlanLine]:
    """The plans of a product, the newest first."""
    taken = Count("plan__seats", filter=Q(plan__seats__released_at__isnull=True))
    found = product.plan_products.select_related("plan__market").annotate(taken=taken).order_by("-plan", "-pk")
    return [PlanLine(one.plan, one.commission_rate, one.taken, one.removed_at is not None) for one in found]


def changes_of(product: Product) -> list[Change]:
    """Who changed what, the newest first; at most 100."""
    before: Any = None
    changes: list[Change] = []
    for event, by, origin in _events(product):
        fields = [] if before is None else list(_differences(product, before, event))
        if before is None or fields:
            at = product.created_at if before is None else event.pgh_created_at
            changes.append(Change(at, by, origin, fields))
        before = event
    return changes[::-1][:HISTORY_ROWS]


def _events(product: Product) -> Iterator[tuple[Any, User | None, str]]:
    events = apps.get_model("campaigns", "ProductEvent")._default_manager.filter(pgh_obj_id=product.pk)
    rows = list(events.select_related("pgh_context").order_by("pgh_id"))
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    people = User.objects.in_bulk([actor for context in contexts if (actor := context.get("user"))])
    for row, context in zip(rows, contexts, strict=True):
        yield row, people.get(context.get("user")), context.get("address", "")


def _differences(product: Product, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    for name in TRACKED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield _label(name), _words(product, name, old), _words(product, name, new)


def _label(name: str) -> str:
    if name == "state":
        return _("State")
    return str(Product._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(product: Product, name: str, value: Any) -> str:
    if value in (None, ""):
        return UNKNOWN
    if name == "state":
        return str(PRODUCT_LOOKS[value].label)
    if name in MONEY:
        return format_money(value, product.currency, get_language() or "en")
    if name.endswith("_rate"):
        return f"{format_number(value, 2).rstrip('0').rstrip('.')}%"
    return str(value)

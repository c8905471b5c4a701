"""Products of a plan, each with its commission; the slots hold the platform's limit of 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import PRODUCTS, PlanProduct, Product, TargetedPlan
from campaigns.rules.commissions import HIGHEST, LOWEST
from campaigns.rules.plans import rate_text
from campaigns.selectors.seating import elsewhere_of
from campaigns.services.plan_texts import message_check
from campaigns.states.plans import PLAN_OPEN, PlanState, ProductState
from core.errors import DomainError
from creators.models import Creator


@dataclass(frozen=True)
class ProductLine:
    """A product for a plan; `rate` in percent, None is the product's usual commission."""

    product: Product
    rate: Decimal | None = None


@transaction.atomic
def products_add(
    *, plan: TargetedPlan, lines: Sequence[ProductLine], by: User, at: datetime
) -> list[PlanProduct]:  # fmt: skip
    """Put products into an open plan. Raises what `lines_add` raises, `plan_closed` (409), and `creators_hindered`
    (409) when creators of this running plan are in another running one for such a product."""
    held = _held_open(plan)
    added = lines_add(plan=held, lines=lines)
    if held.state == PlanState.RUNNING:
        seated = list(held.seats.taken().values_list("creator", flat=True))
        elsewhere = elsewhere_of(held, seated)
        if elsewhere:
            names = {one.pk: str(one) for one in Creator.objects.filter(pk__in=elsewhere)}
            told = "\n".join(f"{names[pk]}: {refusal.message}" for pk, refusal in elsewhere.items())
            text = _("Drop these creators first:\n%(creators)s") % {"creators": told}
            raise DomainError("creators_hindered", text, status=409)
    message_check(held)
    return added


@transaction.atomic
def product_remove(*, plan_product: PlanProduct, by: User, at: datetime) -> PlanProduct:
    """Take a product out of an open plan; a running plan keeps at least one.

    Raises DomainError `plan_closed` (409), `product_removed` (409), `last_product` (409).
    """
    plan = _held_open(plan_product.plan)
    held = PlanProduct.objects.select_for_update(of=("self",)).select_related("product").get(pk=plan_product.pk)
    if held.removed_at is not None:
        text = _("%(product)s is out of the plan already.") % {"product": held.product}
        raise DomainError("product_removed", text, status=409)
    others = plan.plan_products.filter(removed_at__isnull=True).exclude(pk=held.pk)
    if plan.state == PlanState.RUNNING and not others.exists():
        text = _("A running plan needs a product. Add another one first, or close the plan.")
        raise DomainError("last_product", text, status=409)
    with pghistory.context(user=by.pk):
        held.removed_at = at
        held.save(update_fields=["removed_at"])
    return held


def lines_add(*, plan: TargetedPlan, lines: Sequence[ProductLine]) -> list[PlanProduct]:
    """Store the products in the first free slots of a plan that the caller holds.

    Raises DomainError `product_of_other_shop`, `product_not_active`, `product_in_plan`, `products_too_many`,
    `commission_missing`, `commission_out_of_range`, `commission_above_max`.
    """
    held = list(plan.plan_products.filter(removed_at__isnull=True))
    taken, known = {one.slot for one in held}, {one.product_id for one in held}
    free = [slot for slot in range(1, PRODUCTS + 1) if slot not in taken]
    if len(lines) > len(free):
        text = _("A plan holds at most %(most)s products, and there is room for %(free)s more.")
        raise _refused("products_too_many", text % {"most": PRODUCTS, "free": len(free)})
    stored = []
    for slot, line in zip(free, lines, strict=False):
        _check_product(plan, line.product, known)
        known.add(line.product.pk)
        rate = line.product.default_commission_rate if line.rate is None else line.rate
        if rate is None:
            text = _("Write the commission of %(product)s: it has no usual one.") % {"product": line.product}
            raise DomainError("commission_missing", text, fields={"commission_rate": text})
        rate_check(product=line.product, rate=rate)
        stored.append(PlanProduct(plan=plan, slot=slot, product=line.product, commission_rate=rate))
    return PlanProduct.objects.bulk_create(stored)


def rate_check(*, product: Product, rate: Decimal) -> None:
    """Refuse a commission outside 1–80 % or above the product's highest.

    Raises DomainError `commission_out_of_range`, `commission_above_max`.
    """
    if not LOWEST <= rate <= HIGHEST:
        text = _("A commission lies between 1% and 80%.")
        raise DomainError("commission_out_of_range", text, fields={"commission_rate": text})
    most = product.max_commission_rate
    if most is not None and rate > most:
        text = _("%(product)s: the highest commission is %(most)s%%.")
        told = text % {"product": product, "most": rate_text(most)}
        raise DomainError("commission_above_max", told, fields={"commission_rate": told})


def _check_product(plan: TargetedPlan, product: Product, known: set[int]) -> None:
    places = {"product": product}
    if product.shop_id != plan.shop_id:
        raise _refused("product_of_other_shop", _("%(product)s belongs to another shop.") % places)
    if product.state != ProductState.ACTIVE:
        raise _refused("product_not_active", _("%(product)s is not sold now. Activate it first.") % places)
    if product.pk in known:
        raise _refused("product_in_plan", _("%(product)s is in the plan already.") % places)


def _refused(code: str, text: str) -> DomainError:
    return DomainError(code, text, fields={"products": text})


def _held_open(plan: TargetedPlan) -> TargetedPlan:
    """The plan, held behind its shop's lock, if its products may change."""
    Shop.objects.select_for_update(no_key=True).get(pk=plan.shop_id)
    held = TargetedPlan.objects.select_for_update(of=("self",), no_key=True).select_related("shop").get(pk=plan.pk)
    if held.state not in PLAN_OPEN:
        text = _("%(plan)s is %(state)s: its products stay as they are.") % {"plan": held, "state": held.look.label}
        raise DomainError("plan_closed", text, status=409)
    return held

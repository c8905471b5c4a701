"""Products of a shop: made, changed, paused and retired; each change is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Product
from campaigns.rules.product_rows import MONEY_FIELDS, PROBLEMS, problems_of
from campaigns.services.stock import stock_change
from campaigns.states.plans import PRODUCT_TRANSITIONS, ProductState
from core.errors import DomainError

# What people and files may write; stock and state have services of their own.
FIELDS = (
    "platform_id", "sku", "title", "category", "price", "currency", "unit_cost", "platform_fee_rate", "tax_rate",
    "sample_cost", "default_commission_rate", "max_commission_rate", "compliance_notes",
)  # fmt: skip
TEXTS = ("platform_id", "sku", "title", "currency", "compliance_notes")


@transaction.atomic
def product_create(
    *, shop: Shop, values: Mapping[str, Any], by: User, at: datetime, stock: int = 0, note: str = ""
) -> Product:
    """A product with `values` by name of FIELDS, rates in percent; `stock` samples are booked in with the note.

    Raises DomainError `product_invalid` with the fields to correct, `product_exists`, and those of `stock_change`.
    """
    product = Product(shop=shop, created_by=by, created_at=at)
    _fill(product, values)
    _check(product)
    with pghistory.context(user=by.pk):
        product.save()
        # Row history holds changes only; with this first row it says what a product began with, too.
        pghistory.create_event(product, label="update")
    if stock:
        stock_change(product=product, delta=stock, note=note or _("Stock when it was added"), by=by, at=at)
    return product


@transaction.atomic
def product_update(*, product: Product, values: Mapping[str, Any], by: User) -> Product:
    """Change the fields that `values` names. What stays the same leaves no row in the history.

    Raises DomainError `product_invalid`, `product_exists`, `currency_fixed` (409).
    """
    held = Product.objects.select_for_update(of=("self",), no_key=True).select_related("category").get(pk=product.pk)
    before = {name: getattr(held, name) for name in FIELDS}
    _fill(held, values)
    changed = [name for name in FIELDS if getattr(held, name) != before[name]]
    if not changed:
        return held
    _check(held)
    if "currency" in changed:
        _check_currency(held, before, values)
    with pghistory.context(user=by.pk):
        held.save(update_fields=changed)
    return held


@transaction.atomic
def product_move(*, product: Product, to: str, by: User) -> Product:
    """Pause, retire or activate. Raises DomainError `product_move_impossible` (409)."""
    held = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if to not in PRODUCT_TRANSITIONS[held.state]:
        label = ProductState(to).label if to in ProductState.values else to
        text = _("%(product)s is %(state)s: from there it does not become %(to)s. Reload the page.")
        places = {"product": held, "state": held.look.label, "to": label}
        raise DomainError("product_move_impossible", text % places, status=409)
    held.state = to
    with pghistory.context(user=by.pk):
        held.save(update_fields=["state"])
    return held


@transaction.atomic
def product_change(*, product: Product, values: Mapping[str, Any], state: str, by: User) -> Product:
    """Change fields and state together, or nothing. Raises what `product_update` and `product_move` raise."""
    after = product_update(product=product, values=values, by=by)
    return after if state == after.state else product_move(product=after, to=state, by=by)


def invalid(problems: list[tuple[str, str]]) -> DomainError:
    """The refusal that names each field with what to correct, the first one as the message."""
    fields: dict[str, str | Promise] = {}
    for name, code in problems:
        fields.setdefault(name, PROBLEMS[code])
    return DomainError("product_invalid", next(iter(fields.values())), fields=fields)


def _fill(product: Product, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"no field of a product: {sorted(unknown)}")
    for name, value in values.items():
        setattr(product, name, value.strip() if name in TEXTS else value)


def _check_currency(product: Product, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """A new currency is for a product that nobody has planned with, and for all of its amounts together."""
    if product.plan_products.exists():
        text = _("%(product)s is in a plan, so its currency stays %(currency)s. Add it as a new product instead.")
    elif any(before[name] is not None and name not in values for name in MONEY_FIELDS):
        text = _("%(product)s has other amounts in %(currency)s. Change all of its amounts together.")
    else:
        return
    text = text % {"product": product, "currency": before["currency"]}
    raise DomainError("currency_fixed", text, fields={"currency": text}, status=409)


def _check(product: Product) -> None:
    problems = problems_of({name: getattr(product, name) for name in FIELDS})
    if problems:
        raise invalid(problems)
    others = Product.objects.filter(shop_id=product.shop_id).exclude(pk=product.pk)
    taken = {
        "platform_id": _("Another product of this shop has this product ID: %(other)s."),
        "sku": _("Another product of this shop has this SKU: %(other)s."),
    }
    for name, text in taken.items():
        value = getattr(product, name)
        other = others.filter(**{name: value}).first() if value else None
        if other is not None:
            told = text % {"other": other}
            raise DomainError("product_exists", told, fields={name: told}, status=409)

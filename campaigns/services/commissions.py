"""Commissions of a plan's products: a rise at once, a cut from the next midnight for who shows the product."""

from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import CommissionChange, PlanProduct
from campaigns.rules.commissions import commission_at, takes_effect_at
from campaigns.selectors.commissions import changes_of
from campaigns.services.plan_products import rate_check
from campaigns.services.plan_texts import message_check
from campaigns.states.plans import PLAN_OPEN
from core.errors import DomainError


@transaction.atomic
def commission_change(*, plan_product: PlanProduct, rate: Decimal, by: User, at: datetime) -> CommissionChange:
    """Change the commission of a product in a plan; the row says from when a cut holds for who shows it.

    Raises DomainError `plan_closed`, `product_removed` (409), `commission_same`, and what `rate_check` raises.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=plan_product.plan.shop_id)
    held = PlanProduct.objects.select_for_update(of=("self",)).select_related("plan__market", "plan__shop", "product")
    line = held.get(pk=plan_product.pk)
    _check_open(line)
    rate_check(product=line.product, rate=rate)
    if rate == line.commission_rate:
        text = _("This is the commission already.")
        raise DomainError("commission_same", text, fields={"commission_rate": text})
    changes = changes_of(line)
    # Who shows it longest has the highest rate: rises reach everybody at once, cuts them last.
    since = changes[0].at if changes else at
    highest = commission_at(line.commission_rate, changes, showing_since=since, at=at)
    change = CommissionChange.objects.create(
        plan_product=line,
        from_rate=line.commission_rate,
        to_rate=rate,
        by=by,
        at=at,
        takes_effect_at=takes_effect_at(highest, rate, at=at, time_zone=line.plan.market.time_zone),
    )
    with pghistory.context(user=by.pk):
        line.commission_rate = rate
        line.save(update_fields=["commission_rate"])
    message_check(line.plan)
    return change


def _check_open(line: PlanProduct) -> None:
    if line.plan.state not in PLAN_OPEN:
        text = _("%(plan)s is %(state)s: its commissions stay as they are.")
        raise DomainError("plan_closed", text % {"plan": line.plan, "state": line.plan.look.label}, status=409)
    if line.removed_at is not None:
        text = _("%(product)s is out of the plan already.") % {"product": line.product}
        raise DomainError("product_removed", text, status=409)

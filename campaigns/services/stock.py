"""Stock of samples: every piece that comes or goes leaves a row, and there are never fewer than none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Product, Sample, StockMove
from campaigns.rules.product_rows import STOCK_MAX
from core.errors import DomainError


@transaction.atomic
def stock_change(
    *, product: Product, delta: int, note: str, by: User | None, at: datetime, sample: Sample | None = None
) -> StockMove:
    """Add pieces to a product's stock, or with a negative `delta` take them out; `by` None is the clock.

    Holds the product's row until the transaction ends: who comes second sees what the first has left.
    Raises DomainError `stock_unchanged`, `stock_too_low` (409), `stock_too_high`.
    """
    if delta == 0:
        text = _("Write how many pieces come in or go out.")
        raise DomainError("stock_unchanged", text, fields={"delta": text})
    held = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    balance = held.sample_stock + delta
    if balance < 0:
        places = {"product": held, "stock": held.sample_stock, "wanted": -delta}
        text = _("%(product)s: %(stock)s samples in stock, %(wanted)s wanted. Book what came in first.") % places
        raise DomainError("stock_too_low", text, fields={"delta": text}, status=409)
    if balance > STOCK_MAX:
        text = _("More than 1,000,000 samples cannot be in stock. Check the number.")
        raise DomainError("stock_too_high", text, fields={"delta": text})
    held.sample_stock = balance
    held.save(update_fields=["sample_stock"])
    product.sample_stock = balance
    return StockMove.objects.create(
        product=held, delta=delta, balance=balance, sample=sample, note=note.strip()[:200], by=by, at=at
    )

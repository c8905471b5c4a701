"""What creators ask for, as told to a shop."""

from datetime import date, datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Agreement, Quote
from campaigns.states.settlements import QuoteForm, QuoteSource
from core.errors import DomainError
from creators.models import Creator

log = structlog.get_logger()


@transaction.atomic
def quote_record(
    *,
    creator: Creator,
    shop: Shop,
    form: str,
    price: Decimal,
    currency: str,
    by: User,
    at: datetime,
    valid_until: date | None = None,
    source: str = QuoteSource.CREATOR,
    note: str = "",
) -> Quote:
    """Keep what the creator asks for. Raises DomainError `quote_invalid` with the fields."""
    problems = {}
    if form not in QuoteForm.values:
        problems["form"] = _("Choose what the price is for.")
    if source not in QuoteSource.values:
        problems["source"] = _("Choose who named the price.")
    if price < 0:
        problems["price"] = _("A price is not negative.")
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        problems["currency"] = _("Write the three letters of the currency, such as USD.")
    if valid_until is not None and valid_until < at.date():
        problems["valid_until"] = _("This day is over.")
    if problems:
        raise DomainError("quote_invalid", _("The quote is not complete: see the fields."), fields=problems)
    return Quote.objects.create(
        creator=creator,
        shop=shop,
        form=form,
        price=price,
        currency=currency,
        valid_until=valid_until,
        source=source,
        note=note.strip(),
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def quote_remove(*, quote: Quote, by: User) -> None:
    """Take a quote away that was written by mistake. Raises DomainError `quote_in_terms` (409)."""
    held = Quote.objects.select_for_update().get(pk=quote.pk)
    if Agreement.objects.filter(quote=held, frozen_at__isnull=False).exists():
        text = _("Frozen terms rest on this quote: it stays.")
        raise DomainError("quote_in_terms", text, status=409)
    log.info("quote_removed", quote=held.pk, creator=held.creator_id, shop=held.shop_id, by=by.pk)
    held.delete()

"""Reference lists that admins keep: exchange rates, and the headers that uploaded lists use."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from creators.models import ExchangeRate, HeaderAlias
from creators.rules.headers import normalise_header
from creators.services.imports import FIELDS


@transaction.atomic
def rate_set(*, currency: str, valid_from: date, usd: Decimal, by: User) -> ExchangeRate:
    """Set what one unit of a currency is worth in USD from a day on; a rate of the same day is replaced.

    Values already imported keep the rate they were converted with until they are merged again. Raises DomainError
    `rate_of_usd`, `currency_invalid`.
    """
    currency = currency.strip().upper()
    if currency == "USD":
        raise DomainError("rate_of_usd", _("USD is always worth 1."), fields={"currency": _("Choose another one.")})
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        message = _("A currency has three letters, such as VND.")
        raise DomainError("currency_invalid", message, fields={"currency": message})
    rate, _created = ExchangeRate.objects.update_or_create(
        currency=currency, valid_from=valid_from, defaults={"usd": usd}
    )
    return rate


@transaction.atomic
def alias_set(*, header: str, field: str, window_days: int | None, by: User) -> HeaderAlias:
    """Let a column header mean a field ("" for a known header that nothing is kept of).

    A header that is there already is changed. Raises DomainError `header_empty`, `field_unknown`.
    """
    name = normalise_header(header)[:120]
    if not name:
        message = _("Write the header as the list has it.")
        raise DomainError("header_empty", message, fields={"header": message})
    if field and field not in FIELDS:
        message = _("There is no field %(field)s.") % {"field": field}
        raise DomainError("field_unknown", message, fields={"field": message})
    alias, _created = HeaderAlias.objects.update_or_create(
        header=name, defaults={"field": field, "window_days": window_days}
    )
    return alias


@transaction.atomic
def alias_delete(*, alias: HeaderAlias, by: User) -> None:
    """Forget a header; lists that use it are asked about that column again."""
    alias.delete()

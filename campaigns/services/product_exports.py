"""The export of products; recorded like every other."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from campaigns.exports.products import PRODUCT_COLUMNS
from campaigns.filters.products import product_filter
from core.errors import DomainError
from core.exports import DIRECT_ROWS, Table
from core.services import Extract, extract_now


def products_export(*, query: str, file_format: str, by: User) -> Table:
    """Record the export of the products that pass the filters of a query, and return its table.

    Raises DomainError `export_not_allowed` (403), `product_filter_unreadable`, `no_products`, `too_many_rows`.
    """
    if not by.can(Permission.CAMPAIGN_EXPORT):
        raise DomainError("export_not_allowed", by.refusal(Permission.CAMPAIGN_EXPORT), status=403)
    products = product_filter(QueryDict(query), user=by)
    if products.errors:
        text = _("Some filters could not be read. Correct them in the list, then export again.")
        raise DomainError("product_filter_unreadable", text)
    count = products.qs.order_by().count()
    if not count:
        raise DomainError("no_products", _("No product is left to export. Change the filters."))
    if count > DIRECT_ROWS:
        raise DomainError("too_many_rows", _("More than 50,000 products. Narrow the filters, such as to one shop."))

    def table(made_at: datetime) -> Table:
        local = timezone.localtime(made_at)
        about = [
            (_("File"), _("Products")),
            (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
            (_("Made by"), str(by)),
        ]
        rows = products.qs.iterator(chunk_size=1_000)
        return Table(f"{_('Products')} {local:%Y-%m-%d}", _("Products"), PRODUCT_COLUMNS, rows, about)

    return extract_now(extract=Extract(_("Products"), query, file_format, count, table), by=by)

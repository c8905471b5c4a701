"""The export of campaigns; recorded like every other."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from campaigns.exports.campaigns import CAMPAIGN_COLUMNS
from campaigns.filters.campaigns import campaign_filter
from campaigns.selectors.campaigns import rows_of
from core.errors import DomainError
from core.exports import Table
from core.services import Extract, extract_now

# Every row is summed over its collaborations.
MOST = 1_000


def campaigns_export(*, query: str, file_format: str, by: User) -> Table:
    """Record the export of the campaigns that pass the filters of a query, and return its table.

    Raises DomainError `export_not_allowed` (403), `campaign_filter_unreadable`, `no_campaigns`, `too_many_rows`.
    """
    if not by.can(Permission.CAMPAIGN_EXPORT):
        raise DomainError("export_not_allowed", by.refusal(Permission.CAMPAIGN_EXPORT), status=403)
    campaigns = campaign_filter(QueryDict(query), user=by)
    if campaigns.errors:
        text = _("Some filters could not be read. Correct them in the list, then export again.")
        raise DomainError("campaign_filter_unreadable", text)
    found = list(campaigns.qs[: MOST + 1])
    if not found:
        raise DomainError("no_campaigns", _("No campaign is left to export. Change the filters."))
    if len(found) > MOST:
        raise DomainError("too_many_rows", _("More than 1,000 campaigns. Narrow the filters, such as to one shop."))

    def table(made_at: datetime) -> Table:
        local = timezone.localtime(made_at)
        about = [
            (_("File"), _("Campaigns")),
            (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
            (_("Made by"), str(by)),
        ]
        return Table(f"{_('Campaigns')} {local:%Y-%m-%d}", _("Campaigns"), CAMPAIGN_COLUMNS, rows_of(found), about)

    return extract_now(extract=Extract(_("Campaigns"), query, file_format, len(found), table), by=by)

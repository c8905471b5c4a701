"""The export of a plan: a row a seat, released ones too; each export is recorded."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from campaigns.exports.plans import PLAN_COLUMNS
from campaigns.models import TargetedPlan
from campaigns.selectors.collaborations import rows_of, shown
from core.errors import DomainError
from core.exports import Table
from core.services import Extract


def plan_extract(*, plan: TargetedPlan, file_format: str, by: User, at: datetime) -> Extract:
    """The seats of the plan in the order of their slots. Raises DomainError `export_not_allowed` (403)."""
    if not by.can(Permission.CAMPAIGN_EXPORT):
        raise DomainError("export_not_allowed", by.refusal(Permission.CAMPAIGN_EXPORT), status=403)
    taken_first = F("seat__released_at").asc(nulls_first=True)
    seated = shown(plan.collaborations.order_by(taken_first, "seat__slot", "pk")).select_related("seat")
    count = seated.count()
    title = f"{plan.code} {plan.name}"

    def table(made_at: datetime) -> Table:
        local = timezone.localtime(made_at)
        about = [
            (_("File"), title),
            (_("Shop"), str(plan.shop)),
            (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
            (_("Made by"), str(by)),
        ]
        return Table(f"{title} {local:%Y-%m-%d}", _("Seats"), PLAN_COLUMNS, rows_of(seated, by, made_at), about)

    return Extract(title, f"plan={plan.pk}", file_format, count, table)

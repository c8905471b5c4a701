"""Settlement on the page of a collaboration."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.money import line_sums, totals
from campaigns.selectors.settlements import exact, rows_of


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """The lines of the collaboration with their sums by currency, and what is left of its sales."""
    lines = collaboration.settlement_lines.order_by("month", "pk")
    found = totals([collaboration.pk])[collaboration.pk]
    return {
        "rows": rows_of(list(lines.values_list("pk", flat=True)), user, at=at),
        "totals": found,
        "left": exact(found.contribution, found.currency),
        "has_money": found.gmv is not None or bool(found.cost),
        "sums": [
            {
                "currency": one.currency,
                "payable": exact(one.payable, one.currency),
                "paid": exact(one.paid, one.currency),
            }
            for one in line_sums(collaboration.settlement_lines.all())
        ],
        "may_add": user.can(Permission.SETTLEMENT_EDIT) and collaboration.accepted_at is not None,
    }

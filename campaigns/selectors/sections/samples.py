"""The samples on a collaboration's page."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.samples import rows_of
from campaigns.states.collaborations import AGREED


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """What `campaigns/section_samples.html` shows."""
    samples = list(collaboration.samples.select_related("product", "decided_by", "requested_by").order_by("pk"))
    for sample in samples:
        sample.collaboration = collaboration
    return {
        "samples": rows_of(samples, at=at),
        "may_decide": user.can(Permission.SAMPLE_DECIDE),
        "may_request": collaboration.plan.has_samples
        and collaboration.state in AGREED
        and user.can(Permission.COLLABORATION_EDIT),
    }

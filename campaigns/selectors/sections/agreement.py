"""The terms on a collaboration's page."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.agreements import terms_read
from campaigns.selectors.quotes import listed_quote_of, quote_lines


def section_of(collaboration: Collaboration, user: User, at: datetime) -> dict[str, Any]:
    """What `campaigns/section_agreement.html` shows."""
    terms = terms_read(collaboration)
    may_edit = user.can(Permission.COLLABORATION_EDIT)
    return {
        "terms": terms,
        "quotes": quote_lines(collaboration.creator, collaboration.shop, today=at.date()),
        "listed": listed_quote_of(collaboration.creator),
        "may_write": may_edit and not terms.is_frozen and not collaboration.is_over,
        "may_quote": may_edit,
        "may_send_link": terms.is_frozen
        and not terms.agreement.acknowledged_at
        and not collaboration.is_over
        and user.can(Permission.CREATOR_LINK_SEND),
    }

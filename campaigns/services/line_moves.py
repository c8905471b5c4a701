"""Changes of the state of a settlement line: each is one row with who, when and why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import LineMove, SettlementLine
from campaigns.states.settlements import LINE_TRANSITIONS, LineState
from core.errors import DomainError


@transaction.atomic
def line_step(
    *,
    line: SettlementLine,
    to: LineState,
    at: datetime,
    by: User | None,
    reason: str = "",
    also: Sequence[str] = (),
) -> SettlementLine:
    """Move a line that the caller holds, and store the fields named in `also` with it; `by` None is the clock.

    Raises DomainError `line_move_impossible`.
    """
    if to not in LINE_TRANSITIONS[line.state]:
        places = {"state": LineState(line.state).label, "to": to.label}
        message = _("A line that is “%(state)s” cannot become “%(to)s”. Load the page again.") % places
        raise DomainError("line_move_impossible", message, status=409)
    before, line.state = line.state, to
    line.save(update_fields=["state", *also])
    LineMove.objects.create(line=line, from_state=before, to_state=to, by=by, at=at, reason=reason)
    return line


@transaction.atomic
def line_open(*, line: SettlementLine, by: User | None, reason: str = "") -> SettlementLine:
    """Store a new line with the row that says who made it and why."""
    line.save(force_insert=True)
    LineMove.objects.create(line=line, to_state=line.state, by=by, at=line.made_at, reason=reason)
    return line


def line_hold(*, line: SettlementLine) -> SettlementLine:
    """The line as it is now, held until the transaction ends."""
    held = SettlementLine.objects.select_for_update(of=("self",))
    return held.select_related("shop", "creator", "collaboration", "approved_by", "made_by").get(pk=line.pk)

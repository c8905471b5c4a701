"""Many collaborations moved to one state; each says what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration
from campaigns.services.collaborations import collaboration_move
from core.errors import DomainError

MOST = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one collaboration; `refusal` says why it stayed where it was."""

    collaboration: Collaboration
    refusal: DomainError | None = None


def collaborations_move(
    *, collaborations: Sequence[Collaboration], to: str, by: User, at: datetime, reason: str = ""
) -> list[Outcome]:
    """Move each in a transaction of its own, in the order of their keys; those that may not stay, with the reason.

    Raises DomainError `nothing_chosen`, `too_many_chosen`.
    """
    if not collaborations:
        raise DomainError("nothing_chosen", _("Choose at least one collaboration."))
    if len(collaborations) > MOST:
        text = _("At most %(most)s collaborations can be moved at once. Narrow the list.") % {"most": MOST}
        raise DomainError("too_many_chosen", text)
    found = sorted(collaborations, key=lambda one: one.pk)
    return [_moved(one, to=to, by=by, at=at, reason=reason) for one in found]


def _moved(one: Collaboration, *, to: str, by: User, at: datetime, reason: str) -> Outcome:
    try:
        return Outcome(collaboration_move(collaboration=one, to=to, by=by, at=at, reason=reason))
    except DomainError as refusal:
        return Outcome(one, refusal)

"""What the clock moves: invitations run out, contents come due, holds end.

Nothing here depends on how often it runs; after a week without it, one run catches up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Collaboration, Conversation, Sample
from campaigns.rules.due import CONTENT_SOON
from campaigns.selectors.consequences import held_by_a_restriction, still_withdrawn
from campaigns.services.collaborations import collaboration_move
from campaigns.services.holds import hold_end
from campaigns.states.collaborations import CollaborationState
from campaigns.states.samples import SampleState
from core.errors import DomainError

BATCH = 200
_ON_THE_WAY = (SampleState.REQUESTED, SampleState.APPROVED, SampleState.SHIPPED)

log = structlog.get_logger()


@dataclass(frozen=True)
class Swept:
    """How many collaborations the clock moved."""

    expired: int
    content_due: int
    resumed: int


def collaborations_sweep(*, at: datetime) -> Swept:
    """Move what the clock moves, each collaboration in a transaction of its own; what others hold waits.

    One that refuses is logged, and the others go on.
    """
    return Swept(
        expired=_each(invitations_run_out(at=at), _expire, at),
        content_due=_each(contents_come_due(at=at), _content_due, at),
        resumed=_resume(at),
    )


def invitations_run_out(*, at: datetime) -> QuerySet[Collaboration]:
    """Invitations past their days without a word from the creator since; who wrote is talked to instead."""
    answered = Conversation.objects.filter(
        shop=OuterRef("shop"), creator=OuterRef("creator"), last_in_at__gte=OuterRef("invited_at")
    )
    late = Collaboration.objects.filter(state=CollaborationState.INVITED, due_at__lte=at)
    return late.filter(~Exists(answered))


def contents_come_due(*, at: datetime) -> QuerySet[Collaboration]:
    """Accepted ones without a sample on its way, and delivered ones, whose content is due within a week."""
    states = [CollaborationState.ACCEPTED, CollaborationState.DELIVERED]
    on_the_way = Sample.objects.filter(collaboration=OuterRef("pk"), state__in=_ON_THE_WAY)
    near = Collaboration.objects.filter(state__in=states, due_at__lte=at + CONTENT_SOON)
    return near.filter(~Exists(on_the_way))


def _each(found: QuerySet[Collaboration], move: Callable[[Collaboration, datetime], object], at: datetime) -> int:
    """Move each of them; returns how many moved."""
    moved = 0
    for key in _keys(found):
        try:
            with transaction.atomic():
                # Looked at again under the lock: somebody may have moved it meanwhile.
                held = found.filter(pk=key).select_for_update(of=("self",), skip_locked=True).first()
                if held is not None:
                    move(held, at)
                    moved += 1
        except DomainError as error:
            log.warning("sweep_refused", collaboration=key, code=error.code)
    return moved


def _keys(found: QuerySet[Collaboration]) -> Iterator[int]:
    """The keys in order, some hundred at a time; what was moved is not found again."""
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _expire(held: Collaboration, at: datetime) -> None:
    reason = _("No reply in time")
    collaboration_move(collaboration=held, to=CollaborationState.EXPIRED, at=at, reason=reason)


def _content_due(held: Collaboration, at: datetime) -> None:
    collaboration_move(collaboration=held, to=CollaborationState.CONTENT_DUE, at=at)


def _resume(at: datetime) -> int:
    """End the holds whose restrictions are over at the instant."""
    moved, last = 0, 0
    held = held_by_a_restriction().select_related("plan").order_by("pk")
    while batch := list(held.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        withdrawn = still_withdrawn(batch, at=at)
        over = [one.pk for one in batch if not withdrawn[one.pk]]
        moved += _each(Collaboration.objects.on_hold().filter(pk__in=over), _end, at)
    return moved


def _end(held: Collaboration, at: datetime) -> None:
    hold_end(collaboration=held, at=at)

"""Collaborations of restricted creators: they go on hold, their owners hear of it, and they come back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial

import structlog
from celery import current_app
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from campaigns.models import Collaboration, CollaborationMove
from campaigns.selectors.consequences import hold_lines, restriction_text, touched
from campaigns.services.collaborations import collaboration_move
from campaigns.states.collaborations import CollaborationState
from creators.models import Creator
from violations.selectors.consequences import Consequence

TASK = "campaigns.tasks.collaborations.hold_mail_task"
# So long a mail is remembered: a task that runs again sends nothing.
MARK_SECONDS = 7 * 86_400

log = structlog.get_logger()


@transaction.atomic
def creator_hold(*, creator: Creator, features: Collection[str], by: User, at: datetime) -> list[Collaboration]:
    """Put the creator's collaborations that need one of the features on hold; the owners are told by mail.

    Returns those that went on hold. Runs in the transaction that writes the entry.
    """
    found = list(touched(creator.pk, features).order_by("pk"))
    reason = restriction_text(features)
    held = [_hold(one, by=by, at=at, reason=reason) for one in found]
    for owner, mine in _by_owner(held):
        transaction.on_commit(partial(hold_mail_queue, user_id=owner, move_ids=mine), robust=True)
    return held


def _hold(one: Collaboration, *, by: User, at: datetime, reason: str) -> Collaboration:
    return collaboration_move(collaboration=one, to=CollaborationState.ON_HOLD, by=by, at=at, reason=reason)


def _by_owner(held: Iterable[Collaboration]) -> list[tuple[int, list[int]]]:
    """The keys of the moves by the owner of their collaborations."""
    moves = CollaborationMove.objects.filter(
        collaboration__in=[one.pk for one in held], to_state=CollaborationState.ON_HOLD
    )
    newest = {one.collaboration_id: one for one in moves.select_related("collaboration").order_by("pk")}
    found: dict[int, list[int]] = {}
    for move in newest.values():
        found.setdefault(move.collaboration.owner_id, []).append(move.pk)
    return sorted(found.items())


def hold_mail_queue(*, user_id: int, move_ids: Sequence[int]) -> None:
    """Ask a worker to tell an owner; without a broker the page tells it alone."""
    try:
        current_app.send_task(TASK, [user_id, list(move_ids)], retry=False)
    except BrokerError as error:
        log.warning("hold_mail_not_queued", user=user_id, error=str(error))


def hold_mail_send(*, user_id: int, move_ids: Sequence[int]) -> bool:
    """Tell an owner which collaborations went on hold; at most once. Returns whether a mail went out now."""
    user = User.objects.active().filter(pk=user_id).first()
    moves = list(
        CollaborationMove.objects.filter(pk__in=move_ids)
        .select_related("collaboration__creator", "collaboration__plan")
        .order_by("pk")
    )
    mark = f"hold-mail-{user_id}-{min(move_ids, default=0)}"
    if user is None or not moves or not cache.add(mark, 1, MARK_SECONDS):
        return False
    with translation.override(user.language):
        subject = ngettext("%(count)s collaboration on hold", "%(count)s collaborations on hold", len(moves))
        context = {"moves": moves, "path": f"{reverse('collaboration_list')}?state=on_hold"}
        text = render_to_string("campaigns/mail/hold.txt", context)
        try:
            send_mail(subject % {"count": len(moves)}, text, None, [user.email])
        except OSError as error:
            # The server may have taken it: the pages tell it anyway, and no mail goes twice.
            log.warning("hold_not_mailed", user=user_id, error=str(error))
            return False
    return True


@transaction.atomic
def hold_end(*, collaboration: Collaboration, at: datetime) -> Collaboration:
    """Bring a held collaboration back to where it was: the restriction is over."""
    return collaboration_move(
        collaboration=collaboration, to=collaboration.held_state, at=at, reason=_("The restriction is over.")
    )


def _apply(creator: Creator, features: Collection[str], by: User, at: datetime) -> None:
    creator_hold(creator=creator, features=features, by=by, at=at)


# Listed in `config.composition.CONSEQUENCES`.
HOLDS = Consequence(hold_lines, _apply)

"""The way of a collaboration through its states. Each change is one row with who, when and why.

Lock order: shop, plan, collaboration, sample or content, product. Callers that hold a sample or content lock the
collaboration first.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration, CollaborationMove, Sample
from campaigns.rules.due import next_due
from campaigns.rules.transitions import may_move, stage_of, steps_between
from campaigns.services.agreements import agreement_freeze
from campaigns.services.contents import contents_cancel, contents_open
from campaigns.services.conversations import conversation_connect
from campaigns.services.samples import samples_cancel, samples_open
from campaigns.services.settings import settings_of
from campaigns.states.collaborations import ACTIVE, AGREED, ENDED, RELEASED, CollaborationState
from campaigns.states.contents import ContentState
from campaigns.states.samples import SampleState
from core.errors import DomainError

S = CollaborationState
# Their contents' due dates stand still on hold, and go on for who is waited for.
_CONTENT_WAITS = (ContentState.DUE, ContentState.CHANGES_ASKED, ContentState.IN_REVIEW, ContentState.APPROVED)
# Moves that follow from a sample or a content, and are not made by hand.
REASON_WANTED = frozenset({S.DROPPED, S.ON_HOLD})


def collaboration_hold(*, collaboration: Collaboration) -> Collaboration:
    """The collaboration as it is now, held until the transaction ends."""
    held = Collaboration.objects.select_for_update(of=("self",))
    return held.select_related("seat", "shop", "plan__campaign", "creator", "owner").get(pk=collaboration.pk)


@transaction.atomic
def collaboration_move(
    *, collaboration: Collaboration, to: str, at: datetime, by: User | None = None, reason: str = ""
) -> Collaboration:
    """Move a collaboration; `by` None is the clock.

    Acceptance freezes the terms, asks for the sample, makes the contents and connects the conversation. Declined,
    expired and dropped free the seat and cancel what was not sent. What is on hold goes back to where it came from,
    its due dates later by the time it stood still.
    Raises DomainError `state_unknown`, `move_impossible`, `reason_missing`.
    """
    if to not in S.values:
        raise DomainError("state_unknown", _("Choose a state of the list."), fields={"to": _("Unknown state.")})
    held = collaboration_hold(collaboration=collaboration)
    if not may_move(held.state, to, held_state=held.held_state):
        raise _impossible(held, to)
    reason = reason.strip()
    if to in REASON_WANTED and not reason:
        text = _("Say why.")
        raise DomainError("reason_missing", text, fields={"reason": text})
    before = held.state
    _step(held, S(to), at=at, by=by, reason=reason)
    if before == S.ON_HOLD and to != S.DROPPED:
        return held
    if to == S.ACCEPTED and before == S.INVITED:
        _accepted(held, at=at, by=by)
    elif to in RELEASED:
        _released(held, at=at, by=by, reason=reason)
    return held


@transaction.atomic
def collaboration_follow(*, collaboration: Collaboration, at: datetime, by: User | None = None) -> Collaboration:
    """Bring an agreed collaboration to where its samples and contents are, step by step, and renew its due date.

    One that is not agreed, over or on hold stays as it is; its due date is renewed when it goes on.
    """
    held = collaboration_hold(collaboration=collaboration)
    if held.state not in AGREED:
        return held
    samples = list(held.samples.values_list("state", flat=True))
    contents = list(held.contents.exclude(state=ContentState.CANCELLED).values_list("state", flat=True))
    target = stage_of(held.state, samples=samples, contents=contents)
    for step in steps_between(held.state, target):
        _step(held, step, at=at, by=by)
    return collaboration_due_renew(held)


def collaboration_due_renew(held: Collaboration) -> Collaboration:
    """Store when the next step of a held collaboration is due."""
    due = _due_of(held)
    if due != held.due_at:
        held.due_at = due
        held.save(update_fields=["due_at"])
    return held


def moves_open_to(collaboration: Collaboration) -> list[CollaborationState]:
    """The states a person may move it to by hand, in the order of the work: the buttons."""
    return [to for to in S if may_move(collaboration.state, to, held_state=collaboration.held_state)]


def _step(held: Collaboration, to: CollaborationState, *, at: datetime, by: User | None, reason: str = "") -> None:
    before, stood_since = held.state, held.state_at
    held.state, held.state_at = to, at
    held.held_state = before if to == S.ON_HOLD else ""
    if to in REASON_WANTED | RELEASED:
        held.reason = reason
    if to == S.INVITED and before == S.SEATED:
        held.invited_at = at
    if to == S.ACCEPTED and before == S.INVITED:
        held.accepted_at = at
    if to == S.PUBLISHED:
        held.published_at = held.published_at or at
    held.ended_at = at if to in ENDED else None
    if before == S.ON_HOLD and to in ACTIVE:
        _clock_goes_on(held, stood_since, at)
    elif to in ENDED:
        held.due_at = None
    elif to != S.ON_HOLD:
        held.due_at = _due_of(held)
    held.save()
    CollaborationMove.objects.create(collaboration=held, from_state=before, to_state=to, by=by, at=at, reason=reason)


def _clock_goes_on(held: Collaboration, stood_since: datetime, at: datetime) -> None:
    """All that was due is due later by the time it stood still."""
    stood = at - stood_since
    held.contents.filter(state__in=_CONTENT_WAITS).update(due_at=F("due_at") + stood)
    open_samples = held.samples.filter(state__in=[SampleState.REQUESTED, SampleState.APPROVED, SampleState.DELIVERED])
    open_samples.update(
        decide_by=F("decide_by") + stood, ship_by=F("ship_by") + stood, content_due_at=F("content_due_at") + stood
    )
    if held.due_at is not None:
        held.due_at += stood


def _accepted(held: Collaboration, *, at: datetime, by: User | None) -> None:
    agreement_freeze(collaboration=held, at=at)
    contents_open(collaboration=held, at=at, by=by)
    samples_open(collaboration=held, at=at, by=by or held.owner)
    conversation_connect(shop=held.shop, creator=held.creator, at=at)
    collaboration_due_renew(held)


def _released(held: Collaboration, *, at: datetime, by: User | None, reason: str) -> None:
    held.seat.released_at, held.seat.released_because = at, held.state
    held.seat.save(update_fields=["released_at", "released_because"])
    samples_cancel(collaboration=held, at=at, by=by, reason=reason)
    contents_cancel(collaboration=held, at=at, by=by, reason=reason)


def _due_of(held: Collaboration) -> datetime | None:
    reply_days = settings_of(shop=held.shop).reply_days if held.state == S.INVITED else 0
    return next_due(
        held.state,
        since=held.state_at,
        reply_days=reply_days,
        samples=_sample_dues(held.samples.all()),
        contents=held.contents.filter(state__in=_CONTENT_WAITS).values_list("due_at", flat=True),
    )


def _sample_dues(samples: Iterable[Sample]) -> list[datetime | None]:
    dues = {SampleState.REQUESTED: "decide_by", SampleState.APPROVED: "ship_by"}
    return [getattr(sample, dues[SampleState(sample.state)]) for sample in samples if sample.state in dues]


def _impossible(held: Collaboration, to: str) -> DomainError:
    places = {"creator": held.creator, "state": held.look.label, "to": S(to).label}
    if held.is_over:
        text = _("%(creator)s: %(state)s is the end. Add the creator to a plan again instead.")
    elif held.state == S.ON_HOLD:
        places["back"] = S(held.held_state).label
        text = _("%(creator)s is on hold: it goes back to “%(back)s” or is dropped.")
    elif to == S.ON_HOLD or held.state == to:
        text = _("%(creator)s is in the state “%(state)s” already. Reload the page.")
    else:
        text = _("%(creator)s: from “%(state)s” there is no way to “%(to)s”.")
    return DomainError("move_impossible", text % places, status=409)

"""Whether samples were worth it: the hourly judgement by our own test, and its correction by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Sample
from campaigns.rules.fulfilment import judge
from campaigns.selectors.shown import shown_of
from campaigns.services.collaborations import collaboration_follow
from campaigns.services.samples import sample_step
from campaigns.services.sampling import reason_wanted, sample_hold
from campaigns.states.collaborations import CollaborationState
from campaigns.states.samples import SampleState
from core.errors import DomainError

S = SampleState
JUDGED_AT_ONCE = 500


def samples_judge(*, at: datetime) -> int:
    """Judge received samples whose contents may have passed the test, or whose time is over; returns how many moved.

    What is on hold waits: its due dates stand still. Each sample is its own transaction, so that it can be repeated.
    """
    waiting = Sample.objects.filter(state=S.DELIVERED).exclude(collaboration__state=CollaborationState.ON_HOLD)
    moved = 0
    for sample in waiting.select_related("collaboration").order_by("pk").iterator(JUDGED_AT_ONCE):
        moved += sample_judge(sample=sample, at=at) is not None
    return moved


@transaction.atomic
def sample_judge(*, sample: Sample, at: datetime) -> SampleState | None:
    """Judge one received sample by the clock; returns the state it went to, or None where it is still open."""
    held = sample_hold(sample=sample)
    if held.state != S.DELIVERED or held.collaboration.state == CollaborationState.ON_HOLD:
        return None
    if held.delivered_at is None or held.content_due_at is None:
        return None
    judgement = judge(
        shown_of(held),
        product_id=held.product_id,
        delivered_at=held.delivered_at,
        due_at=held.content_due_at,
        min_views=held.collaboration.plan.min_views,
        at=at,
    )
    if judgement == "open":
        return None
    to = S(judgement)
    reason = "" if to == S.FULFILLED else _("No content passed the test in time.")
    sample_step(sample=held, to=to, at=at, by=None, reason=reason)
    collaboration_follow(collaboration=held.collaboration, at=at)
    return to


@transaction.atomic
def sample_correct(*, sample: Sample, is_fulfilled: bool, by: User, at: datetime, reason: str) -> Sample:
    """A person says otherwise than the clock. Raises DomainError `reason_missing`, `sample_not_received`."""
    held, reason = sample_hold(sample=sample), reason_wanted(reason)
    if held.state not in {S.DELIVERED, S.FULFILLED, S.UNFULFILLED}:
        text = _("Only a sample that the creator has can be fulfilled or not.")
        raise DomainError("sample_not_received", text, status=409)
    sample_step(sample=held, to=S.FULFILLED if is_fulfilled else S.UNFULFILLED, at=at, by=by, reason=reason)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held

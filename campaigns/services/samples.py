"""Samples of collaborations."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from campaigns.models import Collaboration, Sample, SampleMove
from campaigns.rules.due import DECIDE_DAYS
from campaigns.states.samples import SampleState


@transaction.atomic
def samples_open(*, collaboration: Collaboration, at: datetime, by: User) -> list[Sample]:
    """Ask for the sample of a collaboration just accepted: the plan's first product, where it gives samples."""
    line = collaboration.plan.plan_products.filter(removed_at__isnull=True).select_related("product").first()
    if not collaboration.plan.has_samples or line is None:
        return []
    sample = Sample.objects.create(
        collaboration=collaboration,
        product=line.product,
        currency=line.product.currency,
        state_at=at,
        decide_by=at + timedelta(days=DECIDE_DAYS),
        requested_by=by,
        requested_at=at,
    )
    SampleMove.objects.create(sample=sample, to_state=sample.state, by=by, at=at)
    return [sample]


@transaction.atomic
def samples_cancel(*, collaboration: Collaboration, at: datetime, by: User | None, reason: str) -> int:
    """The collaboration ended: what was not shipped yet does not go any more. Returns how many."""
    waiting = [SampleState.REQUESTED, SampleState.APPROVED]
    samples = list(collaboration.samples.filter(state__in=waiting).select_for_update().order_by("pk"))
    for sample in samples:
        SampleMove.objects.create(
            sample=sample, from_state=sample.state, to_state=SampleState.CANCELLED, by=by, at=at, reason=reason
        )
        sample.state, sample.state_at = SampleState.CANCELLED, at
        sample.save(update_fields=["state", "state_at"])
    return len(samples)

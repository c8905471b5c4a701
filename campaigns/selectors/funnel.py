"""How far the collaborations of campaigns came: from the seat to the settlement."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Collaboration, CollaborationMove
from campaigns.states.collaborations import CollaborationState as S

# Key, label, and the step that the rate is of. Contents do not need a sample, so theirs is of those who accepted.
STEPS: tuple[tuple[str, str | Promise, str], ...] = (
    ("seated", _("Seated"), ""),
    ("invited", _("Invited"), "seated"),
    ("accepted", _("Accepted"), "invited"),
    ("sample", _("Sample sent"), "accepted"),
    ("content", _("Content begun"), "accepted"),
    ("published", _("Published"), "content"),
    ("settled", _("Settled"), "published"),
)
LABELS = {key: label for key, label, _of in STEPS}


@dataclass(frozen=True)
class Step:
    """Collaborations that reached a step; `rate` is of the step named `of`, None where that has none."""

    key: str
    label: str | Promise
    count: int
    of: str | Promise
    rate: Decimal | None
    # Of all seats, for the length of the bar.
    share: Decimal

    @property
    def percent(self) -> Decimal:
        return self.share * 100


def funnels_of(campaign_ids: Collection[int]) -> dict[int, list[Step]]:
    """The funnel of each campaign, by its key; one query. Who went back or ended still reached what it reached."""
    reached = {
        "seated": Q(),
        "invited": Q(invited_at__isnull=False),
        "accepted": Q(accepted_at__isnull=False),
        "sample": Q(_moved(S.SAMPLE_SENT, S.DELIVERED)),
        "content": Q(_moved(S.CONTENT_DUE, S.IN_REVIEW, S.PUBLISHED)),
        "published": Q(published_at__isnull=False),
        "settled": Q(state=S.CLOSED),
    }
    counts = {key: Count("pk", filter=condition) for key, condition in reached.items()}
    found = Collaboration.objects.filter(plan__campaign__in=campaign_ids).order_by()
    counted = found.values("plan__campaign").annotate(**counts).values_list("plan__campaign", *reached)
    rows: dict[int, dict[str, int]] = {pk: dict(zip(reached, numbers, strict=True)) for pk, *numbers in counted}
    nothing = dict.fromkeys(reached, 0)
    return {pk: steps_of(rows.get(pk, nothing)) for pk in campaign_ids}


def steps_of(counts: dict[str, int]) -> list[Step]:
    """The steps with their rates from the counts by key."""
    seated = counts["seated"]
    return [
        Step(key, label, counts[key], LABELS.get(of, ""), _share(counts[key], counts[of]) if of else None, share)
        for key, label, of in STEPS
        for share in [_share(counts[key], seated) or Decimal(0)]
    ]


def _moved(*states: S) -> Exists:
    return Exists(CollaborationMove.objects.filter(collaboration=OuterRef("pk"), to_state__in=states))


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None

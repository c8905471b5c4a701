"""The states of a content, and what a review says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Look


class ContentKind(models.TextChoices):
    VIDEO = "video", _("Video")
    LIVE = "live", _("LIVE")


class ContentState(models.TextChoices):
    DUE = "due", _("Due")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_ASKED = "changes_asked", _("Changes asked")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    TAKEN_DOWN = "taken_down", _("Taken down")
    CANCELLED = "cancelled", _("Cancelled")


S = ContentState
CONTENT_LOOKS: dict[str, Look] = {
    S.DUE: Look(S.DUE.label, "warn"),
    S.IN_REVIEW: Look(S.IN_REVIEW.label, "warn"),
    S.CHANGES_ASKED: Look(S.CHANGES_ASKED.label, "warn"),
    S.APPROVED: Look(S.APPROVED.label, "info"),
    S.PUBLISHED: Look(S.PUBLISHED.label, "ok"),
    S.TAKEN_DOWN: Look(S.TAKEN_DOWN.label, "bad"),
    S.CANCELLED: Look(S.CANCELLED.label, "idle"),
}
CONTENT_TRANSITIONS: dict[str, frozenset[ContentState]] = {
    # A LIVE, and a video that nobody wanted to see before, go straight out.
    S.DUE: frozenset({S.IN_REVIEW, S.PUBLISHED, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.CHANGES_ASKED, S.APPROVED, S.PUBLISHED, S.CANCELLED}),
    S.CHANGES_ASKED: frozenset({S.IN_REVIEW, S.PUBLISHED, S.CANCELLED}),
    S.APPROVED: frozenset({S.PUBLISHED, S.IN_REVIEW, S.CANCELLED}),
    S.PUBLISHED: frozenset({S.TAKEN_DOWN}),
    S.TAKEN_DOWN: frozenset({S.PUBLISHED, S.CANCELLED}),
    S.CANCELLED: frozenset(),
}


class Verdict(models.TextChoices):
    APPROVED = "approved", _("Approved")
    CHANGES = "changes", _("Changes asked")


class ResultWindow(models.TextChoices):
    """What a row of results counts: one calendar day in the market, or the first 24 hours after publication."""

    DAY = "day", _("Day")
    FIRST_24H = "first_24h", _("First 24 hours")


class ResultSource(models.TextChoices):
    HAND = "hand", _("By hand")
    FILE = "file", _("File")
    API = "api", _("API")

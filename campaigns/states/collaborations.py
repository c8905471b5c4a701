"""The states of a collaboration, and which may follow which. Source: DESIGN §3, campaigns."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Look


class CollaborationState(models.TextChoices):
    SEATED = "seated", _("Not invited yet")
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    SAMPLE_SENT = "sample_sent", _("Sample sent")
    DELIVERED = "delivered", _("Delivered")
    CONTENT_DUE = "content_due", _("Content due")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    DROPPED = "dropped", _("Dropped")
    ON_HOLD = "on_hold", _("On hold")


S = CollaborationState
COLLABORATION_LOOKS: dict[str, Look] = {
    S.SEATED: Look(S.SEATED.label, "idle"),
    S.INVITED: Look(S.INVITED.label, "info"),
    S.ACCEPTED: Look(S.ACCEPTED.label, "info"),
    S.SAMPLE_SENT: Look(S.SAMPLE_SENT.label, "info"),
    S.DELIVERED: Look(S.DELIVERED.label, "info"),
    S.CONTENT_DUE: Look(S.CONTENT_DUE.label, "warn"),
    S.IN_REVIEW: Look(S.IN_REVIEW.label, "warn"),
    S.PUBLISHED: Look(S.PUBLISHED.label, "ok"),
    S.CLOSED: Look(S.CLOSED.label, "ok"),
    S.DECLINED: Look(S.DECLINED.label, "idle"),
    S.EXPIRED: Look(S.EXPIRED.label, "idle"),
    S.DROPPED: Look(S.DROPPED.label, "bad"),
    S.ON_HOLD: Look(S.ON_HOLD.label, "bad"),
}
# The seat is taken and the work goes on.
ACTIVE: frozenset[CollaborationState] = frozenset(
    {S.SEATED, S.INVITED, S.ACCEPTED, S.SAMPLE_SENT, S.DELIVERED, S.CONTENT_DUE, S.IN_REVIEW, S.PUBLISHED}
)
# Its seat is free again.
RELEASED: frozenset[CollaborationState] = frozenset({S.DECLINED, S.EXPIRED, S.DROPPED})
ENDED: frozenset[CollaborationState] = RELEASED | {S.CLOSED}
# The creator said yes, and the work is not over.
AGREED: frozenset[CollaborationState] = ACTIVE - {S.SEATED, S.INVITED}

COLLABORATION_TRANSITIONS: dict[str, frozenset[CollaborationState]] = {
    S.SEATED: frozenset({S.INVITED, S.DROPPED, S.ON_HOLD}),
    S.INVITED: frozenset({S.ACCEPTED, S.DECLINED, S.EXPIRED, S.DROPPED, S.ON_HOLD}),
    S.ACCEPTED: frozenset({S.SAMPLE_SENT, S.CONTENT_DUE, S.DROPPED, S.ON_HOLD}),
    # Back to accepted: the sample was lost or sent back, and another one may go.
    S.SAMPLE_SENT: frozenset({S.DELIVERED, S.ACCEPTED, S.DROPPED, S.ON_HOLD}),
    S.DELIVERED: frozenset({S.CONTENT_DUE, S.ACCEPTED, S.DROPPED, S.ON_HOLD}),
    S.CONTENT_DUE: frozenset({S.IN_REVIEW, S.PUBLISHED, S.DROPPED, S.ON_HOLD}),
    S.IN_REVIEW: frozenset({S.CONTENT_DUE, S.PUBLISHED, S.DROPPED, S.ON_HOLD}),
    # Back to content due: another content is asked for, or one was taken down.
    S.PUBLISHED: frozenset({S.CLOSED, S.CONTENT_DUE, S.IN_REVIEW, S.DROPPED, S.ON_HOLD}),
    S.CLOSED: frozenset(),
    S.DECLINED: frozenset(),
    S.EXPIRED: frozenset(),
    S.DROPPED: frozenset(),
    # Only back to where it came from; see `campaigns.rules.transitions`.
    S.ON_HOLD: frozenset(ACTIVE | {S.DROPPED}),
}
# In the order of the work: the columns of the board and the groups of the list.
STAGES: tuple[CollaborationState, ...] = tuple(S)

"""The states of a sample. Source: the platform facts, "Samples"."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Look


class SampleState(models.TextChoices):
    REQUESTED = "requested", _("To decide")
    APPROVED = "approved", _("To ship")
    REFUSED = "refused", _("Refused")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    DEFECTIVE = "defective", _("Reported defective")
    FULFILLED = "fulfilled", _("Fulfilled")
    UNFULFILLED = "unfulfilled", _("Not fulfilled")
    RETURNED = "returned", _("Returned")
    LOST = "lost", _("Lost")
    CANCELLED = "cancelled", _("Cancelled")


S = SampleState
SAMPLE_LOOKS: dict[str, Look] = {
    S.REQUESTED: Look(S.REQUESTED.label, "warn"),
    S.APPROVED: Look(S.APPROVED.label, "warn"),
    S.REFUSED: Look(S.REFUSED.label, "idle"),
    S.SHIPPED: Look(S.SHIPPED.label, "info"),
    S.DELIVERED: Look(S.DELIVERED.label, "info"),
    S.DEFECTIVE: Look(S.DEFECTIVE.label, "bad"),
    S.FULFILLED: Look(S.FULFILLED.label, "ok"),
    S.UNFULFILLED: Look(S.UNFULFILLED.label, "bad"),
    S.RETURNED: Look(S.RETURNED.label, "idle"),
    S.LOST: Look(S.LOST.label, "bad"),
    S.CANCELLED: Look(S.CANCELLED.label, "idle"),
}
SAMPLE_TRANSITIONS: dict[str, frozenset[SampleState]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.REFUSED, S.CANCELLED}),
    S.APPROVED: frozenset({S.SHIPPED, S.CANCELLED}),
    S.REFUSED: frozenset({S.REQUESTED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.RETURNED, S.LOST}),
    S.DELIVERED: frozenset({S.FULFILLED, S.UNFULFILLED, S.DEFECTIVE, S.RETURNED}),
    # Accepted: it comes back or is written off. Refused: the work goes on.
    S.DEFECTIVE: frozenset({S.DELIVERED, S.RETURNED, S.LOST}),
    S.FULFILLED: frozenset({S.UNFULFILLED}),
    S.UNFULFILLED: frozenset({S.FULFILLED}),
    S.RETURNED: frozenset(),
    S.LOST: frozenset(),
    S.CANCELLED: frozenset(),
}
# Stock was taken for these.
SAMPLE_TOOK_STOCK = frozenset(SampleState) - {S.REQUESTED, S.REFUSED, S.CANCELLED, S.RETURNED}
# Somebody has to do something about these, or waits for it.
SAMPLE_OPEN = frozenset({S.REQUESTED, S.APPROVED, S.SHIPPED, S.DELIVERED, S.DEFECTIVE})
# Received by the creator: what the share of fulfilled samples is of.
SAMPLE_RECEIVED = frozenset({S.DELIVERED, S.DEFECTIVE, S.FULFILLED, S.UNFULFILLED})

"""Collaborations: what follows from a seat."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Shop
from campaigns.models.plans import Seat, TargetedPlan
from campaigns.querysets import CollaborationQuerySet
from campaigns.states.collaborations import COLLABORATION_LOOKS, ENDED, CollaborationState
from core.states import Look
from creators.models import Creator

OPEN = sorted(set(CollaborationState) - ENDED)


class Collaboration(models.Model):
    """A creator of a plan, from the seat to the end. Shop, plan and creator are the seat's, kept for the lists."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="collaboration")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="collaborations", db_index=False)
    plan = models.ForeignKey(TargetedPlan, models.PROTECT, related_name="collaborations")
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="collaborations")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=CollaborationState, default=CollaborationState.SEATED)
    # Since when it is in its state.
    state_at = models.DateTimeField()
    # When the next step is due; None: nothing is waited for.
    due_at = models.DateTimeField(null=True)
    # On hold: the state it goes back to. Its due dates stand still meanwhile.
    held_state = models.CharField(max_length=12, choices=CollaborationState, blank=True)
    invited_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Why it was dropped, declined or put on hold.
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CollaborationState.values), name="collaboration_state_known"),
            models.CheckConstraint(
                condition=Q(state="on_hold") ^ Q(held_state=""), name="collaboration_held_state_iff_on_hold"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="collaboration_dropped_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED)) ^ Q(ended_at__isnull=True), name="collaboration_ended_iff_over"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "state", "-id"], name="collaboration_shop_state"),
            models.Index(fields=["shop", "-id"], name="collaboration_shop"),
            models.Index(
                fields=["shop", "due_at"],
                condition=Q(state__in=OPEN, due_at__isnull=False),
                name="collaboration_shop_due",
            ),
            # The sweep looks at every shop's.
            models.Index(
                fields=["due_at"], condition=Q(state__in=OPEN, due_at__isnull=False), name="collaboration_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.plan}"

    def get_absolute_url(self) -> str:
        return reverse("collaboration_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return COLLABORATION_LOOKS[self.state]

    @property
    def is_over(self) -> bool:
        return self.state in ENDED


class CollaborationMove(models.Model):
    """One change of state: who, when, why. The database wants one for every change."""

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=12, choices=CollaborationState, blank=True)
    to_state = models.CharField(max_length=12, choices=CollaborationState)
    # None: the clock.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(from_state=F("to_state")), name="collaborationmove_moves")]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.to_state}"

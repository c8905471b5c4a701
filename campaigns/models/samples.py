"""Samples: from the request to the test whether they were worth it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models.collaborations import Collaboration
from campaigns.models.products import Product
from campaigns.querysets import SampleQuerySet
from campaigns.states.samples import SAMPLE_LOOKS, SAMPLE_OPEN, SampleState
from core.states import Look


@pghistory.track(
    pghistory.UpdateEvent(), fields=["cost", "carrier", "tracking", "content_due_at"], model_name="SampleEvent"
)
class Sample(models.Model):
    """A product that goes to a creator. Source of the times: the platform facts, "Samples"."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="samples")
    product = models.ForeignKey(Product, models.PROTECT, related_name="samples")
    quantity = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=SampleState, default=SampleState.REQUESTED)
    state_at = models.DateTimeField()
    # Seven days after the request.
    decide_by = models.DateTimeField()
    # What the rules said when it was requested: a list of objects with code, passed and values.
    screening = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Booked when it is approved: goods and shipping for all pieces, in the product's currency.
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    # A day after the approval.
    ship_by = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking = models.CharField(max_length=120, blank=True)
    # When the carrier means to deliver, if it says so.
    expected_on = models.DateField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # 14 days after the delivery, and 7 more once.
    content_due_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Why it was refused, is defective, lost, sent back or not fulfilled.
    reason = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SampleState.values), name="sample_state_known"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=100), name="sample_quantity_1_to_100"),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="sample_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True)
                | Q(shipped_at__isnull=True)
                | Q(delivered_at__gte=F("shipped_at")),
                name="sample_delivered_after_shipped",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "refused", "cancelled"]) | Q(decided_by__isnull=False),
                name="sample_goes_on_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=sorted(SAMPLE_OPEN)), name="sample_open"),
        ]

    def __str__(self) -> str:
        return f"{self.product} → {self.collaboration_id}"

    def get_absolute_url(self) -> str:
        return reverse("sample_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return SAMPLE_LOOKS[self.state]


class SampleMove(models.Model):
    """One change of a sample's state: who, when, why."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=12, choices=SampleState, blank=True)
    to_state = models.CharField(max_length=12, choices=SampleState)
    # None: the clock.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.to_state}"

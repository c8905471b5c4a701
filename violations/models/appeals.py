"""Appeals against entries."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.models import StoredFile
from core.states import Look
from violations.models.ledger import LedgerEntry
from violations.querysets import AppealQuerySet
from violations.states import APPEAL_LOOKS, APPEAL_OPEN, AppealState


@pghistory.track(
    pghistory.UpdateEvent(), fields=["state", "assigned_to", "escalated_at", "decision"], model_name="AppealEvent"
)
class Appeal(models.Model):
    """A creator asks for an entry to be taken back; one an entry, and one more on new evidence."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="appeals", db_index=False)
    # 1, or 2 on new evidence.
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=AppealState, default=AppealState.SUBMITTED)
    statement = models.TextField()
    # None: the creator, through the signed link.
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_through = models.ForeignKey("violations.CreatorLink", models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField()
    # Ten working days later: from then on an admin decides.
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # The reason of the decision, told to the creator.
    decision = models.TextField(blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="appeal_number_once"),
            models.UniqueConstraint(fields=["entry"], condition=Q(state__in=APPEAL_OPEN), name="appeal_one_open"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="appeal_at_most_two"),
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "overturned"]) ^ Q(decided_at__isnull=True),
                name="appeal_decided_iff_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="appeal_decision_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=APPEAL_OPEN), name="appeal_open_due")]

    def __str__(self) -> str:
        return f"{self.entry} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("appeal_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in APPEAL_OPEN

    @property
    def look(self) -> Look:
        return APPEAL_LOOKS[self.state]


class AppealStep(models.Model):
    """One change of an appeal's state: who, when, why."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=16, choices=AppealState, blank=True)
    to_state = models.CharField(max_length=16, choices=AppealState)
    # None: the creator, or the clock.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.appeal} {self.to_state}"


class AppealEvidence(models.Model):
    """A file brought to an appeal."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name

"""Problems of a collaboration."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.collaborations import Collaboration
from campaigns.querysets import ProblemQuerySet
from campaigns.states.problems import PROBLEM_LOOKS, ProblemKind, ProblemOutcome, ProblemState
from core.models import StoredFile
from core.states import Look
from violations.models import LedgerEntry


@pghistory.track(
    pghistory.UpdateEvent(), fields=["kind", "summary", "owner", "due_on", "state", "outcome"],
    model_name="ProblemEvent",
)  # fmt: skip
class Problem(models.Model):
    """Something went wrong: what, whose it is now, and how it ended."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="problems")
    kind = models.CharField(_("Kind"), max_length=12, choices=ProblemKind)
    summary = models.CharField(_("What happened"), max_length=200)
    details = models.TextField(_("Details"), blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Owner"))
    due_on = models.DateField(_("Due on"))
    state = models.CharField(max_length=10, choices=ProblemState, default=ProblemState.OPEN)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=ProblemOutcome, blank=True)
    outcome_note = models.TextField(_("Note"), blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    # A breach: handed to ops, and the violation that they logged.
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="problems")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state="resolved") ^ Q(outcome=""), name="problem_resolved_iff_outcome"),
            models.CheckConstraint(
                condition=Q(state="resolved") ^ Q(resolved_at__isnull=True), name="problem_resolved_iff_moment"
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="open"), name="problem_open_due")]

    def __str__(self) -> str:
        return self.summary

    def get_absolute_url(self) -> str:
        return reverse("problem_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return PROBLEM_LOOKS[self.state]


class ProblemStep(models.Model):
    """A next step of a problem; its words are those of its key in states.problems, or its own."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "position"], name="problemstep_once"),
            models.CheckConstraint(condition=Q(key="") ^ Q(text=""), name="problemstep_key_or_text"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}/{self.position}"


class ProblemFile(models.Model):
    """Evidence of a problem; it goes along when the breach is handed to ops."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name

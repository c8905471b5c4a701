"""Many violations or health ratings at once: rows are read and checked first, then written by a job."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Shop
from core.models import Job, StoredFile
from creators.models import Creator
from violations.models.ledger import LedgerEntry
from violations.querysets import BatchQuerySet
from violations.states import BatchKind


class Batch(models.Model):
    """A file, or a selection of creators, whose rows become entries of the ledger or health ratings."""

    kind = models.CharField(max_length=12, choices=BatchKind)
    # None: a selection in the directory.
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # None until somebody starts it.
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="batch_kind_known")]

    def __str__(self) -> str:
        return self.file.name if self.file else f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("batch_detail", args=[self.pk])


class BatchRow(models.Model):
    """One row: what was written in it, what is wrong with it, and what became of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    # The cells by field, as text.
    values = models.JSONField()
    creator = models.ForeignKey(Creator, models.SET_NULL, null=True, related_name="+")
    # A list of objects with field and message code.
    problems = models.JSONField(default=list)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batchrow_number_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"

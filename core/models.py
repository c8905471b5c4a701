"""Rows that every long job and every stored file has."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.querysets import JobQuerySet, StoredFileQuerySet
from core.states import JOB_LOOKS, JOB_OPEN, ChunkState, JobState, Look


class Job(models.Model):
    """One long piece of work that a person can watch and cancel. PostgreSQL holds its truth, Celery only wakes it."""

    kind = models.CharField(max_length=60)
    # The Celery task that runs one waiting chunk of this job: `task(job_id)`.
    task = models.CharField(max_length=120)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=JobState, default=JobState.WAITING)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=JOB_OPEN) ^ Q(finished_at__isnull=False), name="job_finished_at_iff_ended"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=JOB_OPEN), name="job_open"),
            models.Index(fields=["kind", "-created_at"], name="job_kind_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in JOB_OPEN

    @property
    def look(self) -> Look:
        return JOB_LOOKS[self.state]


class JobChunk(models.Model):
    """A part of a job that one worker does in one transaction; a chunk of a later stage waits for all earlier ones."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="chunks")
    stage = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ChunkState, default=ChunkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "stage", "number"], name="jobchunk_place"),
            models.CheckConstraint(condition=Q(state__in=ChunkState.values), name="jobchunk_state_known"),
            models.CheckConstraint(condition=Q(attempts__lte=3), name="jobchunk_attempts_max_3"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.stage}.{self.number} {self.step}"


class StoredFile(models.Model):
    """A file under MEDIA_ROOT, kept under its SHA-256; never under the static root."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    # None keeps the file; else the sweep removes it after this instant.
    expires_at = models.DateTimeField(null=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="storedfile_sha256"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="storedfile_expiring"),
        ]

    def __str__(self) -> str:
        return self.name


class ExportRecord(models.Model):
    """Somebody took a table out of the product."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    # The address's query, or what else chose the rows.
    query = models.TextField(blank=True)
    file_format = models.CharField(max_length=8)
    rows = models.IntegerField()
    has_contacts = models.BooleanField()
    # The file of a prepared export, as long as it is kept.
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="exports")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title

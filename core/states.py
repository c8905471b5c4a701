"""States of jobs and their chunks."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Look:
    """How a state is shown: its word and the colour of its dot (`ok`, `info`, `warn`, `bad`, `idle`)."""

    label: str | Promise
    colour: str


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


JOB_LOOKS: dict[str, Look] = {
    JobState.WAITING: Look(JobState.WAITING.label, "idle"),
    JobState.RUNNING: Look(JobState.RUNNING.label, "info"),
    JobState.DONE: Look(JobState.DONE.label, "ok"),
    JobState.FAILED: Look(JobState.FAILED.label, "bad"),
    JobState.CANCELLED: Look(JobState.CANCELLED.label, "warn"),
}

JOB_TRANSITIONS: dict[str, frozenset[str]] = {
    JobState.WAITING: frozenset({JobState.RUNNING, JobState.FAILED, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}

JOB_OPEN = frozenset({JobState.WAITING, JobState.RUNNING})


class ChunkState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


CHUNK_LOOKS: dict[str, Look] = {
    ChunkState.WAITING: Look(ChunkState.WAITING.label, "idle"),
    ChunkState.DONE: Look(ChunkState.DONE.label, "ok"),
    ChunkState.FAILED: Look(ChunkState.FAILED.label, "bad"),
}

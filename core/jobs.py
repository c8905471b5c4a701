"""Long jobs: created in PostgreSQL, carried by Celery, safe to kill at any moment.

A chunk runs in one transaction that holds its row lock: when the worker dies, the lock goes and the work with it, and
another worker starts that chunk again. The third death in a row fails the chunk and with it the job.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from core.errors import DomainError
from core.models import Job, JobChunk
from core.states import JOB_OPEN, JOB_TRANSITIONS, ChunkState, JobState

log = structlog.get_logger()

MAX_ATTEMPTS = 3
# A claimed chunk whose lock is free this long after the claim has lost its worker.
CLAIM_GRACE = timedelta(seconds=5)
PROGRESS_TTL = 86_400
HOLD_TRIES, HOLD_PAUSE_SECONDS = 20, 0.05

Handler = Callable[[Job, JobChunk], None]


class JobCancelledError(Exception):
    """Raised inside a chunk when its job is to be cancelled; the chunk's transaction is rolled back."""


@dataclass(frozen=True)
class ChunkPlan:
    """A chunk to be created: chunks of one stage run side by side, stages one after the other."""

    stage: int
    step: str
    number: int = 0
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """`done` of `total` units of `step`; `total` 0 means not known yet."""

    step: str = ""
    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


def job_create(
    *, kind: str, task: str, by: Any, chunks: Sequence[ChunkPlan], params: dict[str, Any] | None = None
) -> Job:
    """Create a job with its first chunks and wake a worker when the transaction commits."""
    with transaction.atomic():
        job = Job.objects.create(kind=kind, task=task, actor=by, params=params or {}, created_at=timezone.now())
        chunks_add(job=job, chunks=chunks)
        transaction.on_commit(lambda: job_wake(job=job))
    return job


def chunks_add(*, job: Job, chunks: Sequence[ChunkPlan]) -> None:
    """Add chunks to a job; a handler calls it for stages that it could not know before."""
    JobChunk.objects.bulk_create(
        [JobChunk(job=job, stage=c.stage, number=c.number, step=c.step, params=c.params) for c in chunks]
    )


def job_wake(*, job: Job, messages: int = 2) -> None:
    """Send messages that each run one waiting chunk; a lost or repeated one does no harm.

    Without a broker the job waits in PostgreSQL until beat wakes it.
    """
    try:
        for _number in range(messages):
            current_app.send_task(job.task, [job.pk], retry=False)
    except BrokerError as error:
        log.warning("job_wake_failed", job=job.pk, error=str(error))


def jobs_wake() -> int:
    """Wake every open job; returns how many. Runs every 15 s, so that a flushed Valkey loses nothing."""
    jobs = list(Job.objects.filter(state__in=JOB_OPEN).order_by("created_at")[:100])
    for job in jobs:
        job_wake(job=job)
    return len(jobs)


def job_cancel(*, job: Job, by: Any) -> Job:
    """Ask for the cancellation of an open job; the running chunk notices within a second or two.

    Raises DomainError `job_ended` when it is over already.
    """
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if not locked.is_open:
            raise DomainError(
                "job_ended", _("This job has already ended; there is nothing left to cancel."), status=409
            )
        locked.cancel_requested_at = locked.cancel_requested_at or timezone.now()
        locked.save(update_fields=["cancel_requested_at"])
        transaction.on_commit(lambda: job_wake(job=locked))
    log.info("job_cancel_requested", job=job.pk, by=getattr(by, "pk", None))
    return locked


def progress_set(*, job: Job, step: str, done: int, total: int = 0) -> None:
    """Publish how far a running chunk is. Kept in Valkey: the chunk's own transaction is not visible yet."""
    cache.set(f"job-progress:{job.pk}", (step, done, total), PROGRESS_TTL)


def progress_get(*, job: Job) -> Progress:
    """The last published progress of a job."""
    return Progress(*(cache.get(f"job-progress:{job.pk}") or ()))


def raise_if_cancelled(*, job: Job) -> None:
    """Raises JobCancelledError when somebody asked for the cancellation of the job."""
    if Job.objects.filter(pk=job.pk, cancel_requested_at__isnull=False).exists():
        raise JobCancelledError


def chunk_run_next(*, job_id: int, handlers: Mapping[str, Handler], cleanup: Callable[[Job], None]) -> bool:
    """Run one waiting chunk of the job, if one is free. Returns whether another call is worth while.

    `cleanup(job)` runs in the transaction that fails or cancels the job. An unexpected error leaves the chunk waiting
    (it is tried three times) and is raised on.
    """
    job = Job.objects.filter(pk=job_id, state__in=JOB_OPEN).first()
    if job is None:
        return False
    if job.cancel_requested_at:
        _job_end_if_idle(job=job, state=JobState.CANCELLED, cleanup=cleanup)
        return False
    chunk = _chunk_claim(job=job)
    if chunk is None:
        return False
    if chunk.state == ChunkState.FAILED:
        message = _("A part of this job failed three times. Last error: %(error)s") % {"error": chunk.error or "–"}
        _job_end(job=job, state=JobState.FAILED, cleanup=cleanup, code="chunk_failed", message=message)
        return False
    try:
        return _chunk_run(job=job, chunk=chunk, handler=handlers[chunk.step])
    except JobCancelledError:
        _job_end(job=job, state=JobState.CANCELLED, cleanup=cleanup)
    except DomainError as error:
        _job_end(job=job, state=JobState.FAILED, cleanup=cleanup, code=error.code, message=str(error.message))
    except Exception as error:
        JobChunk.objects.filter(pk=chunk.pk).update(error=f"{type(error).__name__}: {error}"[:2000], claimed_at=None)
        raise
    return False


def _chunk_claim(*, job: Job) -> JobChunk | None:
    """Count an attempt on the first free chunk of the current stage, committed before the work begins."""
    now = timezone.now()
    with transaction.atomic():
        waiting = job.chunks.filter(state=ChunkState.WAITING)
        stage = waiting.aggregate(stage=Min("stage"))["stage"]
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_GRACE)
        chunk = (
            waiting.filter(free, stage=stage)
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("number")
            .first()
        )
        if chunk is None:
            return None
        if chunk.attempts >= MAX_ATTEMPTS:
            chunk.state, chunk.finished_at = ChunkState.FAILED, now
        else:
            chunk.attempts += 1
            chunk.claimed_at = now
        chunk.save(update_fields=["attempts", "claimed_at", "state", "finished_at"])
        Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(state=JobState.RUNNING, started_at=now)
    return chunk


def _chunk_run(*, job: Job, chunk: JobChunk, handler: Handler) -> bool:
    """Do the work and mark the chunk done in one transaction."""
    with transaction.atomic():
        if not _chunk_hold(chunk):
            return False
        job.refresh_from_db()
        handler(job, chunk)
        JobChunk.objects.filter(pk=chunk.pk).update(state=ChunkState.DONE, finished_at=timezone.now(), error="")
    return _job_finish_if_complete(job=job)


def _chunk_hold(chunk: JobChunk) -> bool:
    """Lock a chunk that was just claimed; False when another worker has claimed it since or runs it.

    Another worker that looks for a free chunk may hold the row for a moment before it sees the claim.
    """
    mine = JobChunk.objects.select_for_update(skip_locked=True, no_key=True).filter(
        pk=chunk.pk, state=ChunkState.WAITING, claimed_at=chunk.claimed_at
    )
    for _try in range(HOLD_TRIES):
        if mine.all().exists():
            return True
        time.sleep(HOLD_PAUSE_SECONDS)
    return False


def _job_finish_if_complete(*, job: Job) -> bool:
    """End the job as done when no chunk waits; returns whether some still do."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.chunks.filter(state=ChunkState.WAITING).exists():
            return True
        if JobState.DONE in JOB_TRANSITIONS[locked.state]:
            locked.state, locked.finished_at = JobState.DONE, timezone.now()
            locked.save(update_fields=["state", "finished_at"])
    return False


def _job_end(*, job: Job, state: JobState, cleanup: Callable[[Job], None], code: str = "", message: str = "") -> None:
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if state not in JOB_TRANSITIONS[locked.state]:
            return
        locked.state, locked.finished_at = state, timezone.now()
        locked.error_code, locked.error_message = code, message
        locked.save(update_fields=["state", "finished_at", "error_code", "error_message"])
        cleanup(locked)


def _job_end_if_idle(*, job: Job, state: JobState, cleanup: Callable[[Job], None]) -> None:
    """Cancel a job of which no chunk runs; a running chunk notices the cancellation itself."""
    with transaction.atomic():
        waiting = job.chunks.filter(state=ChunkState.WAITING)
        free = len(waiting.select_for_update(skip_locked=True, no_key=True))
        if free == waiting.count():
            _job_end(job=job, state=state, cleanup=cleanup)


def advisory_lock(name: str, *, shared: bool = False) -> None:
    """Hold a named lock of PostgreSQL until the transaction ends; waits for it."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])


def advisory_lock_try(name: str, *, shared: bool = False) -> bool:
    """Hold a named lock of PostgreSQL until the transaction ends, if it is free now; returns whether it is held."""
    function = "pg_try_advisory_xact_lock_shared" if shared else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])

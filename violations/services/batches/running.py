"""The job that writes the good rows of a batch, each at most once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from core.errors import DomainError
from core.jobs import ChunkPlan, chunk_run_next, job_cancel, job_create, progress_set, raise_if_cancelled
from core.models import Job, JobChunk
from violations.models import Batch, BatchRow
from violations.services.batches.checking import RowReader, batch_title
from violations.services.health import rating_record
from violations.services.ledger import violation_log
from violations.states import BatchKind

TASK = "violations.tasks.batch_advance"
STEP = "write"
# A worker that dies loses at most so many rows of work, and a cancellation waits for so many.
CHUNK_ROWS = 200
NEEDED = {BatchKind.VIOLATIONS: Permission.VIOLATION_LOG, BatchKind.HEALTH: Permission.HEALTH_RECORD}


@transaction.atomic
def batch_start(*, batch: Batch, by: User, repeats_confirmed: bool = False) -> Job:
    """Write the rows without problems; a second press finds the same job.

    `repeats_confirmed`: rows about the same rule within 24 hours of another entry, without a link, are other incidents.
    Raises DomainError `no_good_rows`, `not_allowed`.
    """
    held = Batch.objects.select_for_update(of=("self",)).select_related("job", "file").get(pk=batch.pk)
    if held.job is not None:
        return held.job
    _check_allowed(held, by)
    numbers = list(held.rows.filter(problems=[]).order_by("creator", "number").values_list("pk", flat=True))
    if not numbers:
        raise DomainError("no_good_rows", _("No row can be written: every one has a problem. Mend the file first."))
    parts = [numbers[place : place + CHUNK_ROWS] for place in range(0, len(numbers), CHUNK_ROWS)]
    # One stage each: rows of one creator stay in their order.
    plans = [ChunkPlan(stage=place, step=STEP, params={"rows": part}) for place, part in enumerate(parts)]
    params: dict[str, Any] = {
        "batch": held.pk,
        "title": batch_title(held),
        "back": held.get_absolute_url(),
        "language": get_language() or "en",
        "repeats_confirmed": repeats_confirmed,
    }
    held.job = job_create(kind=f"batch_{held.kind}", task=TASK, by=by, chunks=plans, params=params)
    held.save(update_fields=["job"])
    return held.job


def batch_cancel(*, batch: Batch, by: User) -> Job:
    """Stop writing after the rows that are being written. Raises `not_started`, and what `job_cancel` raises."""
    if batch.job is None:
        raise DomainError("not_started", _("This batch was not started."), status=409)
    return job_cancel(job=batch.job, by=by)


def batch_advance(job_id: int) -> bool:
    """Run one chunk of a batch's job; returns whether more wait."""
    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={STEP: _write}, cleanup=_nothing)


def _write(job: Job, chunk: JobChunk) -> None:
    """Write the chunk's rows in one transaction with it; the actor must still be allowed to."""
    batch = Batch.objects.select_related("shop").get(pk=job.params["batch"])
    actor = User.objects.get(pk=job.actor_id)
    _check_allowed(batch, actor)
    raise_if_cancelled(job=job)
    rows = list(
        batch.rows.filter(pk__in=chunk.params["rows"], done_at=None)
        .select_related("creator__market")
        .order_by("creator", "number")
    )
    total = batch.rows.filter(problems=[]).count()
    at = timezone.now()
    reader = RowReader(batch, at=at)
    for row in rows:
        _write_row(batch, row, reader, actor, at, job.params["repeats_confirmed"])
    BatchRow.objects.bulk_update(rows, ["entry", "done_at", "problems"])
    progress_set(job=job, step=STEP, done=batch.rows.exclude(done_at=None).count(), total=total)


def _write_row(
    batch: Batch, row: BatchRow, reader: RowReader, actor: User, at: datetime, repeats_confirmed: bool
) -> None:
    """Write one row by the service of its kind; what that refuses becomes the row's problem."""
    try:
        with transaction.atomic():
            if row.creator is None:
                raise DomainError("creator_unknown", _("This creator is not in the directory any more."))
            if batch.kind == BatchKind.HEALTH:
                _write_rating(batch, row, reader, actor, at)
            else:
                _write_violation(batch, row, reader, actor, at, repeats_confirmed)
    except DomainError as error:
        row.problems = [{"field": "", "code": error.code, "text": str(error.message)}]
    else:
        row.done_at = at


def _write_rating(batch: Batch, row: BatchRow, reader: RowReader, actor: User, at: datetime) -> None:
    read = reader.read(row)
    assert row.creator is not None and read.score is not None and read.as_of is not None  # noqa: PT018, S101 - checked
    source = row.values.get("source", "")
    rating_record(creator=row.creator, score=read.score, as_of=read.as_of, source=source, by=actor, at=at, batch=batch)


def _write_violation(
    batch: Batch, row: BatchRow, reader: RowReader, actor: User, at: datetime, repeats_confirmed: bool
) -> None:
    read = reader.read(row)
    assert row.creator is not None and read.effective_at is not None  # noqa: PT018, S101 - checked when it was read
    row.entry = violation_log(
        creator=row.creator,
        rule_code=read.rule,
        effective_at=read.effective_at,
        by=actor,
        at=at,
        content_link=row.values.get("content_link", ""),
        note=row.values.get("note", ""),
        internal_note=row.values.get("internal_note", ""),
        reason=row.values.get("reason", ""),
        shop=batch.shop,
        repeat_confirmed=repeats_confirmed,
    )


def _check_allowed(batch: Batch, by: User) -> None:
    needed = NEEDED[BatchKind(batch.kind)]
    if not by.can(needed):
        raise DomainError("not_allowed", by.refusal(needed), status=403)


def _nothing(job: Job) -> None:
    """Rows that were written stay written."""

"""Exports of creators: small ones at once, large ones as a job; each is recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from core.errors import DomainError
from core.exports import CONTENT_TYPES, Table, file_name, write_table
from core.jobs import ChunkPlan, chunk_run_next, job_create, progress_set, raise_if_cancelled
from core.models import Job, JobChunk, StoredFile
from core.services import export_record
from core.uploads.storage import file_store
from creators.selectors.exports import Source, Wanted, export_source, export_table

KIND, TASK, STEP = "creators.export", "creators.tasks.export_advance", "write"
KEPT = timedelta(days=7)
PROGRESS_ROWS = 1_000


@transaction.atomic
def export_now(*, wanted: Wanted, source: Source, by: User) -> Table:
    """Record the export and return its table, whose rows are read while they are sent. Raises `not_allowed`."""
    _check_allowed(wanted, by)
    now = timezone.now()
    export_record(
        by=by, title=source.title, query=_query(wanted), file_format=wanted.file_format, rows=source.count,
        has_contacts=wanted.with_contacts, at=now,
    )  # fmt: skip
    return export_table(wanted, source, by, at=now)


def export_start(*, wanted: Wanted, source: Source, by: User, back: str) -> Job:
    """Start a job that prepares the file; `back` is where its page leads back to. Raises `not_allowed`."""
    _check_allowed(wanted, by)
    params: dict[str, Any] = {
        "title": _("Export: %(title)s") % {"title": source.title},
        "back": back,
        "language": get_language() or "en",
        "wanted": wanted.packed(),
    }
    return job_create(kind=KIND, task=TASK, by=by, chunks=[ChunkPlan(stage=0, step=STEP)], params=params)


def export_advance(job_id: int) -> bool:
    """Run the chunk of an export's job; returns whether more wait."""
    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={STEP: _write}, cleanup=_nothing)


def _write(job: Job, chunk: JobChunk) -> None:
    """Make the file, with what the actor may and sees at this moment."""
    wanted, actor = Wanted.unpacked(job.params["wanted"]), User.objects.get(pk=job.actor_id)
    _check_allowed(wanted, actor)
    source = export_source(wanted, actor)
    now = timezone.now()
    table = export_table(wanted, source, actor, at=now)
    try:
        stored = _stored(table, wanted.file_format, _watched(table.rows, job, source.count), actor, now + KEPT)
    except OSError as error:
        raise DomainError("disk_full", _("The file could not be written: the disk is full or read-only.")) from error
    export_record(
        by=actor, title=source.title, query=_query(wanted), file_format=wanted.file_format, rows=source.count,
        has_contacts=wanted.with_contacts, at=now, file=stored,
    )  # fmt: skip
    Job.objects.filter(pk=job.pk).update(result={"file": stored.pk, "rows": source.count})


def _stored(table: Table, file_format: str, rows: Iterator[Any], actor: User, expires_at: datetime) -> StoredFile:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write_table(path, replace(table, rows=rows), file_format)
        return file_store(
            path=path, name=file_name(table, file_format), content_type=CONTENT_TYPES[file_format], by=actor,
            expires_at=expires_at,
        )  # fmt: skip


def _watched(rows: Iterable[Any], job: Job, total: int) -> Iterator[Any]:
    """The rows, with progress published and a cancellation noticed every thousand."""
    for number, row in enumerate(rows):
        if number % PROGRESS_ROWS == 0:
            raise_if_cancelled(job=job)
            progress_set(job=job, step=STEP, done=number, total=total)
        yield row


def _check_allowed(wanted: Wanted, by: User) -> None:
    needed = [Permission.CREATOR_EXPORT, *([Permission.CONTACT_EXPORT] if wanted.with_contacts else [])]
    for permission in needed:
        if not by.can(permission):
            raise DomainError("not_allowed", by.refusal(permission), status=403)


def _query(wanted: Wanted) -> str:
    if wanted.shortlist_id:
        return f"shortlist={wanted.shortlist_id}"
    return f"ids={','.join(map(str, wanted.ids))}" if wanted.ids else wanted.query


def _nothing(job: Job) -> None:
    """A job that failed or was cancelled leaves nothing behind."""

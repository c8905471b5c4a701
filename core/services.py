"""What leaves the product: the record of it, and tables that are too long to be made while somebody waits."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.exports import CONTENT_TYPES, Table, file_name, write_table
from core.jobs import ChunkPlan, chunk_run_next, job_create, progress_set, raise_if_cancelled
from core.models import ExportRecord, Job, JobChunk, StoredFile
from core.uploads.storage import file_store

STEP = "write"
KEPT = timedelta(days=7)
PROGRESS_ROWS = 1_000


@dataclass(frozen=True)
class Extract:
    """A table that somebody may take out: `query` says which rows, `count` how many, `table` makes it at an instant."""

    title: str
    query: str
    file_format: str
    count: int
    table: Callable[[datetime], Table]
    has_contacts: bool = False


# The extract of a request as its job keeps it, for the actor at the moment of writing; refuses by DomainError.
Maker = Callable[[Mapping[str, Any], Any], Extract]


def export_record(
    *,
    by: Any,
    title: str,
    query: str,
    file_format: str,
    rows: int,
    has_contacts: bool,
    at: datetime,
    file: StoredFile | None = None,
) -> ExportRecord:
    """Record who took what out of the product, and whether contacts were in it."""
    return ExportRecord.objects.create(
        by=by, title=title[:200], query=query, file_format=file_format, rows=rows, has_contacts=has_contacts, at=at,
        file=file,
    )  # fmt: skip


def file_taken(*, file: StoredFile, by: Any, at: datetime) -> None:
    """Record another download of a prepared file that holds contacts."""
    made = ExportRecord.objects.filter(file=file, has_contacts=True).order_by("pk").first()
    if made is not None:
        export_record(
            by=by, title=made.title, query=made.query, file_format=made.file_format, rows=made.rows,
            has_contacts=True, at=at, file=file,
        )  # fmt: skip


@transaction.atomic
def extract_now(*, extract: Extract, by: Any) -> Table:
    """Record the export and return its table, whose rows are read while they are sent."""
    now = timezone.now()
    _recorded(extract, by, now)
    return extract.table(now)


def extract_start(*, kind: str, task: str, title: str, wanted: Mapping[str, Any], by: Any, back: str) -> Job:
    """Start a job that prepares the file of `wanted`; `back` is where its page leads back to."""
    params: dict[str, Any] = {
        "title": _("Export: %(title)s") % {"title": title},
        "back": back,
        "language": get_language() or "en",
        "wanted": wanted,
    }
    return job_create(kind=kind, task=task, by=by, chunks=[ChunkPlan(stage=0, step=STEP)], params=params)


def extract_advance(job_id: int, *, maker: Maker) -> bool:
    """Run the chunk of such a job in the language it was asked in; returns whether more wait."""

    def write(job: Job, chunk: JobChunk) -> None:
        actor = get_user_model()._default_manager.get(pk=job.actor_id)
        _write(job, maker(job.params["wanted"], actor), actor)

    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={STEP: write}, cleanup=_nothing)


def _write(job: Job, extract: Extract, actor: Any) -> None:
    now = timezone.now()
    table = extract.table(now)
    try:
        stored = _stored(table, extract.file_format, _watched(table.rows, job, extract.count), actor, now + KEPT)
    except OSError as error:
        raise DomainError("disk_full", _("The file could not be written: the disk is full or read-only.")) from error
    _recorded(extract, actor, now, stored)
    Job.objects.filter(pk=job.pk).update(result={"file": stored.pk, "rows": extract.count})


def _recorded(extract: Extract, by: Any, at: datetime, file: StoredFile | None = None) -> None:
    export_record(
        by=by, title=extract.title, query=extract.query, file_format=extract.file_format, rows=extract.count,
        has_contacts=extract.has_contacts, at=at, file=file,
    )  # fmt: skip


def _stored(table: Table, file_format: str, rows: Iterator[Any], actor: Any, expires_at: datetime) -> StoredFile:
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


def _nothing(job: Job) -> None:
    """A job that failed or was cancelled leaves nothing behind."""

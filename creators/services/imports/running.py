"""The steps of an import job, each a chunk that may be killed and repeated without harm."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from core.errors import DomainError
from core.jobs import (
    ChunkPlan,
    Handler,
    JobCancelledError,
    chunk_run_next,
    chunks_add,
    job_cancel,
    job_create,
    progress_set,
)
from core.models import Job, JobChunk
from core.states import ChunkState, JobState
from creators.models import CreatorFacts, ExchangeRate, Import, ImportFailure
from creators.services import merge
from creators.services.imports.applying import import_apply
from creators.services.imports.matching import import_match
from creators.services.imports.reading import import_read
from creators.services.imports.stage import stage_drop, stage_table
from creators.services.imports.undoing import import_erase

TASK = "creators.tasks.import_advance"
KIND, UNDO_KIND = "creators.import", "creators.import_undo"
CHUNK_ROWS = 20_000
# From this size and share of the directory on, the facts are built anew instead of updated in place.
REBUILD_ROWS, REBUILD_SHARE = 50_000, 0.1


def import_start(*, source_import: Import, by: User | None) -> Job:
    """Start the job of a configured import.

    Raises DomainError `already_started`, `no_handle_column`, `no_as_of`, `as_of_in_future`, `no_market`, `no_source`,
    `no_rate`.
    """
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=source_import.pk)
        if locked.job_id:
            raise DomainError("already_started", _("This import has already been started."), status=409)
        _check_ready(locked)
        chunks = [ChunkPlan(stage=0, step="read")]
        locked.job = job_create(kind=KIND, task=TASK, by=by, chunks=chunks, params={"import": locked.pk})
        locked.save(update_fields=["job"])
        job = locked.job
    source_import.refresh_from_db()
    return job


def _check_ready(source_import: Import) -> None:
    fields = {column["field"] for column in source_import.mapping}
    if not fields & {"handle", "profile_link"}:
        raise DomainError(
            "no_handle_column", _("No column holds the handle. Choose the column with handles or profile links.")
        )
    if source_import.as_of is None:
        raise DomainError(
            "no_as_of",
            _("Choose the day on which the numbers of this list were true."),
            fields={"as_of": _("Choose a day.")},
        )
    if source_import.as_of > timezone.now().date():
        raise DomainError(
            "as_of_in_future",
            _("The as-of day lies in the future."),
            fields={"as_of": _("Choose today or a day before.")},
        )
    if source_import.market_id is None and "market" not in fields:
        raise DomainError(
            "no_market",
            _("No column holds the market. Choose one for the whole list."),
            fields={"market": _("Choose a market.")},
        )
    if not source_import.source:
        raise DomainError(
            "no_source",
            _("Name the source of this list, such as the tool that exported it."),
            fields={"source": _("Name the source.")},
        )
    currencies = {source_import.currency} | {column.get("currency") for column in source_import.mapping} - {None, ""}
    missing = currencies - set(ExchangeRate.objects.values_list("currency", flat=True))
    if missing:
        message = _("There is no exchange rate for %(currency)s. Add one, or choose another currency.")
        raise DomainError(
            "no_rate", message % {"currency": ", ".join(sorted(missing))}, fields={"currency": _("No exchange rate.")}
        )


def import_cancel(*, source_import: Import, by: User | None) -> Job:
    """Ask a started import to stop; what it wrote is taken back. Raises DomainError `not_started`, `job_ended`."""
    if source_import.job is None:
        raise DomainError("not_started", _("This import has not been started."), status=409)
    return job_cancel(job=source_import.job, by=by)


def import_undo(*, source_import: Import, by: User | None) -> Job:
    """Start taking back a finished import. Raises DomainError `not_finished`, `already_undone`."""
    with transaction.atomic():
        locked = (
            Import.objects.select_for_update(of=("self",)).select_related("job", "undo_job").get(pk=source_import.pk)
        )
        if locked.undone_at or (locked.undo_job and locked.undo_job.state in {JobState.WAITING, JobState.RUNNING}):
            raise DomainError("already_undone", _("This import is already undone or being undone."), status=409)
        if locked.job is None or locked.job.state != JobState.DONE:
            raise DomainError("not_finished", _("Only a finished import can be undone."), status=409)
        chunks = [ChunkPlan(stage=0, step="undo")]
        locked.undo_job = job_create(kind=UNDO_KIND, task=TASK, by=by, chunks=chunks, params={"import": locked.pk})
        locked.undone_by = by
        locked.save(update_fields=["undo_job", "undone_by"])
        job = locked.undo_job
    source_import.refresh_from_db()
    return job


def import_advance(job_id: int) -> bool:
    """Run one waiting chunk of an import's job; returns whether more wait."""
    job = Job.objects.select_related("actor").filter(pk=job_id).first()
    language = job.actor.language if job and job.actor else "en"
    with translation.override(language):
        return chunk_run_next(job_id=job_id, handlers=STEPS, cleanup=_cleanup)


def import_run_inline(job: Job) -> Job:
    """Run a job to its end in this process, as a worker would."""
    while import_advance(job.pk):
        pass
    job.refresh_from_db()
    return job


@dataclass(frozen=True)
class DryRun:
    """What an import would do: the import with its counts, and up to 1,000 refused rows."""

    source_import: Import
    failures: list[ImportFailure]


def import_dry_run(source_import: Import) -> DryRun:
    """Read, match and count without keeping anything."""
    _check_ready(source_import)
    with transaction.atomic():
        job = Job.objects.create(kind=KIND, task=TASK, created_at=timezone.now())
        import_read(source_import, job)
        import_match(source_import, job)
        for chunk in _apply_chunks(source_import, merge_now=False):
            import_apply(source_import, job, **chunk.params)
        source_import.refresh_from_db()
        failures = list(source_import.failures.all()[:1000])
        transaction.set_rollback(True)
    return DryRun(source_import, failures)


def _import_of(job: Job) -> Import:
    return Import.objects.select_related("file").get(pk=job.params["import"])


def _read(job: Job, chunk: JobChunk) -> None:
    _check_actor(job, Permission.IMPORT_RUN)
    import_read(_import_of(job), job)
    chunks_add(job=job, chunks=[ChunkPlan(stage=1, step="match")])


def _match(job: Job, chunk: JobChunk) -> None:
    source_import = _import_of(job)
    progress_set(job=job, step="match", done=0, total=source_import.rows)
    applicable = import_match(source_import, job)
    large = applicable >= REBUILD_ROWS and applicable > REBUILD_SHARE * CreatorFacts.objects.count()
    chunks = _apply_chunks(source_import, merge_now=not large)
    if large:
        chunks += [ChunkPlan(stage=3, step="text", number=0), ChunkPlan(stage=3, step="facts", number=1)]
    chunks_add(job=job, chunks=[*chunks, ChunkPlan(stage=4, step="finish")])


def _apply_chunks(source_import: Import, *, merge_now: bool) -> list[ChunkPlan]:
    """Row ranges of about CHUNK_ROWS rows (five times as many when the facts are rebuilt afterwards)."""
    size = CHUNK_ROWS if merge_now else CHUNK_ROWS * 5
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(row_number), max(row_number) FROM {stage_table(source_import)}")
        first, last = cursor.fetchone()
    if first is None:
        return []
    starts = range(first, last + 1, size)
    return [
        ChunkPlan(2, "apply", number, {"first": start, "last": min(start + size - 1, last), "merge": merge_now})
        for number, start in enumerate(starts)
    ]


def _apply(job: Job, chunk: JobChunk) -> None:
    source_import = _import_of(job)
    import_apply(source_import, job, **chunk.params)
    done = 1 + job.chunks.filter(step="apply", state=ChunkState.DONE).count()
    total = job.chunks.filter(step="apply").count()
    progress_set(job=job, step="write", done=done * source_import.rows // total, total=source_import.rows)
    if Job.objects.filter(pk=job.pk, cancel_requested_at__isnull=False).exists():
        raise JobCancelledError


def _finish(job: Job, chunk: JobChunk) -> None:
    source_import = _import_of(job)
    stage_drop(source_import)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE creators_creator")
    progress_set(job=job, step="done", done=source_import.rows, total=source_import.rows)


def _undo(job: Job, chunk: JobChunk) -> None:
    _check_actor(job, Permission.IMPORT_UNDO)
    source_import = _import_of(job)
    import_erase(source_import)
    Import.objects.filter(pk=source_import.pk).update(undone_at=timezone.now())


def _check_actor(job: Job, permission: Permission) -> None:
    """The actor may have lost the right since the job was made."""
    if job.actor is not None and not job.actor.can(permission):
        raise DomainError("forbidden", _("The person who started this job may not do this any more."), status=403)


def _cleanup(job: Job) -> None:
    """A failed or cancelled import leaves nothing; a failed undo has rolled back by itself."""
    if job.kind == KIND:
        import_erase(_import_of(job))


STEPS: dict[str, Handler] = {
    "read": _read,
    "match": _match,
    "apply": _apply,
    "text": lambda job, chunk: merge.text_rebuild(),
    "facts": lambda job, chunk: merge.facts_rebuild(),
    "finish": _finish,
    "undo": _undo,
}

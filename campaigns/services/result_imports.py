"""Results of contents from a file: read and checked first, then written by a job. Safe to repeat: rows are replaced."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import Content, ContentResult, ResultImport
from campaigns.rules.content_links import platform_id_of
from campaigns.rules.result_columns import COUNTS, LABELS, MONEY, REQUIRED, Read, columns_of, is_header, read_row
from campaigns.services.results import day_problem
from campaigns.states.contents import ResultSource, ResultWindow
from core.errors import DomainError
from core.jobs import ChunkPlan, chunk_run_next, job_create, progress_set, raise_if_cancelled
from core.models import Job, JobChunk, StoredFile
from core.uploads.headers import find_header
from core.uploads.storage import file_forget, file_path, file_store
from core.uploads.tables import open_table

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TASK = "campaigns.tasks.contents.result_import_advance"
STEP = "write"
MOST_ROWS = 20_000
HEAD_ROWS = 50
# A worker that dies loses at most so many rows of work.
CHUNK_ROWS = 1_000
# Enough to mend a file by; who has more has another problem.
MOST_PROBLEMS = 1_000

Row = tuple[int, dict[str, str]]


@dataclass
class Checked:
    """Good rows with their content, and what is wrong with the others: objects with row, field, value, code."""

    good: list[tuple[int, Content, Read]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def result_import_create(*, upload: "UploadedFile[bytes]", shop: Shop, by: User, at: datetime) -> ResultImport:
    """Read a file of results and say what is wrong with its rows; nothing of it is written yet.

    Raises DomainError `columns_missing`, `too_many_rows`, `no_rows`, `not_member` and those of `file_store` and
    `open_table`; nothing is kept then, neither rows nor bytes.
    """
    if not Shop.objects.visible_to(by).active().filter(pk=shop.pk).exists():
        raise DomainError("not_member", _("Only members of the shop can bring its results in."), status=403)
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(
                name=upload.name or "results", content_type=upload.content_type or "", by=by, upload=upload
            )
            checked = rows_check(rows_of(stored), shop_id=shop.pk, at=at)
            problems = checked.problems[:MOST_PROBLEMS]
            return ResultImport.objects.create(shop=shop, file=stored, problems=problems, created_by=by, created_at=at)
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise


@transaction.atomic
def result_import_start(*, result_import: ResultImport, by: User, at: datetime) -> Job:
    """Write the good rows; a second press finds the same job. Raises DomainError `not_allowed`, `no_good_rows`."""
    held = ResultImport.objects.select_for_update(of=("self",)).select_related("job", "file").get(pk=result_import.pk)
    if held.job is not None:
        return held.job
    _check_allowed(by)
    rows = rows_of(held.file)
    if not rows_check(rows, shop_id=held.shop_id, at=at).good:
        raise DomainError("no_good_rows", _("No row can be written: every one has a problem. Mend the file first."))
    parts = range(0, len(rows), CHUNK_ROWS)
    plans = [ChunkPlan(stage=stage, step=STEP, params={"start": start}) for stage, start in enumerate(parts)]
    params: dict[str, Any] = {
        "import": held.pk,
        "title": held.file.name,
        "back": held.get_absolute_url(),
        "language": get_language() or "en",
        "rows": len(rows),
    }
    held.job = job_create(kind="result_import", task=TASK, by=by, chunks=plans, params=params)
    held.problems = []
    held.save(update_fields=["job", "problems"])
    return held.job


def result_import_advance(job_id: int) -> bool:
    """Run one chunk of such a job; returns whether more wait."""
    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={STEP: _write}, cleanup=_nothing)


def rows_of(stored: StoredFile) -> list[Row]:
    """Number and cells by field of every row below the header."""
    table = open_table(file_path(stored))
    header = find_header(table.head(HEAD_ROWS), is_header)
    places = columns_of(header.names)
    missing = [str(LABELS[name]) for name in REQUIRED if name not in places]
    if missing:
        text = _("The file has no column for: %(columns)s. Known columns are: %(known)s.")
        known = ", ".join(str(label) for label in LABELS.values())
        raise DomainError("columns_missing", text % {"columns": ", ".join(missing), "known": known})
    rows = list(islice(_cells(table.rows(after=header.row_number), places), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise DomainError("too_many_rows", _("At most 20,000 rows at once. Split the file."))
    if not rows:
        raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    return rows


def rows_check(rows: Sequence[Row], *, shop_id: int, at: datetime) -> Checked:
    """Read the rows and find their contents among those of the shop; the number of queries does not grow with them."""
    ids = {number: platform_id_of(values.get("content", "")) for number, values in rows}
    contents = _contents(shop_id, {one for one in ids.values() if one})
    checked, seen = Checked(), set[tuple[int, date]]()
    for number, values in rows:
        found = contents.get(ids[number], [])
        # The plan's currency says what a dot means: 110.000₫ is a hundred and ten thousand.
        read = read_row(values, currency=found[0].collaboration.plan.currency if found else None)
        problems = list(read.problems)
        if read.platform_id and len(found) != 1:
            problems.append(("content", "content_repeated" if found else "content_unknown"))
        if not problems:
            problems += _against(found[0], read, seen, at)
        if problems:
            checked.problems += [
                {"row": number, "field": name, "value": values.get(name, "")[:120], "code": code}
                for name, code in problems
            ]
        else:
            checked.good.append((number, found[0], read))
    return checked


def _against(content: Content, read: Read, seen: set[tuple[int, date]], at: datetime) -> list[tuple[str, str]]:
    """What is wrong with a readable row of a content: its day, its currency, or that it stands there twice."""
    currency = content.collaboration.plan.currency
    problems = [(name, "other_currency") for name, other in read.currencies.items() if other != currency]
    if code := day_problem(content, read.day, at=at):
        problems.append(("day", code))
    elif read.day is not None:
        if (content.pk, read.day) in seen:
            problems.append(("", "row_repeated"))
        seen.add((content.pk, read.day))
    return problems


def _contents(shop_id: int, numbers: set[str]) -> dict[str, list[Content]]:
    found: dict[str, list[Content]] = {}
    published = Content.objects.filter(platform_id__in=numbers, published_at__isnull=False)
    for content in published.filter(collaboration__shop=shop_id).select_related("collaboration__plan__market"):
        found.setdefault(content.platform_id, []).append(content)
    return found


def _cells(rows: Iterator[tuple[int, list[str]]], places: dict[str, int]) -> Iterator[Row]:
    for number, cells in rows:
        values = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
        if any(values.values()):
            yield number, values


def _write(job: Job, chunk: JobChunk) -> None:
    """Write the chunk's rows in one transaction with it; the actor must still be allowed to."""
    result_import = ResultImport.objects.select_for_update(of=("self",)).select_related("file").get(
        pk=job.params["import"]
    )  # fmt: skip
    actor = User.objects.get(pk=job.actor_id)
    _check_allowed(actor)
    raise_if_cancelled(job=job)
    at, start = timezone.now(), chunk.params["start"]
    # Repeats are looked for in the whole file, so that the first of two rows wins wherever a chunk ends.
    everything = rows_of(result_import.file)
    numbers = {number for number, _values in everything[start : start + CHUNK_ROWS]}
    checked = rows_check(everything, shop_id=result_import.shop_id, at=at)
    good = [row for row in checked.good if row[0] in numbers]
    _rows_write(good, by=actor, at=at)
    result_import.problems += [one for one in checked.problems if one["row"] in numbers]
    del result_import.problems[MOST_PROBLEMS:]
    result_import.save(update_fields=["problems"])
    written = job.result.get("written", 0) + len(good)
    job.result["written"] = written
    Job.objects.filter(pk=job.pk).update(result=job.result)
    progress_set(job=job, step=STEP, done=start + len(numbers), total=job.params["rows"])


def _rows_write(good: Sequence[tuple[int, Content, Read]], *, by: User, at: datetime) -> None:
    """Put the rows of contents and days in place; an empty cell keeps what was said before."""
    ids = sorted({content.pk for _number, content, _read in good})
    # Two imports of the same contents wait for each other.
    list(Content.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    known = {
        (row.content_id, row.day): row
        for row in ContentResult.objects.filter(content__in=ids, window=ResultWindow.DAY)
    }  # fmt: skip
    added: list[ContentResult] = []
    changed: list[ContentResult] = []
    for _number, content, read in good:
        if read.day is None:
            continue
        row = known.get((content.pk, read.day))
        (changed if row else added).append(row := row or ContentResult(content=content, day=read.day))
        for name, value in read.values.items():
            setattr(row, name, value)
        row.source, row.recorded_by, row.recorded_at = ResultSource.FILE, by, at
    ContentResult.objects.bulk_create(added)
    fields = [*COUNTS, *MONEY, "source", "recorded_by", "recorded_at"]
    ContentResult.objects.bulk_update(changed, fields, batch_size=500)


def _check_allowed(by: User) -> None:
    if not by.can(Permission.COLLABORATION_EDIT):
        raise DomainError("not_allowed", by.refusal(Permission.COLLABORATION_EDIT), status=403)


def _nothing(job: Job) -> None:
    """Rows that were written stay written."""

"""The platform's report of affiliate orders from a file: looked at first, then written by a job in parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import OrderImport
from campaigns.rules.order_columns import LABELS, Marks, OrderRow, columns_of, is_header, marks_of, missing_of, read_row
from campaigns.services.orders import order_lines_record
from campaigns.services.settlements import collaboration_settle, to_settle
from core.errors import DomainError
from core.jobs import (
    ChunkPlan,
    chunk_run_next,
    chunks_add,
    job_cancel,
    job_create,
    progress_set,
    raise_if_cancelled,
)
from core.models import Job, JobChunk, StoredFile
from core.uploads.storage import file_forget, file_path, file_store
from core.uploads.tables import Table, guess_sheet, open_table
from creators.models import Market

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TASK = "campaigns.tasks.settlements.order_import_advance"
KIND = "order_import"
WRITE, SETTLE = "write", "settle"
MOST_ROWS = 200_000
# A worker that dies loses at most so much work, and a cancellation waits for so much.
CHUNK_ROWS = 2_000
CHUNK_COLLABORATIONS = 50
SAMPLE_ROWS = 200
# Problems of refused rows that are kept.
MOST_PROBLEMS = 10_000


@dataclass(frozen=True)
class Report:
    """A report as it lies in its file: where its columns are, and how it writes numbers."""

    table: Table
    header_row: int
    names: list[str]
    places: Mapping[str, int]
    marks: Marks
    currency: str
    shop: Shop

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        return self.table.rows(after=max(after, self.header_row))

    def values(self, cells: list[str]) -> dict[str, str]:
        return {name: cells[place].strip() for name, place in self.places.items() if place < len(cells)}

    def read(self, number: int, cells: list[str], at: datetime) -> OrderRow:
        zone = self.shop.time_zone
        return read_row(
            number, self.values(cells), marks=self.marks, currency=self.currency, time_zone=zone, at=at
        )  # fmt: skip


def report_open(stored: StoredFile, shop: Shop) -> Report:
    """The report in a file. Raises DomainError `columns_missing`, `no_rows` and those of `open_table`."""
    table = open_table(file_path(stored))
    header = guess_sheet(table, is_header)
    places = columns_of(header.names)
    if missing := missing_of(places):
        text = _("The file has no column for: %(columns)s. Export the affiliate orders again, with all columns.")
        raise DomainError("columns_missing", text % {"columns": ", ".join(str(LABELS[name]) for name in missing)})
    sample = [cells for _number, cells in islice(table.rows(after=header.row_number), SAMPLE_ROWS)]
    if not sample:
        raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    market = Market.objects.filter(pk=shop.market_code).first()
    currency = market.currency if market else "USD"
    marks = marks_of(places, sample, currency)
    return Report(table, header.row_number, header.names, places, marks, currency, shop)


def order_import_create(*, shop: Shop, upload: "UploadedFile[bytes]", by: User, at: datetime) -> OrderImport:
    """Keep a report and look at its columns; nothing of it is written yet.

    Raises what `report_open` and `file_store` raise; nothing is kept then.
    """
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(
                name=upload.name or "orders", content_type=upload.content_type or "", by=by, upload=upload
            )
            report_open(stored, shop)
            return OrderImport.objects.create(shop=shop, file=stored, created_by=by, created_at=at)
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise


@transaction.atomic
def order_import_start(*, source: OrderImport, by: User) -> Job:
    """Write the rows that can be read; a second press finds the same job.

    Raises DomainError `not_allowed`, `too_many_rows` and what `report_open` raises.
    """
    held = _held(source)
    if held.job is not None:
        return held.job
    _check_allowed(by)
    report = report_open(held.file, held.shop)
    numbers = [number for number, _cells in islice(report.rows(), MOST_ROWS + 1)]
    if len(numbers) > MOST_ROWS:
        raise DomainError("too_many_rows", _("At most 200,000 rows at once. Export a shorter period."))
    ends = [*numbers[CHUNK_ROWS - 1 : -1 : CHUNK_ROWS], numbers[-1]]
    # One stage each: a later row about the same line counts.
    plans = [
        ChunkPlan(stage=place, step=WRITE, params={"after": after, "until": until})
        for place, (after, until) in enumerate(zip([report.header_row, *ends], ends, strict=False))
    ]
    plans.append(ChunkPlan(stage=len(plans), step=SETTLE, params={}))
    params: dict[str, Any] = {
        "source": held.pk,
        "title": held.file.name,
        "back": held.get_absolute_url(),
        "language": get_language() or "en",
        "rows": len(numbers),
    }
    held.job = job_create(kind=KIND, task=TASK, by=by, chunks=plans, params=params)
    held.save(update_fields=["job"])
    return held.job


def order_import_cancel(*, source: OrderImport, by: User) -> Job:
    """Stop after the rows that are being written. Raises `not_started`, and what `job_cancel` raises."""
    if source.job is None:
        raise DomainError("not_started", _("This import was not started."), status=409)
    return job_cancel(job=source.job, by=by)


def order_import_advance(job_id: int) -> bool:
    """Run one chunk of such a job; returns whether more wait."""
    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={WRITE: _write, SETTLE: _settle}, cleanup=_nothing)


def _held(source: OrderImport) -> OrderImport:
    found = OrderImport.objects.select_for_update(of=("self",)).select_related("job", "file", "shop")
    return found.get(pk=source.pk)


def _check_allowed(by: User) -> None:
    if not by.can(Permission.SETTLEMENT_EDIT):
        raise DomainError("not_allowed", by.refusal(Permission.SETTLEMENT_EDIT), status=403)


def _write(job: Job, chunk: JobChunk) -> None:
    """Write the rows of a part in one transaction with it; the actor must still be allowed to."""
    source = _held(OrderImport(pk=job.params["source"]))
    _check_allowed(User.objects.get(pk=job.actor_id))
    raise_if_cancelled(job=job)
    report, at = report_open(source.file, source.shop), timezone.now()
    rows = [
        report.read(number, cells, at)
        for number, cells in _until(report.rows(after=chunk.params["after"]), chunk.params["until"])
    ]
    recorded = order_lines_record(shop=source.shop, rows=rows, at=at, source=source)
    source.problems = [*source.problems, *(one for row in recorded.refused for one in _stored(row))][:MOST_PROBLEMS]
    source.save(update_fields=["problems"])
    before = job.result
    result = {
        "written": before.get("written", 0) + recorded.written,
        "matched": before.get("matched", 0) + recorded.matched,
        "refused": before.get("refused", 0) + len(recorded.refused),
        "read": before.get("read", 0) + len(rows),
        "months": sorted({*before.get("months", []), *(month.isoformat() for month in recorded.months)}),
    }
    Job.objects.filter(pk=job.pk).update(result=result)
    progress_set(job=job, step=WRITE, done=result["read"], total=job.params["rows"])


def _until(rows: Iterator[tuple[int, list[str]]], last: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number > last:
            return
        yield number, cells


def _stored(row: OrderRow) -> list[dict[str, Any]]:
    """Why a row was refused: an object for each problem, with the cell."""
    return [
        {"row": row.number, "field": name, "value": row.sent.get(name, "")[:200], "code": code}
        for name, code in row.problems
    ]


def _settle(job: Job, chunk: JobChunk) -> None:
    """Compute the lines of the months that the report is about again: first who, then by parts."""
    source = OrderImport.objects.select_related("shop").get(pk=job.params["source"])
    months = [date.fromisoformat(text) for text in job.result.get("months", [])]
    if "collaborations" in chunk.params:
        raise_if_cancelled(job=job)
        at = timezone.now()
        for pk in chunk.params["collaborations"]:
            collaboration_settle(collaboration_id=pk, months=months, at=at)
        return
    if not months:
        return
    keys = to_settle(source.shop, months)
    parts = [keys[place : place + CHUNK_COLLABORATIONS] for place in range(0, len(keys), CHUNK_COLLABORATIONS)]
    chunks_add(
        job=job,
        chunks=[
            ChunkPlan(stage=chunk.stage + 1, step=SETTLE, number=place, params={"collaborations": part})
            for place, part in enumerate(parts)
        ],
    )


def _nothing(job: Job) -> None:
    """Lines that were written stay written."""

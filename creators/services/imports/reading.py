"""The first step of an import: the file is streamed once, good rows go to the stage table, refused ones are kept."""

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.jobs import progress_set, raise_if_cancelled
from core.models import Job
from core.uploads.storage import file_path
from core.uploads.tables import collector_resting, open_table, row_batches
from creators.models import Category, Import, ImportFailure, Market
from creators.rules import PROBLEMS
from creators.rules.headers import TOTAL_WORDS, is_repeated_header, is_total_row, normalise_header
from creators.rules.rows import (
    STAGE_COLUMNS,
    Batch,
    ColumnPlan,
    ReadPlan,
    category_lookup,
    looks_blank,
    lookup,
    read_batch,
)
from creators.services.imports.stage import stage_create

BATCH_ROWS = 10_000
FAILURE_COLUMNS = ("source_import_id", "row_number", "cells", "problems")
MARKET_WORDS = {"uk": "GB", "usa": "US", "america": "US", "英国": "GB", "美国": "US"}


def read_plan(source_import: Import) -> ReadPlan:
    """How the rows of this import are read, with the words of the reference lists."""
    markets = {word: code for word, code in MARKET_WORDS.items() if Market.objects.filter(code=code).exists()}
    for market in Market.objects.all():
        markets |= {name.casefold(): market.code for name in (market.code, market.name_en, market.name_zh)}
    categories: dict[str, int] = {}
    for category in Category.objects.order_by("-level"):
        categories |= {name.casefold(): category.pk for name in (category.name_en, category.name_zh, str(category.pk))}
    columns = [column for column in source_import.mapping if column["field"]]
    today = timezone.now().date()
    return ReadPlan(
        width=len(source_import.mapping),
        columns=tuple(_column_plan(column) for column in columns),
        market=source_import.market_id,
        currency=source_import.currency,
        # Confirmed before the start; a preview may still lack it.
        as_of=source_import.as_of or today,
        today=today,
        market_of=lookup(markets),
        categories_of=category_lookup(categories),
    )


def _column_plan(column: dict[str, Any]) -> ColumnPlan:
    return ColumnPlan(
        index=column["index"],
        header=column["header"],
        field=column["field"],
        currency=column.get("currency"),
        scale=column.get("scale") or "percent",
        decimal=column.get("decimal") or "auto",
        day_first=bool(column.get("day_first")),
    )


def data_rows(source_import: Import) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header: without blank ones, totals and repeats of the header."""
    table = open_table(file_path(source_import.file), sheet=source_import.sheet or None)
    names = [normalise_header(column["header"]) for column in source_import.mapping]
    # Nearly every row begins with another letter than a total or the header, and is not looked at any further.
    letters = {word[:1] for word in (*TOTAL_WORDS, names[0], source_import.mapping[0]["header"].strip().casefold())}
    for number, cells in table.rows(after=source_import.header_row):
        letter = cells[0][:1].casefold()
        plain = letter and not letter.isspace() and letter not in letters
        if plain or not (looks_blank(cells) or is_total_row(cells) or is_repeated_header(cells, names)):
            yield number, cells


def import_read(source_import: Import, job: Job) -> None:
    """Read the whole file into the stage table and the failures; publishes progress, notices cancellation.

    Raises DomainError `no_rows` and those of `open_table`.
    """
    plan = read_plan(source_import)
    table = stage_create(source_import)
    ImportFailure.objects.filter(source_import=source_import).delete()
    total, failed, notices = 0, 0, Counter[str]()
    # PostgreSQL takes in one batch while the next is read. Nothing else uses the connection meanwhile.
    with collector_resting(), ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[None] | None = None
        for numbers, cells in row_batches(data_rows(source_import), BATCH_ROWS):
            batch = read_batch(numbers, cells, plan)
            total += len(numbers)
            failed += len(batch.failures)
            notices += batch.notices
            if written:
                written.result()
                progress_set(job=job, step="read", done=total)
                raise_if_cancelled(job=job)
            written = writer.submit(
                _write, _raw_cursor(), table, batch.lines, _failure_lines(source_import, numbers, cells, batch)
            )
        if written:
            written.result()
    if not total:
        raise DomainError("no_rows", _("The file has no rows below its header. Check the sheet and the header row."))
    Import.objects.filter(pk=source_import.pk).update(rows=total, failed=failed)
    job.result["notices"] = dict(notices)
    job.save(update_fields=["result"])
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


def problem_message(code: str) -> str:
    """What to do about a problem, in the language of the reader."""
    return str(PROBLEMS.get(code, code))


def _failure_lines(
    source_import: Import, numbers: Sequence[int], cells: Sequence[list[str]], batch: Batch
) -> list[str]:
    lines = []
    for position, problems in sorted(batch.failures.items()):
        found = [{"column": p.header, "value": p.value, "code": p.code} for p in problems]
        row = (source_import.pk, numbers[position], json.dumps(cells[position]), json.dumps(found))
        lines.append("\t".join(str(value).replace("\\", "\\\\") for value in row))
    return lines


def _raw_cursor() -> Any:
    """A cursor of psycopg2 on the connection of this thread, which another thread may use."""
    connection.ensure_connection()
    return connection.connection.cursor()


def _write(cursor: Any, table: str, lines: Sequence[str], failures: Sequence[str]) -> None:
    with cursor:
        _copy(cursor, table, STAGE_COLUMNS, lines)
        _copy(cursor, ImportFailure._meta.db_table, FAILURE_COLUMNS, failures)


def _copy(cursor: Any, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    if lines:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO("\n".join(lines) + "\n"))

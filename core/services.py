"""The record of what left the product."""

from datetime import datetime
from typing import Any

from core.models import ExportRecord, StoredFile


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

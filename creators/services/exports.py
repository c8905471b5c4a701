"""Exports of creators: small ones at once, large ones as a job; each is recorded."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.states import Permission
from core.errors import DomainError
from core.exports import Table
from core.models import Job
from core.services import Extract, extract_now, extract_start
from core.services import extract_advance as advance
from creators.selectors.exports import Source, Wanted, export_source, export_table

KIND, TASK = "creators.export", "creators.tasks.export_advance"


def export_now(*, wanted: Wanted, source: Source, by: User) -> Table:
    """Record the export and return its table, whose rows are read while they are sent. Raises `not_allowed`."""
    _check_allowed(wanted, by)
    return extract_now(extract=_extract(wanted, source, by), by=by)


def export_start(*, wanted: Wanted, source: Source, by: User, back: str) -> Job:
    """Start a job that prepares the file; `back` is where its page leads back to. Raises `not_allowed`."""
    _check_allowed(wanted, by)
    return extract_start(kind=KIND, task=TASK, title=source.title, wanted=wanted.packed(), by=by, back=back)


def export_advance(job_id: int) -> bool:
    """Run the chunk of an export's job; returns whether more wait."""
    return advance(job_id, maker=_made)


def _made(packed: Mapping[str, Any], actor: User) -> Extract:
    """What the actor may and sees at this moment."""
    wanted = Wanted.unpacked(packed)
    _check_allowed(wanted, actor)
    return _extract(wanted, export_source(wanted, actor), actor)


def _extract(wanted: Wanted, source: Source, by: User) -> Extract:
    return Extract(
        title=source.title,
        query=_query(wanted),
        file_format=wanted.file_format,
        count=source.count,
        table=lambda at: export_table(wanted, source, by, at=at),
        has_contacts=wanted.with_contacts,
    )


def _check_allowed(wanted: Wanted, by: User) -> None:
    needed = [Permission.CREATOR_EXPORT, *([Permission.CONTACT_EXPORT] if wanted.with_contacts else [])]
    for permission in needed:
        if not by.can(permission):
            raise DomainError("not_allowed", by.refusal(permission), status=403)


def _query(wanted: Wanted) -> str:
    if wanted.shortlist_id:
        return f"shortlist={wanted.shortlist_id}"
    return f"ids={','.join(map(str, wanted.ids))}" if wanted.ids else wanted.query

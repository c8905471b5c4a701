"""Exports of the ledger: a creator's statement, and the entries of the desk's list; each is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from core.errors import DomainError
from core.exports import Table, check_size
from core.models import Job
from core.services import Extract, extract_now, extract_start
from core.services import extract_advance as advance
from creators.models import Creator
from violations.exports import ENTRY_COLUMNS, STATEMENT_COLUMNS
from violations.filters import entry_chips, entry_filter
from violations.selectors.listing import export_rows
from violations.selectors.statement import statement_of

KIND, TASK = "violations.export", "violations.tasks.entries_export_advance"


def entries_extract(*, query: str, file_format: str, by: User, at: datetime) -> Extract:
    """The entries that pass the filters of a query, for somebody at an instant.

    Raises DomainError `export_not_allowed`, `entry_filter_unreadable`, `no_entries`, `too_many_rows`.
    """
    _check_allowed(by)
    entries = entry_filter(QueryDict(query), user=by, at=at)
    if entries.errors:
        message = _("Some filters could not be read. Correct them in the list, then export again.")
        raise DomainError("entry_filter_unreadable", message)
    count = entries.qs.order_by().count()
    if not count:
        raise DomainError("no_entries", _("No entry is left to export. Change the filters."))
    check_size(count, file_format)
    chips = "; ".join(f"{chip.label} {chip.shown}" for chip in entry_chips(entries))

    def table(made_at: datetime) -> Table:
        about = _about(_("Violations"), chips, by, made_at)
        name = f"{_('Violations')} {timezone.localtime(made_at):%Y-%m-%d}"
        return Table(name, _("Violations"), ENTRY_COLUMNS, export_rows(entries), about)

    return Extract(_("Violations"), query, file_format, count, table)


def statement_extract(*, creator: Creator, file_format: str, by: User, at: datetime) -> Extract:
    """The statement of a creator as of an instant. Raises DomainError `export_not_allowed`."""
    _check_allowed(by)
    statement = statement_of(creator, at=at)
    title = _("Statement of @%(handle)s (%(market)s)") % {"handle": creator.handle, "market": creator.market_id}
    moment = timezone.localtime(at)

    def table(made_at: datetime) -> Table:
        about = _about(title, _("As of %(moment)s") % {"moment": f"{moment:%Y-%m-%d %H:%M}"}, by, made_at)
        name = f"{_('Ledger statement')} {creator.handle} {moment:%Y-%m-%d}"
        return Table(name, _("Ledger statement"), STATEMENT_COLUMNS, statement.lines, about)

    query = f"creator={creator.pk}&at={at.isoformat()}"
    return Extract(title, query, file_format, len(statement.lines), table)


def export_now(*, extract: Extract, by: User) -> Table:
    """Record the export and return its table, whose rows are read while they are sent."""
    return extract_now(extract=extract, by=by)


def entries_export_start(*, extract: Extract, by: User, at: datetime, back: str) -> Job:
    """Start a job that prepares the file; the period of the query stays that of `at`."""
    wanted = {"query": extract.query, "file_format": extract.file_format, "at": at.isoformat()}
    return extract_start(kind=KIND, task=TASK, title=extract.title, wanted=wanted, by=by, back=back)


def entries_export_advance(job_id: int) -> bool:
    """Run the chunk of such a job; returns whether more wait."""
    return advance(job_id, maker=_made)


def _made(wanted: Mapping[str, Any], actor: User) -> Extract:
    at = datetime.fromisoformat(wanted["at"])
    return entries_extract(query=wanted["query"], file_format=wanted["file_format"], by=actor, at=at)


def _check_allowed(by: User) -> None:
    if not by.can(Permission.VIOLATION_EXPORT):
        raise DomainError("export_not_allowed", by.refusal(Permission.VIOLATION_EXPORT), status=403)


def _about(title: str, chosen_by: str, by: User, at: datetime) -> list[tuple[str, str]]:
    local = timezone.localtime(at)
    return [
        (_("File"), title),
        (_("Chosen by"), chosen_by),
        (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("Made by"), str(by)),
    ]

"""Exports of the list of collaborations; each is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from campaigns.exports.collaborations import COLLABORATION_COLUMNS
from campaigns.filters.collaborations import collaboration_filter
from campaigns.selectors.listing import chips_of, export_rows, state_label
from core.errors import DomainError
from core.exports import Table, check_size
from core.models import Job
from core.services import Extract, extract_now, extract_start
from core.services import extract_advance as advance

KIND, TASK = "campaigns.collaborations_export", "campaigns.tasks.collaborations.collaborations_export_advance"


def collaborations_extract(*, query: str, file_format: str, by: User, at: datetime) -> Extract:
    """The collaborations that pass the filters of a query, for somebody at an instant.

    Raises DomainError `export_not_allowed`, `collaboration_filter_unreadable`, `no_collaborations`, `too_many_rows`.
    """
    if not by.can(Permission.CAMPAIGN_EXPORT):
        raise DomainError("export_not_allowed", by.refusal(Permission.CAMPAIGN_EXPORT), status=403)
    chosen = collaboration_filter(QueryDict(query), user=by, at=at)
    if chosen.errors:
        message = _("Some filters could not be read. Correct them in the list, then export again.")
        raise DomainError("collaboration_filter_unreadable", message)
    count = chosen.qs.order_by().count()
    if not count:
        raise DomainError("no_collaborations", _("No collaboration is left to export. Change the filters."))
    check_size(count, file_format)
    words = "; ".join(
        [f"{_('State')} {state_label(chosen)}", *(f"{one.label} {one.shown}" for one in chips_of(chosen))]
    )

    def table(made_at: datetime) -> Table:
        name = f"{_('Collaborations')} {timezone.localtime(made_at):%Y-%m-%d}"
        about = _about(words, by, made_at)
        return Table(name, _("Collaborations"), COLLABORATION_COLUMNS, export_rows(chosen), about)

    return Extract(_("Collaborations"), query, file_format, count, table)


def export_now(*, extract: Extract, by: User) -> Table:
    """Record the export and return its table, whose rows are read while they are sent."""
    return extract_now(extract=extract, by=by)


def collaborations_export_start(*, extract: Extract, by: User, at: datetime, back: str) -> Job:
    """Start a job that prepares the file; what is late in it stays that of `at`."""
    wanted = {"query": extract.query, "file_format": extract.file_format, "at": at.isoformat()}
    return extract_start(kind=KIND, task=TASK, title=extract.title, wanted=wanted, by=by, back=back)


def collaborations_export_advance(job_id: int) -> bool:
    """Run the chunk of such a job; returns whether more wait."""
    return advance(job_id, maker=_made)


def _made(wanted: Mapping[str, Any], actor: User) -> Extract:
    at = datetime.fromisoformat(wanted["at"])
    return collaborations_extract(query=wanted["query"], file_format=wanted["file_format"], by=actor, at=at)


def _about(chosen_by: str, by: User, at: datetime) -> list[tuple[str, str]]:
    local = timezone.localtime(at)
    return [
        (_("File"), _("Collaborations")),
        (_("Chosen by"), chosen_by),
        (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("Made by"), str(by)),
    ]

"""Files of settlement lines and statements; each is recorded."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.exports.settlements import LINE_COLUMNS
from campaigns.exports.statements import statement_pdf, statement_table
from campaigns.filters.settlements import settlement_filter
from campaigns.models import SettlementLine, Statement
from campaigns.selectors.settlements import LineRow, rows_of
from campaigns.selectors.statements import statement_name
from core.errors import DomainError
from core.exports import Table, check_size
from core.services import Extract, export_record

BATCH = 500


def lines_extract(*, query: str, file_format: str, by: User, at: datetime) -> Extract:
    """The lines that pass the filters of a query. Raises DomainError `no_lines`, `too_many_rows`."""
    lines = settlement_filter(QueryDict(query), user=by).qs.order_by("-month", "-pk")
    count = lines.count()
    if not count:
        raise DomainError("no_lines", _("No line is left to export. Change the filters."))
    check_size(count, file_format)

    def table(made_at: datetime) -> Table:
        name = f"{_('Settlement')} {made_at:%Y-%m-%d}"
        return Table(name, _("Settlement"), LINE_COLUMNS, _rows(lines, by, at), [(_("Made by"), str(by))])

    return Extract(_("Settlement"), query, file_format, count, table)


def _rows(lines: QuerySet[SettlementLine], by: User, at: datetime) -> Iterator[LineRow]:
    keys = list(lines.values_list("pk", flat=True))
    for place in range(0, len(keys), BATCH):
        yield from rows_of(keys[place : place + BATCH], by, at=at)


def statement_sheet(*, statement: Statement, by: User, at: datetime) -> Table:
    """The statement as a table; recorded."""
    _record(statement, "xlsx", by, at)
    return statement_table(statement, by=str(by), at=at)


def statement_paper(*, statement: Statement, by: User, at: datetime) -> bytes:
    """The statement as PDF; recorded."""
    _record(statement, "pdf", by, at)
    return statement_pdf(statement)


def _record(statement: Statement, file_format: str, by: User, at: datetime) -> None:
    title = _("Statement %(number)s") % {"number": statement_name(statement)}
    rows = statement.lines.count()
    export_record(
        by=by, title=title, query=f"statement={statement.pk}", file_format=file_format, rows=rows, has_contacts=False,
        at=at,
    )  # fmt: skip

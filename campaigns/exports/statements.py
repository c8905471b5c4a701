"""A statement as a file: what the creator gets, from whom, for what."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.exports.pdf import Grid, Pairs, pdf_of
from campaigns.exports.settlements import STATEMENT_COLUMNS
from campaigns.models import Statement
from campaigns.selectors.settlements import LineRow
from campaigns.selectors.statements import lines_of, statement_name, sum_texts
from core.exports import Table


def statement_table(statement: Statement, *, by: str, at: datetime) -> Table:
    """The statement as a sheet; its head and sums stand on the first one."""
    made = [(_("Made on"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"), (_("Made by"), by)]
    about = [*_head(statement), *sum_texts(statement), *made]
    return Table(statement_name(statement), _("Statement"), STATEMENT_COLUMNS, lines_of(statement), about)


def statement_pdf(statement: Statement) -> bytes:
    """The statement on paper: head, lines, sums as they were issued."""
    rows = [LineRow(line) for line in lines_of(statement)]
    cells = [
        [f"{row.line.month:%Y-%m}", str(row.line.get_kind_display()), f"{row.line.collaboration.plan.name}\n{row.how}",
         row.amount]
        for row in rows
    ]  # fmt: skip
    heads = [_("Month"), _("Kind"), _("Plan, and how it was computed"), _("Amount")]
    grid = Grid(_("Lines"), heads, cells, widths=(0.12, 0.2, 0.48, 0.2), numbers=frozenset({3}))
    creator = f"@{statement.creator.handle}"
    return pdf_of(
        title=_("Statement %(number)s") % {"number": statement_name(statement)},
        subtitle=f"{statement.shop} · {creator} · {statement.month:%Y-%m} · {statement.currency}",
        parts=[Pairs("", _head(statement)), grid, Pairs(_("Sums"), sum_texts(statement))],
        foot=f"{statement.shop} · {statement_name(statement)}",
    )


def _head(statement: Statement) -> list[tuple[str, str]]:
    return [
        (_("Statement"), statement_name(statement)),
        (_("Shop"), str(statement.shop)),
        (_("Creator"), f"@{statement.creator.handle} ({statement.creator.market_id})"),
        (_("Month"), f"{statement.month:%Y-%m}"),
        (_("Currency"), statement.currency),
        (_("Issued"), f"{timezone.localtime(statement.issued_at):%Y-%m-%d}"),
    ]

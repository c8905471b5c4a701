"""Columns of files with settlement lines: the list, and a statement."""

from django.utils.translation import gettext_lazy

from campaigns.models import SettlementLine
from campaigns.selectors.settlements import LineRow
from campaigns.states.settlements import LineKind, LineState, Payer
from core.exports import Column


def _kind(line: SettlementLine) -> str:
    return str(LineKind(line.kind).label)


LINE_COLUMNS = (
    Column("line", gettext_lazy("Line"), lambda row: row.line.pk, 8, "count"),
    Column("month", gettext_lazy("Month"), lambda row: f"{row.line.month:%Y-%m}", 10),
    Column("shop", gettext_lazy("Shop"), lambda row: str(row.line.shop), 20),
    Column("handle", gettext_lazy("Handle"), lambda row: row.line.creator.handle, 24),
    Column("market", gettext_lazy("Market"), lambda row: row.line.creator.market_id, 8),
    Column("plan", gettext_lazy("Plan"), lambda row: row.line.collaboration.plan.name, 28),
    Column("kind", gettext_lazy("Kind"), lambda row: _kind(row.line), 20),
    Column("payer", gettext_lazy("Payer"), lambda row: str(Payer(row.line.payer).label), 18),
    Column("amount", gettext_lazy("Amount"), lambda row: row.line.amount, 14, "number"),
    Column("reported", gettext_lazy("Reported"), lambda row: row.line.reported, 14, "number"),
    Column("currency", gettext_lazy("Currency"), lambda row: row.line.currency, 9),
    Column("state", gettext_lazy("State"), lambda row: str(LineState(row.line.state).label), 20),
    Column("due", gettext_lazy("Due on"), lambda row: row.line.due_on, 12, "date"),
    Column("approved", gettext_lazy("Approved by"), lambda row: str(row.line.approved_by or ""), 20),
    Column("how", gettext_lazy("How it was computed"), lambda row: row.how, 60),
    Column("note", gettext_lazy("Note"), lambda row: row.line.note, 40),
)

STATEMENT_COLUMNS = (
    Column("month", gettext_lazy("Month"), lambda line: f"{line.month:%Y-%m}", 10),
    Column("kind", gettext_lazy("Kind"), _kind, 22),
    Column("plan", gettext_lazy("Plan"), lambda line: line.collaboration.plan.name, 30),
    Column("how", gettext_lazy("How it was computed"), lambda line: LineRow(line).how, 60),
    Column("amount", gettext_lazy("Amount"), lambda line: line.amount, 14, "number"),
    Column("currency", gettext_lazy("Currency"), lambda line: line.currency, 9),
    Column("state", gettext_lazy("State"), lambda line: str(LineState(line.state).label), 16),
    Column("note", gettext_lazy("Note"), lambda line: line.note, 40),
)

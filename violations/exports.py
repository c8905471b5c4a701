"""Columns of files that hold the ledger: the statement of one creator, and the entries of the desk's list."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import Column
from violations.models import LedgerEntry
from violations.selectors.statement import StatementLine, appeal_text
from violations.states import EntryKind


def _local(moment: Any) -> str:
    """Day and time as text: a workbook would lose the time, and show no zone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _evidence(entry: LedgerEntry) -> int | str:
    details = entry.details
    return _("erased") if details.erased_at else len(details.evidence_sha256)


def _digests(entry: LedgerEntry) -> str:
    return " ".join(entry.details.evidence_sha256)


def _rule(entry: LedgerEntry) -> str:
    return entry.rule.title if entry.rule else ""


def _kind(line: StatementLine) -> str:
    """What a line is: the strike and the reversal in words behind the title."""
    marks = [_("strike %(number)s") % {"number": line.strike}] if line.strike else []
    marks += [_("reversed")] if line.is_reversed else []
    marks += [_("planned")] if line.is_planned else []
    return f"{line.title} ({', '.join(marks)})" if marks else line.title


STATEMENT_COLUMNS = (
    Column("date", gettext_lazy("Date"), lambda line: _local(line.line.at), 17),
    Column("account", gettext_lazy("Account"), lambda line: f"@{line.account.handle} ({line.account.market_id})", 24),
    Column("entry", gettext_lazy("Entry"), _kind, 36),
    Column("rule", gettext_lazy("Rule"), lambda line: _rule(line.entry), 32),
    Column("book", gettext_lazy("Rule book"), lambda line: line.entry.book_label, 16),
    Column("case", gettext_lazy("Case"), lambda line: line.entry.case, 12),
    Column("happened", gettext_lazy("Happened"), lambda line: _local(line.entry.effective_at), 17),
    Column("expires", gettext_lazy("Expires"), lambda line: _local(line.entry.expires_at), 17),
    Column("appeal", gettext_lazy("Appeal"), lambda line: appeal_text(line.told), 20),
    Column("points", gettext_lazy("Points"), lambda line: line.line.points, 8, "count"),
    Column("balance", gettext_lazy("Balance"), lambda line: line.line.balance, 8, "count"),
    Column("by", gettext_lazy("Logged by"), lambda line: str(line.entry.recorded_by), 20),
    Column("evidence", gettext_lazy("Evidence files"), lambda line: _evidence(line.entry), 10),
    Column("digests", gettext_lazy("Evidence SHA-256"), lambda line: _digests(line.entry), 40),
    Column("hash", gettext_lazy("Sealed as"), lambda line: line.entry.hash, 40),
)

ENTRY_COLUMNS = (
    Column("case", gettext_lazy("Case"), lambda row: row.entry.case, 12),
    Column("recorded", gettext_lazy("Recorded"), lambda row: _local(row.entry.recorded_at), 17),
    Column("handle", gettext_lazy("Handle"), lambda row: row.entry.creator.handle, 26),
    Column("market", gettext_lazy("Market"), lambda row: row.entry.creator.market_id, 8),
    Column("kind", gettext_lazy("Kind"), lambda row: str(EntryKind(row.entry.kind).label), 12),
    Column("entry", gettext_lazy("Entry"), lambda row: row.title, 36),
    Column("rule", gettext_lazy("Rule"), lambda row: _rule(row.entry), 32),
    Column("book", gettext_lazy("Rule book"), lambda row: row.entry.book_label, 16),
    Column("severity", gettext_lazy("Severity"), lambda row: row.entry.get_severity_display(), 12),
    Column("points", gettext_lazy("Points"), lambda row: row.entry.points, 8, "count"),
    Column("strike", gettext_lazy("Strike"), lambda row: _("yes") if row.entry.strike else "", 8),
    Column("happened", gettext_lazy("Happened"), lambda row: _local(row.entry.effective_at), 17),
    Column("expires", gettext_lazy("Expires"), lambda row: _local(row.entry.expires_at), 17),
    Column("reversed", gettext_lazy("Reversed"), lambda row: _("yes") if row.is_reversed else "", 10),
    Column("by", gettext_lazy("Logged by"), lambda row: str(row.entry.recorded_by), 20),
    Column("shop", gettext_lazy("Shop"), lambda row: str(row.entry.shop or ""), 20),
    Column("evidence", gettext_lazy("Evidence files"), lambda row: _evidence(row.entry), 10),
    Column("hash", gettext_lazy("Sealed as"), lambda row: row.entry.hash, 40),
)

"""What is wrong with the rows of a batch, and what a good one says."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from violations.models import POINTS_LAST, Batch, BatchRow, EntryDetails, LedgerEntry, Rule
from violations.rules.batch_rows import Read, read_rating, read_violation, rule_names
from violations.selectors.incidents import REPEAT_WITHIN
from violations.selectors.standings import book_in_force
from violations.states import BatchKind

RuleNames = dict[str, str]


def batch_title(batch: Batch) -> str:
    """The file's name; a selection has none."""
    return batch.file.name if batch.file else _("Log for a selection")


def rows_check(batch: Batch, rows: Sequence[BatchRow], *, at: datetime) -> None:
    """Add to each row what is wrong with it; rows without a creator have their problem already."""
    reader = RowReader(batch, at=at)
    seen: set[tuple[int, str, str]] = set()
    logged = _incidents(rows, reader)
    for row in rows:
        if row.creator is None:
            continue
        read = reader.read(row)
        row.problems += [{"field": name, "code": code} for name, code in read.problems]
        incident = (row.creator.pk, read.rule, read.key)
        if read.key and incident in logged:
            row.problems.append({"field": "content_link", "code": "same_incident", "case": logged[incident]})
        elif read.key and incident in seen:
            row.problems.append({"field": "content_link", "code": "repeat_in_file"})
        seen.add(incident)


class RowReader:
    """Reads rows of a batch; rules and time zones are looked up once a market."""

    def __init__(self, batch: Batch, *, at: datetime) -> None:
        self.batch, self.at = batch, at
        self.names: dict[str, RuleNames] = {}

    def read(self, row: BatchRow) -> Read:
        """What the row says; its creator is known."""
        creator = row.creator
        assert creator is not None  # noqa: S101 - callers look first
        if self.batch.kind == BatchKind.HEALTH:
            read = read_rating(row.values)
            if not row.values.get("source", "").strip():
                read.problems.append(("source", "source_missing"))
            if read.as_of and read.as_of > self.at.date():
                read.problems.append(("as_of", "day_in_future"))
            return read
        names = self._names(creator.market_id)
        read = read_violation(row.values, rules=names, time_zone=creator.market.time_zone, at=self.at)
        late = read.effective_at is not None and read.effective_at <= self.at - POINTS_LAST
        if late and not row.values.get("reason", "").strip():
            read.problems.append(("reason", "reason_missing"))
        return read

    def _names(self, market: str) -> RuleNames:
        if market not in self.names:
            book = book_in_force(market, at=self.at)
            rules = Rule.objects.filter(book=book).values_list("code", "title_en", "title_zh") if book else []
            self.names[market] = rule_names(list(rules))
        return self.names[market]


def repeats_find(rows: Sequence[BatchRow], reader: RowReader) -> dict[int, str]:
    """What good rows without a link repeat within 24 hours, by the row's key: a case, or an earlier row.

    The ledger refuses such a row until somebody says that it is another incident.
    """
    good = [(row, reader.read(row)) for row in rows if row.creator_id and not row.problems]
    moments = [read.effective_at for _row, read in good if read.effective_at]
    if not moments:
        return {}
    span = {"effective_at__gt": min(moments) - REPEAT_WITHIN, "effective_at__lt": max(moments) + REPEAT_WITHIN}
    entries = LedgerEntry.objects.filter(creator__in={row.creator_id for row, _read in good}, **span)
    known: dict[tuple[int | None, str], list[tuple[datetime, str]]] = defaultdict(list)
    for entry in entries.violations().not_reversed(at=reader.at).order_by("sequence"):
        known[entry.creator_id, entry.rule_code].append((entry.effective_at, entry.case))
    repeats = {}
    for row, read in good:
        near, moment = known[row.creator_id, read.rule], read.effective_at
        if moment is None:
            continue
        first = next((name for other, name in near if abs(other - moment) < REPEAT_WITHIN), None)
        if first and not read.key:
            repeats[row.pk] = first
        near.append((moment, _("row %(number)s") % {"number": row.number}))
    return repeats


def _incidents(rows: Sequence[BatchRow], reader: RowReader) -> dict[tuple[int, str, str], str]:
    """The case that is open about each creator, rule and content of the rows."""
    if reader.batch.kind == BatchKind.HEALTH:
        return {}
    keys = {reader.read(row).key for row in rows if row.creator is not None} - {""}
    known = EntryDetails.objects.filter(content_key__in=keys, entry__reversals=None).select_related("entry")
    return {(one.entry.creator_id, one.entry.rule_code, one.content_key): one.entry.case for one in known}

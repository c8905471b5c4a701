"""What is wrong with the rows of a batch, and what a good one says."""

from collections.abc import Sequence
from datetime import datetime

from violations.models import POINTS_LAST, Batch, BatchRow, EntryDetails, Rule
from violations.rules.batch_rows import Read, read_rating, read_violation, rule_names
from violations.selectors.standings import book_in_force
from violations.states import BatchKind

RuleNames = dict[str, str]


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


def _incidents(rows: Sequence[BatchRow], reader: RowReader) -> dict[tuple[int, str, str], str]:
    """The case that is open about each creator, rule and content of the rows."""
    if reader.batch.kind == BatchKind.HEALTH:
        return {}
    keys = {reader.read(row).key for row in rows if row.creator is not None} - {""}
    known = EntryDetails.objects.filter(content_key__in=keys, entry__reversals=None).select_related("entry")
    return {(one.entry.creator_id, one.entry.rule_code, one.content_key): one.entry.case for one in known}

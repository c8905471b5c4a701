"""The ledger as a list: a page of the desk, and the rows of its export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from core.lists import Order, Page, keyset_page
from core.states import Look
from core.ui import format_delta
from violations.filters import EntryFilter
from violations.models import Appeal, LedgerEntry
from violations.selectors.statement import entry_title
from violations.states import EntryKind

BATCH = 2_000
RELATED = ("creator", "rule__book", "recorded_by", "shop", "details")
# Entries are numbered as they are recorded, and every page is read along that index.
NEWEST_FIRST = Order("-recorded", "id", descending=True)


@dataclass(frozen=True)
class EntryRow:
    """An entry with what became of it by the instant: whether it was reversed, and its newest appeal."""

    entry: LedgerEntry
    at: datetime
    is_reversed: bool
    appeal: Appeal | None

    @property
    def title(self) -> str:
        return entry_title(self.entry)

    @property
    def points_text(self) -> str:
        return format_delta(self.entry.points) if self.entry.points else ""

    @property
    def looks(self) -> list[Look]:
        """The states of a violation: counting, expired or reversed, and that of its appeal."""
        if self.entry.kind != EntryKind.VIOLATION or self.entry.expires_at is None:
            return []
        if self.is_reversed:
            looks = [Look(_("Reversed"), "ok")]
        elif self.entry.expires_at <= self.at:
            looks = [Look(_("Expired"), "idle")]
        else:
            looks = [Look(_("Counting"), "warn")]
        return [*looks, self.appeal.look] if self.appeal else looks


@dataclass(frozen=True)
class Listing:
    """A page of the ledger; the count is capped."""

    rows: list[EntryRow]
    page: Page[LedgerEntry]


def listing_of(entries: EntryFilter, *, size: int, cursor: str = "") -> Listing:
    """A page of the filtered ledger, the newest entries first. Raises core.lists.CursorError."""
    page = keyset_page(entries.qs, order=NEWEST_FIRST, size=size, cursor=cursor)
    return Listing(rows_of([entry.pk for entry in page.rows], at=entries.at), page)


def rows_of(ids: Sequence[int], *, at: datetime) -> list[EntryRow]:
    """The entries of these keys in the order given, with what became of them; three queries."""
    entries = LedgerEntry.objects.select_related(*RELATED).in_bulk(ids)
    answered = set(LedgerEntry.objects.filter(answers__in=ids).order_by().values_list("answers", flat=True))
    appeals = {appeal.entry_id: appeal for appeal in Appeal.objects.filter(entry__in=ids).order_by("number")}
    return [EntryRow(entries[pk], at, pk in answered, appeals.get(pk)) for pk in ids if pk in entries]


def export_rows(entries: EntryFilter) -> Iterator[EntryRow]:
    """All rows, the newest first, some thousand at a time."""
    keys = entries.qs.order_by("-pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(keys, BATCH)):
        yield from rows_of(batch, at=entries.at)

"""A file or a selection becomes rows; whatever is wrong with one is said before anything is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from core.errors import DomainError
from core.models import StoredFile
from core.uploads.headers import find_header
from core.uploads.storage import file_forget, file_path, file_store
from core.uploads.tables import open_table
from creators.models import Creator, Market
from violations.models import Batch, BatchRow
from violations.rules.batch_rows import FIELDS, LABELS, REQUIRED, columns_of, handle_of, is_header
from violations.services.batches.checking import rows_check
from violations.states import BatchKind

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_ROWS = 5_000
HEAD_ROWS = 50


@transaction.atomic
def batch_create(
    *, kind: str, upload: "UploadedFile[bytes]", by: User, at: datetime, shop: Shop | None = None
) -> Batch:
    """Read a file of violations or ratings into rows with their problems; nothing of it is written yet.

    Raises DomainError `kind_unknown`, `columns_missing`, `too_many_rows`, `no_rows` and those of `file_store` and
    `open_table`; nothing is kept then, neither rows nor bytes.
    """
    if kind not in BatchKind.values:
        raise DomainError("kind_unknown", _("Choose violations or health ratings."))
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(
                name=upload.name or "list", content_type=upload.content_type or "", by=by, upload=upload
            )
            batch = Batch.objects.create(kind=kind, file=stored, shop=shop, created_by=by, created_at=at)
            rows = [BatchRow(batch=batch, number=number, values=values) for number, values in _read(stored, kind)]
            creators_find(rows)
            rows_check(batch, rows, at=at)
            BatchRow.objects.bulk_create(rows)
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise
    return batch


@transaction.atomic
def batch_select(
    *,
    creators: Sequence[Creator],
    rule_code: str,
    effective_at: datetime,
    by: User,
    at: datetime,
    content_link: str = "",
    note: str = "",
    internal_note: str = "",
    shop: Shop | None = None,
) -> Batch:
    """The same violation of several creators, as rows to look at first. Raises `nothing_selected`, `too_many_rows`."""
    if not creators:
        raise DomainError("nothing_selected", _("Select creators in the directory first."))
    _check_count(len(creators))
    batch = Batch.objects.create(kind=BatchKind.VIOLATIONS, shop=shop, created_by=by, created_at=at)
    shared = {
        "rule": rule_code,
        "when": effective_at.isoformat(" ", "minutes"),
        "content_link": content_link,
        "note": note,
    }
    rows = [
        BatchRow(
            batch=batch,
            number=number,
            creator=creator,
            values={"creator": creator.handle, "market": creator.market_id, **shared, "internal_note": internal_note},
        )
        for number, creator in enumerate(creators, start=1)
    ]
    rows_check(batch, rows, at=at)
    BatchRow.objects.bulk_create(rows)
    return batch


def creators_find(rows: Sequence[BatchRow]) -> None:
    """Set the creator of each row, or say why there is none."""
    handles = {row.number: handle_of(row.values.get("creator", "")) for row in rows}
    markets = {_plain(text): market.pk for market in Market.objects.all() for text in _names(market)}
    found: dict[str, list[Creator]] = {}
    named = Creator.objects.filter(handle__in={one for one in handles.values() if one})
    for creator in named.select_related("market"):
        found.setdefault(creator.handle, []).append(creator)
    for row in rows:
        handle, text = handles[row.number], row.values.get("market", "")
        market = markets.get(_plain(text)) if text.strip() else None
        same = [one for one in found.get(handle or "", []) if market in (None, one.market_id)]
        problem = _problem(handle, text, market, same)
        if problem:
            row.problems.append({"field": problem[0], "code": problem[1]})
        else:
            row.creator = same[0]


def _problem(handle: str | None, text: str, market: str | None, same: Sequence[Creator]) -> tuple[str, str] | None:
    if handle is None:
        return "creator", "creator_missing"
    if text.strip() and market is None:
        return "market", "market_unknown"
    if not same:
        return "creator", "creator_unknown"
    return ("market", "creator_ambiguous") if len(same) > 1 else None


def _read(stored: StoredFile, kind: str) -> list[tuple[int, dict[str, str]]]:
    """Number and cells by field of every row below the header."""
    table = open_table(file_path(stored))
    header = find_header(table.head(HEAD_ROWS), lambda name: is_header(kind, name))
    places = columns_of(kind, header.names)
    missing = [str(LABELS[name]) for name in REQUIRED[kind] if name not in places]
    if missing:
        text = _("The file has no column for: %(columns)s. Known columns are: %(known)s.")
        known = ", ".join(str(LABELS[name]) for name in FIELDS[kind])
        raise DomainError("columns_missing", text % {"columns": ", ".join(missing), "known": known})
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in table.rows(after=header.row_number):
        values = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
        if any(values.values()):
            rows.append((number, values))
            _check_count(len(rows))
    if not rows:
        raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    return rows


def _check_count(count: int) -> None:
    if count > MOST_ROWS:
        raise DomainError("too_many_rows", _("At most 5,000 rows at once. Split the file."))


def _names(market: Market) -> tuple[str, str, str]:
    return market.code, market.name_en, market.name_zh


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

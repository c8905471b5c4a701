"""An uploaded list before it runs: how its columns are read, guessed first and then decided by a person."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Shop, User
from core.errors import DomainError
from core.models import StoredFile
from core.uploads.headers import find_header
from core.uploads.storage import file_path
from core.uploads.tables import guess_sheet, open_table
from creators.metrics import BY_KEY, IMPORTED
from creators.models import HeaderAlias, Import, ImportMapping, Market
from creators.rules.dates import guess_as_of, guess_day_first, parse_date
from creators.rules.headers import Alias, ColumnGuess, guess_mapping, is_known_header, normalise_header
from creators.rules.numbers import guess_decimal_mark, guess_rate_scale
from creators.rules.rows import read_batch
from creators.services.imports.failures import PROBLEM_HEADER
from creators.services.imports.reading import data_rows, problem_message, read_plan
from creators.states import Quality

HEAD_ROWS = 60
SAMPLE_ROWS = 200
PREVIEW_ROWS = 20
UNSET: Any = object()

# What a column can be read as, besides the metrics.
WORD_FIELDS: dict[str, Any] = {
    "handle": gettext_lazy("Handle"),
    "profile_link": gettext_lazy("Profile link"),
    "external_id": gettext_lazy("Creator ID"),
    "nickname": gettext_lazy("Nickname"),
    "bio": gettext_lazy("Bio"),
    "market": gettext_lazy("Market"),
    "language": gettext_lazy("Language"),
    "agency": gettext_lazy("Agency"),
    "category": gettext_lazy("Categories"),
    "email": gettext_lazy("E-mail"),
    "contact": gettext_lazy("Other contact"),
    "as_of": gettext_lazy("As of"),
    "audience_gender": gettext_lazy("Audience gender, in words"),
    "male_share": gettext_lazy("Male audience"),
    "audience_age": gettext_lazy("Audience ages, in words"),
}
FIELDS: dict[str, Any] = WORD_FIELDS | {metric.key: metric.label for metric in IMPORTED}


@dataclass(frozen=True)
class PreviewRow:
    """A row as the file has it; `problems` maps column indexes to what to do (-1: the row as a whole)."""

    number: int
    cells: list[str]
    problems: dict[int, str]


@dataclass(frozen=True)
class Preview:
    """The head of a list: `columns` are the entries of the mapping, `rows` the first 20 rows below the header."""

    columns: list[dict[str, Any]]
    rows: list[PreviewRow]
    sheets: list[str] = field(default_factory=list)


def import_create(*, file: StoredFile, by: User | None, shop: Shop | None = None, sheet: str = "") -> Import:
    """Look into an uploaded list and guess how to read it.

    Raises the DomainErrors of `open_table` (wrong type, too large, bomb, encrypted), `sheet_unknown` and `no_rows`.
    """
    today = timezone.now().date()
    draft = Import(file=file, shop=shop, created_by=by, created_at=timezone.now(), as_of=guess_as_of(file.name, today))
    draft.source = _source_of(file.name)
    market = Market.objects.filter(code=shop.market_code).first() if shop else None
    draft.market = market
    draft.currency = market.currency if market else "USD"
    draft.sheet = sheet
    _guess(draft)
    draft.save()
    return draft


def _guess(draft: Import) -> None:
    """Find the header of the chosen sheet and guess its columns; a saved mapping of the same headers comes first."""
    aliases = header_aliases()
    table = open_table(file_path(draft.file), sheet=draft.sheet or None)
    known = partial(is_known_header, aliases=aliases)
    header = find_header(table.head(HEAD_ROWS), known) if draft.sheet else guess_sheet(table, known)
    draft.sheet, draft.header_row = table.sheet, header.row_number
    sample = [cells for _number, cells in islice(table.rows(after=header.row_number), SAMPLE_ROWS)]
    if not sample:
        raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    draft.mapping = [_with_reading(guess, sample) for guess in guess_mapping(header.names, sample, aliases)]
    saved = ImportMapping.objects.filter(signature=signature(header.names)).order_by("-created_at").first()
    if saved:
        mapping_apply(draft, saved)
    if draft.as_of is None:
        draft.as_of = _newest_day(draft.mapping, sample)


def header_aliases() -> dict[str, Alias]:
    """The table of headers, as admins keep it."""
    return {
        alias.header: Alias(alias.field, alias.window_days or None, needs_window=alias.window_days == 0)
        for alias in HeaderAlias.objects.all()
    }


def _with_reading(guess: ColumnGuess, sample: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The entry of the mapping for a guess, with how the numbers or days of the column are written."""
    values = [row[guess.index] for row in sample if guess.index < len(row)]
    return {**asdict(guess), **column_reading(guess.field, values, guess.currency)}


def column_reading(name: str | None, values: Sequence[str], currency: str | None) -> dict[str, Any]:
    """How the values of a column that holds this field are written: decimal mark, scale of rates, order of days."""
    metric = BY_KEY.get("female_share" if name == "male_share" else name or "")
    if metric is None:
        return {"day_first": guess_day_first(values)} if name == "as_of" else {}
    reading: dict[str, Any] = {"decimal": guess_decimal_mark(values, currency)}
    if metric.kind == "rate":
        reading["scale"] = guess_rate_scale(values)
    return reading


def _newest_day(mapping: Sequence[dict[str, Any]], sample: Sequence[Sequence[str]]) -> date | None:
    column = next((column for column in mapping if column["field"] == "as_of"), None)
    if column is None:
        return None
    cells = [row[column["index"]] for row in sample if column["index"] < len(row)]
    days = [parse_date(cell, day_first=bool(column.get("day_first")))[0] for cell in cells]
    return max((day for day in days if day), default=None)


def _source_of(file_name: str) -> str:
    """The words of a file's name without dates and numbers: "EchoTik_20261101.csv" comes from "EchoTik"."""
    words = re.sub(r"[\d_\-.()\s]+", " ", PurePath(file_name).stem).strip()
    return words[:40] or "list"


def signature(headers: Sequence[str]) -> str:
    """The same for files with the same headers in the same order, mended workbooks of refused rows among them."""
    names = [normalise_header(header) for header in headers if header != PROBLEM_HEADER]
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def import_preview(source_import: Import) -> Preview:
    """The first 20 rows with what is wrong in them under the current mapping."""
    numbered = list(islice(data_rows(source_import), PREVIEW_ROWS))
    numbers, rows = [number for number, _cells in numbered], [cells for _number, cells in numbered]
    failures = read_batch(numbers, rows, read_plan(source_import)).failures
    index_of = {column["header"]: column["index"] for column in source_import.mapping if column["field"]}
    preview = [
        PreviewRow(
            number,
            [cells[i] if i < len(cells) else "" for i in range(len(source_import.mapping))],
            {index_of.get(p.header, -1): problem_message(p.code) for p in failures.get(position, [])},
        )
        for position, (number, cells) in enumerate(numbered)
    ]
    table = open_table(file_path(source_import.file), sheet=source_import.sheet or None)
    return Preview(source_import.mapping, preview, table.sheets)


@transaction.atomic
def import_configure(
    *,
    source_import: Import,
    by: User | None,
    fields: dict[int, str | None] | None = None,
    windows: dict[int, int | None] | None = None,
    market: Market | None = UNSET,
    source: str | None = None,
    currency: str | None = None,
    window_days: int | None = None,
    quality: Quality | None = None,
    as_of: date | None = None,
    sheet: str | None = None,
    shop: Shop | None = UNSET,
) -> Import:
    """Decide how a list is read; what is not given stays. `fields` and `windows` go by column index.

    Another sheet is guessed anew. Raises DomainError `already_started`, `field_twice`, `field_unknown`.
    """
    draft = Import.objects.select_for_update().get(pk=source_import.pk)
    if draft.job_id:
        raise DomainError("already_started", _("This import has already been started."), status=409)
    if sheet is not None and sheet != draft.sheet:
        draft.sheet = sheet
        _guess(draft)
    elif fields is not None:
        _choose_fields(draft, fields, windows or {})
    for name, value in (("source", source), ("currency", currency), ("window_days", window_days), ("as_of", as_of)):
        if value is not None:
            setattr(draft, name, value)
    if quality is not None:
        draft.quality = quality
    if market is not UNSET:
        draft.market = market
    if shop is not UNSET:
        draft.shop = shop
    draft.save()
    return draft


def _choose_fields(draft: Import, fields: dict[int, str | None], windows: dict[int, int | None]) -> None:
    chosen = [name for name in fields.values() if name]
    unknown = sorted(set(chosen) - set(FIELDS))
    if unknown:
        raise DomainError("field_unknown", _("There is no field %(field)s.") % {"field": ", ".join(unknown)})
    twice = sorted({name for name in chosen if chosen.count(name) > 1})
    if twice:
        message = _("Two columns are read as %(field)s. Choose one of them.")
        raise DomainError("field_twice", message % {"field": ", ".join(str(FIELDS[name]) for name in twice)})
    sample = [cells for _number, cells in islice(data_rows(draft), SAMPLE_ROWS)]
    for column in draft.mapping:
        index = column["index"]
        if index in windows:
            column["window_days"] = windows[index]
        name = fields.get(index, column["field"]) or None
        if name != column["field"]:
            values = [row[index] for row in sample if index < len(row)]
            column |= {"field": name, "reason": "" if name else "left_out", "confidence": 1.0}
            column |= column_reading(name, values, column.get("currency"))


def mapping_save(*, source_import: Import, name: str, by: User | None) -> ImportMapping:
    """Keep the mapping and defaults of an import under a name; a mapping of that name is replaced."""
    headers = [column["header"] for column in source_import.mapping]
    defaults = {
        "market": source_import.market_id,
        "source": source_import.source,
        "currency": source_import.currency,
        "window_days": source_import.window_days,
        "quality": source_import.quality,
    }
    name = name.strip()[:80]
    if not name:
        raise DomainError("name_missing", _("Give the mapping a name."), fields={"name": _("Write a name.")})
    values = {
        "signature": signature(headers),
        "mapping": source_import.mapping,
        "defaults": defaults,
        "created_by": by,
        "created_at": timezone.now(),
    }
    saved = ImportMapping.objects.filter(name__iexact=name).first()
    if saved is None:
        return ImportMapping.objects.create(name=name, **values)
    for key, value in values.items():
        setattr(saved, key, value)
    saved.save()
    return saved


def mapping_apply(draft: Import, saved: ImportMapping) -> None:
    """Read an import as a saved mapping says. Raises DomainError `mapping_other_columns` when the headers differ."""
    if draft.mapping and signature([column["header"] for column in draft.mapping]) != saved.signature:
        message = _("The mapping %(name)s is for a file with other columns.")
        raise DomainError("mapping_other_columns", message % {"name": saved.name})
    draft.mapping = saved.mapping + draft.mapping[len(saved.mapping) :]
    defaults = saved.defaults
    draft.market_id = defaults.get("market") or draft.market_id
    draft.source = defaults.get("source") or draft.source
    draft.currency = defaults.get("currency") or draft.currency
    draft.window_days = defaults.get("window_days") or draft.window_days
    draft.quality = defaults.get("quality") or draft.quality

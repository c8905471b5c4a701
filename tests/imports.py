"""Lists that tests import: written, uploaded, configured and run in this process."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from core.uploads.storage import file_store
from creators.models import ExchangeRate, HeaderAlias, Import
from creators.services import imports
from tests.factories import make_market

ALIASES = {
    "handle": "handle",
    "creatorid": "external_id",
    "nickname": "nickname",
    "followers": "followers",
    "gmv": "gmv_30d",
    "email": "email",
    "country": "market",
}


def make_reference() -> None:
    """The rates and headers that small lists need."""
    for currency, usd in (("USD", "1"), ("VND", "0.00004")):
        ExchangeRate.objects.get_or_create(currency=currency, valid_from=date(2020, 1, 1), defaults={"usd": usd})
    for header, field in ALIASES.items():
        HeaderAlias.objects.get_or_create(header=header, defaults={"field": field})


def make_import(content: str | bytes, *, name: str = "list.csv", **settings: Any) -> Import:
    """A configured draft of a list; market US, source "tool" and a day unless told otherwise."""
    make_reference()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        file = file_store(path=path, name=name, content_type="text/csv", by=settings.get("by"))
    by = settings.pop("by", None)
    draft = imports.import_create(file=file, by=by, shop=settings.get("shop"))
    defaults = {"market": make_market("US"), "source": "tool", "as_of": date(2026, 11, 1)}
    return imports.import_configure(source_import=draft, by=by, **defaults | settings)


def run_import(content: str | bytes, **settings: Any) -> Import:
    """Import a list to the end."""
    draft = make_import(content, **settings)
    imports.import_run_inline(imports.import_start(source_import=draft, by=draft.created_by))
    draft.refresh_from_db()
    return draft


def counts(source_import: Import) -> tuple[int, int, int, int, int]:
    """(created, updated, unchanged, conflicts, failed)."""
    i = source_import
    return i.created, i.updated, i.unchanged, i.conflicts, i.failed

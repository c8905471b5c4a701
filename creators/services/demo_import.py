"""The list that the demo's seller has uploaded: mostly fine, with the mistakes that lists have."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from django.utils import translation

from accounts.models import Shop, User
from core.uploads.storage import file_store
from creators.models import Import
from creators.services.imports import import_configure, import_create, import_run_inline, import_start
from creators.states import Quality

HEADERS = (
    "Handle",
    "Creator ID",
    "Nickname",
    "Followers",
    "GMV in last 30 days",
    "Units sold",
    "Engagement rate",
    "E-mail",
)
KNOWN = 24
# Creators that only this list knows.
NEW = (
    ("@tessa.glowdesk48213", "7420018845510093001", "Tessa at the glow desk", "18.4K", "$2,310.50", "96", "6.1%"),
    ("@serumsunday77120", "7420018845510093002", "Serum Sunday", "52,300", "$8,940.00", "388", "4.4%"),
    ("tiktok.com/@quinn.spf90417?lang=en", "7420018845510093003", "Quinn wears SPF", "7,120", "-", "-", "9.0%"),
    ("@barefaced.remi30581", "7420018845510093004", "Remi, barefaced", "131K", "$21,775.20", "902", "5.2%"),
)  # fmt: skip
# What cannot be read: a word for a number, an id that a spreadsheet rounded, no handle at all.
BROKEN = (
    ("@paige.lipoil61190", "7420018845510093005", "Paige lip oil", "a lot", "$310.00", "12", "7.7%"),
    ("@ivy.toner20873", "7.42002E+18", "Ivy toner", "9,480", "$120.00", "5", "3.9%"),
    ("", "7420018845510093007", "Somebody nice", "22,900", "$640.00", "31", "5.0%"),
)
OTHER_ID = "7420018845510093999"


def demo_import(*, creators: pd.DataFrame, shop: Shop, by: User, as_of: date) -> Import:
    """Import a small list about these creators of one market as the seller would; returns it finished.

    It brings new numbers of known creators, new creators, a repeated row, three rows that fail, and a known handle
    under another id, which stays open for a person to decide.
    """
    complete = creators["external_id"].notna() & creators["engagement_by_views"].notna() & (creators["gmv_30d"] > 0)
    known = creators[complete].head(KNOWN + 1)
    rows = [_row(creator) for creator in known.head(KNOWN).to_dict("records")]
    conflict = [{**_row(creator), "Creator ID": OTHER_ID} for creator in known.tail(1).to_dict("records")]
    written = [dict(zip(HEADERS, (*cells, ""), strict=True)) for cells in (*NEW, *BROKEN)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"luma-affiliates-{as_of:%Y-%m-%d}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADERS)
            writer.writeheader()
            writer.writerows([*rows, *written, *rows[:1], *conflict])
        stored = file_store(path=path, name=path.name, content_type="text/csv", by=by)
    draft = import_create(file=stored, by=by, shop=shop)
    draft = import_configure(
        source_import=draft, by=by, source="affiliate list", as_of=as_of, quality=Quality.EXACT, currency="USD"
    )
    with translation.override(by.language):
        import_run_inline(import_start(source_import=draft, by=by))
    draft.refresh_from_db()
    return draft


def _row(creator: dict[Any, Any]) -> dict[str, str]:
    return {
        "Handle": f"@{creator['handle']}",
        "Creator ID": str(creator["external_id"]),
        "Nickname": str(creator["nickname"]),
        "Followers": f"{creator['followers']:,.0f}",
        "GMV in last 30 days": f"${creator['gmv_30d']:,.2f}",
        "Units sold": f"{creator['units_30d']:.0f}",
        "Engagement rate": f"{creator['engagement_by_views']:.2%}",
        "E-mail": f"{str(creator['handle']).strip('.')}@mail.example",
    }

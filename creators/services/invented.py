"""Writing invented creators by COPY: the demo's and those of the load database."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
from numpy.random import Generator
from pyarrow import csv as arrow_csv

from creators.models import Category, ExchangeRate, Market
from creators.rules.invented import (
    COUNT_COLUMNS,
    EXACT,
    MONEY_COLUMNS,
    RATE_COLUMNS,
    Array,
    invent_creators,
    invent_snapshots,
)
from creators.rules.invented_daily import invent_days
from creators.rules.invented_words import Words, invent_texts
from creators.services.loading import REFERENCE

METRIC_COLUMNS = (*COUNT_COLUMNS, *RATE_COLUMNS, *MONEY_COLUMNS, "pps_score")
TEXT_COLUMNS = ("nickname", "language", "agency", "bio")
# A prime: ids times a number below it, modulo it, never repeat.
HANDLE_NUMBERS = 9_999_991


@dataclass(frozen=True)
class Vocabulary:
    """What inventing needs to know: currency and rate of each market, categories, and the words of each language."""

    markets: dict[str, tuple[str, float]]
    categories: dict[int, list[int]]
    words: Words


@dataclass(frozen=True)
class Batch:
    """Creators (with `id`, names and USD figures) and what sources say about them."""

    creators: pd.DataFrame
    snapshots: pd.DataFrame


def vocabulary_read(*, as_of: date) -> Vocabulary:
    """The loaded reference lists, with the exchange rates of the day."""
    rates = dict(
        ExchangeRate.objects.filter(valid_from__lte=as_of).order_by("valid_from").values_list("currency", "usd")
    )
    markets = {
        code: (currency, float(rates[currency])) for code, currency in Market.objects.values_list("code", "currency")
    }
    categories: dict[int, list[int]] = {}
    for parent, child in Category.objects.filter(level=2).order_by("id").values_list("parent_id", "id"):
        categories.setdefault(parent, []).append(child)
    return Vocabulary(markets, categories, json.loads((REFERENCE / "invented_words.json").read_text("utf-8")))


def batch_make(*, rng: Generator, vocabulary: Vocabulary, ids: Array, as_of: date) -> Batch:
    """Invent the creators with these ids (below HANDLE_NUMBERS); batches of other ids share no handle with them."""
    creators = invent_creators(rng, len(ids), markets=list(vocabulary.markets), categories=vocabulary.categories)
    creators = pd.concat(
        [creators, invent_texts(rng, creators, vocabulary.words, numbers=ids * 7_919 % HANDLE_NUMBERS)], axis="columns"
    )
    creators["id"] = ids
    creators["currency"] = creators["market"].map({code: entry[0] for code, entry in vocabulary.markets.items()})
    creators["rate"] = creators["market"].map({code: entry[1] for code, entry in vocabulary.markets.items()})
    known = rng.random(len(ids)) < 0.7
    external = 6_800_000_000_000_000_000 + ids * 104_729_000_003 + rng.integers(0, 100_000_000_000, len(ids))
    creators["external_id"] = pd.Series(external).astype(str).astype(object).where(known, None)
    snapshots = invent_snapshots(rng, creators, as_of=as_of)
    snapshots["creator_id"] = ids[snapshots["creator"].to_numpy()]
    last = snapshots.groupby("creator_id")["as_of"].max()
    creators["last_seen_on"] = creators["id"].map(last)
    creators["first_seen_on"] = creators["last_seen_on"] - pd.to_timedelta(rng.integers(0, 300, len(ids)), unit="D")
    return Batch(creators, snapshots)


def batch_copy(cursor: Any, batch: Batch, *, recorded_at: datetime) -> None:
    """Write the creators and their snapshots; facts and words are merged afterwards."""
    names = ("id", "handle", "external_id", "nickname", "language", "agency", "first_seen_on", "last_seen_on")
    creators = batch.creators[list(names)].assign(market_id=batch.creators["market"])
    frame_copy(cursor, "creators_creator", creators, whole=("id",), days=("first_seen_on", "last_seen_on"))
    snapshots_copy(cursor, batch.snapshots, recorded_at=recorded_at)


def snapshots_copy(cursor: Any, snapshots: pd.DataFrame, *, recorded_at: datetime) -> None:
    """Write what sources say; only the exact ones quote the bio."""
    names = ("creator_id", "source", "as_of", "quality", "currency", "category_ids", "ranges")
    rows = snapshots[[*names, *TEXT_COLUMNS, *METRIC_COLUMNS]].assign(recorded_at=recorded_at.isoformat())
    rows["bio"] = rows["bio"].where(rows["quality"] == EXACT, "")
    frame_copy(cursor, "creators_snapshot", rows, whole=("creator_id", "quality", *COUNT_COLUMNS), days=("as_of",))


def days_copy(cursor: Any, *, rng: Generator, creators: pd.DataFrame, days: list[date], as_of: date) -> int:
    """Invent and write the daily metrics of these creators; returns the rows."""
    columns = invent_days(rng, creators, days, as_of=as_of)
    table_copy(cursor, "creators_dailymetric", pa.table(columns))
    return len(columns["day"])


def frame_copy(
    cursor: Any, table: str, frame: pd.DataFrame, *, whole: Sequence[str] = (), days: Sequence[str] = ()
) -> None:
    """COPY a frame into the columns of its names; `whole` columns are integers although NaN made them floats."""
    types = {name: pa.int64() for name in whole} | {name: pa.date32() for name in days}
    arrays = [pa.array(frame[name], from_pandas=True) for name in frame]
    arrays = [array.cast(types[name]) if name in types else array for name, array in zip(frame, arrays, strict=True)]
    table_copy(cursor, table, pa.table(arrays, names=list(frame)))


def table_copy(cursor: Any, table: str, rows: pa.Table) -> None:
    """COPY an Arrow table; a null is an empty cell without quotes, as COPY reads it."""
    buffer = io.BytesIO()
    arrow_csv.write_csv(rows, buffer, arrow_csv.WriteOptions(include_header=False))
    buffer.seek(0)
    names = ", ".join(rows.column_names)
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", buffer)

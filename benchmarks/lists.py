"""Invented lists of creators as a seller would upload them: 20 columns, dollars, percentages, 19-digit ids."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import xlsxwriter
from pyarrow import csv as arrow_csv

SEED = 20260303
BLOCK = 50_000


def _whole(values: pd.Series) -> pd.Series:
    return values.astype("Int64").astype(str).where(values.notna(), "")


def _dollars(values: pd.Series) -> pd.Series:
    return pd.Series([f"${value:,.2f}" for value in values], index=values.index).where(values.notna(), "-")


def _percent(values: pd.Series) -> pd.Series:
    return pd.Series([f"{value * 100:.2f}%" for value in values], index=values.index).where(values.notna(), "N/A")


def _text(values: pd.Series) -> pd.Series:
    return values.fillna("").astype(str)


def _short(values: pd.Series) -> pd.Series:
    """The first words: a million whole bios would not fit into the 200 MB that an upload may have."""
    return _text(values).str.slice(0, 32)


# Header, column of the invented creators, how such a list writes it.
COLUMNS: tuple[tuple[str, str, Callable[[pd.Series], pd.Series]], ...] = (
    ("Handle", "handle", _text),
    ("Creator ID", "external_id", _text),
    ("Nickname", "nickname", _text),
    ("Market", "market", _text),
    ("Language", "language", _text),
    ("MCN Agency", "agency", _text),
    ("Bio", "bio", _short),
    ("Followers", "followers", _whole),
    ("Follower growth", "follower_growth_30d", _whole),
    ("Total likes", "likes_total", _whole),
    ("Total videos", "videos_total", _whole),
    ("GMV in last 30 days", "gmv_30d", _dollars),
    ("Video GMV", "gmv_video_30d", _dollars),
    ("Units sold", "units_30d", _whole),
    ("GPM", "gpm", _dollars),
    ("Average views", "avg_views", _whole),
    ("Engagement rate", "engagement_by_views", _percent),
    ("Videos in 30 days", "videos_30d", _whole),
    ("Products in 28 days", "products_28d", _whole),
    ("Female share", "female_share", _percent),
)
HEADERS = [header for header, _name, _write in COLUMNS]


def blocks(size: int, *, as_of: date, first_id: int) -> Iterator[pd.DataFrame]:
    """The list in blocks of text cells, about the creators from an id on; the reference lists must be loaded."""
    from creators.services.invented import batch_make, vocabulary_read

    vocabulary = vocabulary_read(as_of=as_of)
    last = first_id + size
    for first in range(first_id, last, BLOCK):
        ids = np.arange(first, min(first + BLOCK, last))
        batch = batch_make(rng=np.random.default_rng([SEED, first]), vocabulary=vocabulary, ids=ids, as_of=as_of)
        yield pd.DataFrame({header: write(batch.creators[name]) for header, name, write in COLUMNS})


def csv_write(path: Path, size: int, *, as_of: date, first_id: int) -> None:
    """Write the list as CSV."""
    with path.open("wb") as target:
        for number, block in enumerate(blocks(size, as_of=as_of, first_id=first_id)):
            options = arrow_csv.WriteOptions(include_header=number == 0)
            arrow_csv.write_csv(pa.Table.from_pandas(block, preserve_index=False), target, options)


def xlsx_write(path: Path, size: int, *, as_of: date, first_id: int) -> None:
    """Write the list as a workbook of one sheet."""
    workbook: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("Creators")
    sheet.write_row(0, 0, HEADERS)
    number = 0
    for block in blocks(size, as_of=as_of, first_id=first_id):
        numeric = {index for index, (_header, _name, write) in enumerate(COLUMNS) if write is _whole}
        for cells in block.itertuples(index=False):
            number += 1
            for index, cell in enumerate(cells):
                if index in numeric and cell:
                    sheet.write_number(number, index, int(cell))
                else:
                    sheet.write_string(number, index, cell)
    workbook.close()

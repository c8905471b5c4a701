"""How fast the directory leaves as a file, beside a bare COPY of the same numbers."""

import io
import time
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.common import LOAD_DATABASE, Row, load_database, plain
from config import embedded

BENCH = "export"
# What a job writes at once; a speed needs no more rows.
ROWS = 100_000


@dataclass(frozen=True)
class Written:
    """An export that was made: its rows, the seconds it took, and the peak memory of its process."""

    rows: int
    seconds: float
    peak_mb: float


def run(size: int) -> list[Row]:
    """The first rows of the directory as CSV and as XLSX, each in a process of its own, as a worker makes them."""
    text, workbook = _in_process("csv", min(size, ROWS)), _in_process("xlsx", min(size, ROWS))
    with load_database():
        copied = _copy_seconds()
    return [
        plain(BENCH, "CSV, columns of the list", text.rows, "speed", text.rows / text.seconds, "rows/s"),
        plain(BENCH, "CSV, columns of the list", text.rows, "memory", text.peak_mb, "MB"),
        plain(BENCH, "bare COPY of facts and names", size, "speed", size / copied, "rows/s"),
        plain(BENCH, "XLSX, columns of the list", workbook.rows, "time", workbook.seconds, "s"),
        plain(BENCH, "XLSX, columns of the list", workbook.rows, "memory", workbook.peak_mb, "MB"),
    ]


def _in_process(file_format: str, most: int) -> Written:
    from creators.services.processes import process_pool

    with process_pool(1) as pool:
        return pool.submit(write, file_format, most).result()


def write(file_format: str, most: int) -> Written:
    """Write an export of the load database to a file that is thrown away."""
    from django.utils import timezone

    from accounts.models import User
    from core.exports import write_table
    from creators.selectors.exports import Wanted, export_source, export_table
    from creators.services.load_data import database_use

    database_use(LOAD_DATABASE)
    reader = User(email="bench@demo.example", name="Bench", role="admin")
    wanted = Wanted(file_format)
    start = time.perf_counter()
    table = export_table(wanted, export_source(wanted, reader), reader, at=timezone.now())
    with TemporaryDirectory(dir=_folder()) as folder:
        path = Path(folder) / f"export.{file_format}"
        write_table(path, replace(table, rows=islice(table.rows, most)), file_format)
        seconds = time.perf_counter() - start
    return Written(most, seconds, _peak_mb())


def _peak_mb() -> float:
    """The most memory that this process has ever held; getrusage would count that of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _folder() -> Path:
    folder = embedded.local_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copy_seconds() -> float:
    """What PostgreSQL alone needs to write the rows."""
    from django.db import connection

    query = (
        "SELECT c.handle, c.nickname, f.* FROM creators_creatorfacts f JOIN creators_creator c ON c.id = f.creator_id"
    )
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", io.BytesIO())
        return time.perf_counter() - start

"""How fast a list becomes creators: the job of the page, in two worker processes, beside a bare COPY of the file."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import lists
from benchmarks.common import Row, at_least, at_most, child, database_of_its_own, plain
from config import embedded

BENCH = "import"
DATABASE = "creator_desk_bench_import"
XLSX_ROWS = 100_000
LIMIT_ROWS_PER_SECOND, LIMIT_MB, LIMIT_XLSX_SECONDS = 20_000, 600, 60
WORKERS = 2
READY_SECONDS, JOB_SECONDS = 60, 900
SAMPLE_SECONDS = 0.2
# Without INFO a worker does not say that it is ready.
PROCESSES = (
    *(
        ["celery", "-A", "config", "worker", "--concurrency=1", "--loglevel=INFO", f"--hostname=bench{n}@%h"]
        for n in range(WORKERS)
    ),
    ["celery", "-A", "config", "beat"],
)


def run(size: int) -> list[Row]:
    """CSV first into an empty directory, then the same list again, then a workbook."""
    folder = embedded.local_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = Path(stack.enter_context(TemporaryDirectory(dir=folder)))
        _media_use(files / "media")
        stack.enter_context(database_of_its_own(DATABASE))
        as_of = datetime.now(UTC).date() - timedelta(days=1)
        text, workbook = files / "creators.csv", files / "workbook.xlsx"
        lists.csv_write(text, size, as_of=as_of, first_id=1)
        lists.xlsx_write(workbook, XLSX_ROWS, as_of=as_of, first_id=size + 1)
        copied = _copy_seconds(text)
        memory = stack.enter_context(workers(files))
        new = _import(text, as_of - timedelta(days=1), memory)
        again = _import(text, as_of, memory)
        sheet = _import(workbook, as_of, memory)
    return [
        *(plain(BENCH, f"CSV, step {step}", size, "until", end, "s") for step, end in new.ends.items()),
        at_least(BENCH, "CSV, 20 columns, all new", size, "speed", size / new.seconds, "rows/s", LIMIT_ROWS_PER_SECOND),
        at_most(BENCH, "CSV, 20 columns, all new", size, "workers' memory", new.peak_mb, "MB", LIMIT_MB),
        plain(BENCH, "the same list a day later", size, "speed", size / again.seconds, "rows/s"),
        at_most(BENCH, "the same list a day later", size, "workers' memory", again.peak_mb, "MB", LIMIT_MB),
        plain(BENCH, "bare COPY of the CSV into text columns", size, "speed", size / copied, "rows/s"),
        at_most(BENCH, "XLSX, 20 columns", XLSX_ROWS, "time", sheet.seconds, "s", LIMIT_XLSX_SECONDS),
        plain(BENCH, "XLSX, 20 columns", XLSX_ROWS, "workers' memory", sheet.peak_mb, "MB"),
    ]


def _media_use(folder: Path) -> None:
    """Uploads of this process and its children go to a folder that is thrown away."""
    from django.conf import settings

    folder.mkdir()
    settings.MEDIA_ROOT = folder
    os.environ["MEDIA_ROOT"] = str(folder)


def _copy_seconds(path: Path) -> float:
    """What PostgreSQL alone needs to take in the file."""
    from django.db import connection, transaction

    columns = ", ".join(f"c{number} text" for number in range(len(lists.COLUMNS)))
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as source:
        cursor.execute(f"CREATE TEMP TABLE bare ({columns}) ON COMMIT DROP")
        start = time.perf_counter()
        cursor.copy_expert("COPY bare FROM STDIN (FORMAT csv, HEADER)", source)
        return time.perf_counter() - start


@dataclass(frozen=True)
class Ended:
    """A finished import: its seconds, the workers' peak in MB, and when the last chunk of each step ended."""

    seconds: float
    peak_mb: float
    ends: dict[str, float]


def _import(path: Path, as_of: date, memory: "Memory") -> Ended:
    """Import a file by a job; every row must have arrived."""
    from core.uploads.storage import file_store
    from creators.services import imports

    stored = file_store(path=path, name=path.name, content_type="application/octet-stream", by=None)
    draft = imports.import_create(file=stored, by=None)
    draft = imports.import_configure(source_import=draft, by=None, source="bench", currency="USD", as_of=as_of)
    unread = [column["header"] for column in draft.mapping if not column["field"]]
    assert not unread, f"columns without a field: {unread}"
    memory.peak = 0.0
    start = time.perf_counter()
    job = imports.import_start(source_import=draft, by=None)
    _wait(job, start + JOB_SECONDS)
    seconds = time.perf_counter() - start
    draft.refresh_from_db()
    assert draft.rows == draft.created + draft.updated + draft.unchanged > 0, vars(draft)
    chunks = job.chunks.order_by("finished_at").values_list("step", "finished_at")
    return Ended(seconds, memory.peak, {step: (end - job.created_at).total_seconds() for step, end in chunks})


def _wait(job: Any, deadline: float) -> None:
    while True:
        job.refresh_from_db()
        if not job.is_open:
            break
        if time.perf_counter() > deadline:
            raise RuntimeError(f"The import did not end within {JOB_SECONDS} s.")
        time.sleep(0.1)
    if job.state != "done":
        raise RuntimeError(f"The import ended as {job.state}: {job.error_message}")


class Memory:
    """Watches the memory of process groups: `peak` is the highest sum of their proportional set sizes, in MB."""

    def __init__(self, groups: Sequence[int]) -> None:
        self.groups = frozenset(groups)
        self.peak = 0.0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(_pss_mb(pid) for pid in _pids_of(self.groups)))


def _pids_of(groups: frozenset[int]) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                group = int((folder / "stat").read_text().rpartition(")")[2].split()[2])
            except OSError:
                continue
            if group in groups:
                yield int(folder.name)


def _pss_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def workers(folder: Path) -> Iterator[Memory]:
    """Two Celery workers and beat as they are deployed, on the benchmark's database and messages."""
    logs = [folder / f"process{number}.log" for number in range(len(PROCESSES))]
    schedule = f"--schedule={folder / 'beat'}"
    commands = [[*command, schedule] if command[-1] == "beat" else command for command in PROCESSES]
    started = [child(command, DATABASE, log) for command, log in zip(commands, logs, strict=True)]
    memory = Memory([process.pid for process in started[:WORKERS]])
    try:
        _wait_until_ready(started, logs[:WORKERS])
        yield memory
    finally:
        memory.ended.set()
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            process.wait(60)


def _wait_until_ready(processes: Sequence[subprocess.Popen[bytes]], logs: Sequence[Path]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not all(b" ready." in log.read_bytes() for log in logs):
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            raise RuntimeError(f"The workers did not start: {logs[0].read_text()[-2000:]}")
        time.sleep(0.1)

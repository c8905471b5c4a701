"""What every benchmark shares: its rows, the machine they were measured on, databases of its own, timing."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
FULL, QUICK = 1_000_000, 100_000
LOAD_DATABASE = "creator_desk_bench_load"
VERSIONS = ("Django", "psycopg2-binary", "numpy", "pandas", "pyarrow", "python-calamine", "XlsxWriter", "celery")
# Far from those of the app, its tests and its messages.
VALKEY_DATABASE = 14


@dataclass(frozen=True)
class Row:
    """One number; `limit` is what an issue promises (None: for comparison only), `ok` whether the number keeps it."""

    bench: str
    name: str
    size: int
    metric: str
    value: float
    unit: str
    limit: float | None = None
    ok: bool = True


def at_most(bench: str, name: str, size: int, metric: str, value: float, unit: str, limit: float) -> Row:
    """A row that is fine up to its limit."""
    return Row(bench, name, size, metric, round(value, 2), unit, limit, value <= limit)


def at_least(bench: str, name: str, size: int, metric: str, value: float, unit: str, limit: float) -> Row:
    """A row that is fine from its limit on."""
    return Row(bench, name, size, metric, round(value, 2), unit, limit, value >= limit)


def plain(bench: str, name: str, size: int, metric: str, value: float, unit: str) -> Row:
    """A row that nobody promised anything about."""
    return Row(bench, name, size, metric, round(value, 2), unit)


def setup() -> None:
    """Start the servers and Django for this process; everything it starts talks to the same Valkey database."""
    if embedded.uses_own_valkey():
        os.environ["REDIS_URL"] = embedded.own_redis_url().replace("?db=0", f"?db={VALKEY_DATABASE}")
    # A benchmark asks more often than a person.
    os.environ["API_THROTTLE"] = "1000000/min"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["LOG_LEVEL"] = "WARNING"
    embedded.ensure()
    import django

    django.setup()


def environment(database: str) -> dict[str, str]:
    """The environment of a child process that works on the database."""
    return os.environ | {"DATABASE_URL": f"{embedded.database_url().rsplit('/', 1)[0]}/{database}"}


@contextmanager
def database_of_its_own(name: str) -> Iterator[None]:
    """An empty database with schema and reference lists in which this process works; dropped afterwards."""
    from django.db import connection

    from creators.services.load_data import database_create, database_use

    own = connection.settings_dict["NAME"]
    database_create(name)
    try:
        yield
    finally:
        database_use(own)
        database_drop(name)


@contextmanager
def load_database() -> Iterator[None]:
    """This process works in the load database, which `benchmarks.load` has made."""
    from django.db import connection

    from creators.services.load_data import database_use

    own = connection.settings_dict["NAME"]
    database_use(LOAD_DATABASE)
    try:
        yield
    finally:
        database_use(own)


def database_drop(name: str) -> None:
    """Drop a database that a benchmark made."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def measure(work: Callable[[], object], *, repeats: int = 21) -> list[float]:
    """Milliseconds of each repeat, sorted, after one warm-up."""
    work()
    times = []
    for _repeat in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def statements_of(work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The SQL that some work sends, to be run again without the app."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        work()
    return sent


def statements_run(statements: Sequence[tuple[str, Any]]) -> None:
    """Run statements and read what they return."""
    from django.db import connection

    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()


def p95(times: Sequence[float]) -> float:
    """The time that 95 % of the (sorted) repeats stay below."""
    return times[min(len(times) - 1, int(len(times) * 0.95))]


def median(times: Sequence[float]) -> float:
    """The middle of the times."""
    return statistics.median(times)


def machine() -> dict[str, str]:
    """What the numbers depend on: processor, memory, versions, commit, time."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        **{name: version(name) for name in VERSIONS},
        "commit": commit.stdout.strip() or "unknown",
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _postgresql() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def results_folder(*, quick: bool) -> Path:
    """Full results belong to the repository, quick ones to this machine."""
    folder = embedded.local_dir() / "bench" if quick else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def results_write(bench: str, rows: Sequence[Row], *, quick: bool) -> None:
    """Keep the rows of a benchmark with the machine on top."""
    document = {"machine": machine(), "rows": [asdict(row) for row in rows]}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (results_folder(quick=quick) / f"{bench}.json").write_text(f"{text}\n", "utf-8")


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    lines = [f"{'bench':<8}{'size':>10}  {'what':<46}{'metric':<16}{'value':>12} {'unit':<8}{'limit':>10}  ok"]
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:,.0f}"
        mark = "" if row.limit is None else ("yes" if row.ok else "NO")
        number = f"{row.value:>12,.1f} {row.unit:<8}{limit:>10}  {mark}"
        lines.append(f"{row.bench:<8}{row.size:>10,}  {row.name:<46}{row.metric:<16}{number}")
    return "\n".join(lines)


def child(arguments: Sequence[str], database: str, log: Path) -> subprocess.Popen[bytes]:
    """Start a Python module as a child in a process group of its own, its output in a file."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment(database),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            process_group=0,
        )

"""How long the load data takes: the database that the other benchmarks read."""

import subprocess
import sys
import time

from benchmarks.common import FULL, LOAD_DATABASE, ROOT, Row, at_most, environment, load_database, plain

BENCH = "load"
DAYS = 60
LIMIT_SECONDS = 360


def run(size: int) -> list[Row]:
    """Make the load database with the command that people use."""
    from django.db import connection

    own = connection.settings_dict["NAME"]
    start = time.perf_counter()
    command = ["manage.py", "make_load_data", "--creators", str(size), "--days", str(DAYS), "--database", LOAD_DATABASE]
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment(own), check=True)
    seconds = time.perf_counter() - start
    with load_database(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM creators_dailymetric")
        days = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database()) / 1e9")
        gigabytes = cursor.fetchone()[0]
    name = f"make_load_data, {days:,} daily rows"
    total = at_most(BENCH, name, size, "time", seconds, "s", LIMIT_SECONDS) if size == FULL else None
    return [
        total or plain(BENCH, name, size, "time", seconds, "s"),
        plain(BENCH, "daily rows", size, "speed", days / seconds, "rows/s"),
        plain(BENCH, "the database", size, "size", float(gigabytes), "GB"),
    ]

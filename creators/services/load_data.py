"""A database of its own, full of invented creators, on which the benchmarks stand."""

import time
from collections.abc import Callable
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core.errors import DomainError
from creators.services.invented import batch_copy, batch_make, days_copy, vocabulary_read
from creators.services.loading import partitions_ensure, reference_load
from creators.services.merge import facts_rebuild, text_rebuild
from creators.services.processes import process_pool
from creators.services.stripping import tables_restore, tables_strip

SEED = 20260202
BATCH = 20_000
PROCESSES = 2
TABLES = ("creators_creator", "creators_snapshot", "creators_dailymetric")
# Written on the database, so that only a database that we made is ever dropped.
MARK = "Invented load data of Creator Desk"


@dataclass(frozen=True)
class Part:
    """The creators with ids from `first` to `last`; every second one with `days` daily rows up to `as_of`."""

    database: str
    first: int
    last: int
    days: int
    as_of: date


def database_use(name: str) -> None:
    """Let this process talk to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def database_create(name: str) -> None:
    """Make an empty database with the schema and the reference lists; replaces one that was made here before.

    Raises DomainError for the database in use and for one that somebody else made.
    """
    if name == connection.settings_dict["NAME"]:
        raise DomainError("database_in_use", f"{name} is the database of the app. Name another with --database.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
        if found and found[0] != MARK:
            raise DomainError("database_not_ours", f"{name} was not made by make_load_data. Name another database.")
        quoted = connection.ops.quote_name(name)
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted}")
        cursor.execute(f"COMMENT ON DATABASE {quoted} IS %s", [MARK])
    database_use(name)
    call_command("migrate", verbosity=0)
    reference_load()


def load_data_make(*, creators: int, days: int, as_of: date, say: Callable[[str], None]) -> None:
    """Fill the current database, which `database_create` has just made; `say` gets a line a step.

    Facts and words are merged from the snapshots by the same code as an import's.
    """
    database = connection.settings_dict["NAME"]
    partitions_ensure(first=as_of - timedelta(days=days), last=as_of)
    statements = tables_strip(TABLES)
    firsts = range(1, creators + 1, BATCH)
    parts = [Part(database, first, min(first + BATCH - 1, creators), days, as_of) for first in firsts]
    _step(say, "creators, snapshots and days", lambda: _copy_parts(parts))
    _step(say, "keys and indexes", lambda: _restore(statements, creators))
    _step(say, "facts and words", lambda: _merge(creators))
    _step(say, "statistics", _analyze)


def _step(say: Callable[[str], None], name: str, work: Callable[[], int]) -> None:
    start = time.perf_counter()
    rows = work()
    seconds = time.perf_counter() - start
    say(f"{name}: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows/s")


def _copy_parts(parts: list[Part]) -> int:
    """Two processes, because inventing and writing each keep a core busy."""
    rows = 0
    with process_pool(PROCESSES) as pool:
        for done in as_completed([pool.submit(part_load, part) for part in parts]):
            rows += done.result()
    return rows


def part_load(part: Part) -> int:
    """Invent and write one part; returns the rows. The same part is the same in every process."""
    database_use(part.database)
    rng = np.random.default_rng([SEED, part.first])
    vocabulary = vocabulary_read(as_of=part.as_of)
    batch = batch_make(rng=rng, vocabulary=vocabulary, ids=np.arange(part.first, part.last + 1), as_of=part.as_of)
    days = [part.as_of - timedelta(days=back) for back in reversed(range(part.days))]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        batch_copy(cursor, batch, recorded_at=timezone.now())
        rows = days_copy(cursor, rng=rng, creators=batch.creators[::2], days=days, as_of=part.as_of) if days else 0
    return rows + len(batch.creators) + len(batch.snapshots)


def _restore(statements: list[str], creators: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        tables_restore(statements)
        cursor.execute("SELECT setval(pg_get_serial_sequence('creators_creator', 'id'), %s)", [creators])
    return creators


def _merge(creators: int) -> int:
    """Words and facts beside each other, as the steps of a large import."""
    database = connection.settings_dict["NAME"]
    with process_pool(PROCESSES) as pool:
        for done in [pool.submit(rebuild, database, table) for table in REBUILDS]:
            done.result()
    return creators


REBUILDS = {"text": text_rebuild, "facts": facts_rebuild}


def rebuild(database: str, table: str) -> None:
    """Merge one of the two tables anew."""
    database_use(database)
    REBUILDS[table]()


def _analyze() -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, PARALLEL 0) creators_creator, creators_creatorfacts, creators_creatortext")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT sum(reltuples)::bigint FROM pg_class WHERE relkind = 'r' AND reltuples > 0")
        return int(cursor.fetchone()[0])

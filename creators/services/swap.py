"""Build a table anew beside the old one and swap them by rename in one short moment.

Nine seconds instead of sixty for a million facts with their indexes (docs/performance.md). Only for tables at which
no foreign key points. All of it runs in the caller's transaction.
"""

from django.db import OperationalError, connection, transaction

SUFFIX = "_new"
LOCK_TRIES = 60


def table_start(table: str) -> str:
    """Create the empty new table with the columns and checks of the old one, without indexes; returns its name."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}{SUFFIX}")
        cursor.execute(
            f"CREATE TABLE {table}{SUFFIX} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)"
        )
    return f"{table}{SUFFIX}"


def indexes_build(table: str) -> None:
    """Give the new table every index of the old one, under names that the swap makes final, and analyse it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for name, definition, primary in _indexes(table):
            if primary:
                cursor.execute(f'ALTER TABLE {table}{SUFFIX} ADD CONSTRAINT "{name}{SUFFIX}" PRIMARY KEY (creator_id)')
            else:
                renamed = definition.replace(f" {name} ON ", f' "{name}{SUFFIX}" ON ', 1)
                cursor.execute(renamed.replace(f".{table} ", f".{table}{SUFFIX} ", 1))
        cursor.execute(f"ANALYZE {table}{SUFFIX}")


def table_replace(table: str) -> None:
    """Drop the old table and give the new one its name and those of its indexes."""
    names = [name for name, _definition, _primary in _indexes(table)]
    _lock(table)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE {table}{SUFFIX} RENAME TO {table}")
        for name in names:
            cursor.execute(f'ALTER INDEX "{name}{SUFFIX}" RENAME TO "{name}"')


def _lock(table: str) -> None:
    """Hold the old table alone; gives way every two seconds, so that readers never queue long behind a slow one."""
    with connection.cursor() as cursor:
        for attempt in range(LOCK_TRIES):
            try:
                with transaction.atomic():
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                    cursor.execute("SET LOCAL lock_timeout = 0")
                return
            except OperationalError:
                if attempt == LOCK_TRIES - 1:
                    raise


def _indexes(table: str) -> list[tuple[str, str, bool]]:
    """(name, definition, whether it is the primary key) of a table's indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass ORDER BY c.relname",
            [table],
        )
        return list(cursor.fetchall())

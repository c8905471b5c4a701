"""Filling large tables without their keys and indexes, and giving them back exactly as they were."""

from collections.abc import Sequence

from django.db import connection

# Foreign keys need the keys they point at: taken off first, put back last.
CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE conparentid = 0
  AND (contype IN ('p', 'u') AND conrelid = ANY(%(tables)s::regclass[])
       OR contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[])))
ORDER BY contype = 'f' DESC, conname"""

INDEXES = """
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY i.indexrelid::regclass::text"""


def tables_strip(tables: Sequence[str]) -> list[str]:
    """Take keys, foreign keys to and from, and indexes off; returns the statements that `tables_restore` runs."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, {"tables": list(tables)})
        indexes = cursor.fetchall()
        cursor.execute(CONSTRAINTS, {"tables": list(tables)})
        constraints = cursor.fetchall()
        for drop, _restore in [*indexes, *constraints]:
            cursor.execute(drop)
    keys = [restore for _drop, restore in reversed(constraints)]
    return [*keys, *(restore for _drop, restore in indexes)]


def tables_restore(statements: Sequence[str]) -> None:
    """Put back what `tables_strip` took off: keys, foreign keys, then the other indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for statement in statements:
            cursor.execute(statement)

"""The tables of a running import: what was read (stage) and which creator each row is about (match).

They are ordinary tables made in the transaction that fills them, so a crash leaves either nothing or all of it.
"""

from django.db import connection

from creators.metrics import IMPORTED
from creators.models import Import, Snapshot
from creators.rules.rows import STAGE_COLUMNS

WORD_TYPES = {"row_number": "integer", "category_ids": "integer[]", "as_of": "date", "ranges": "jsonb"}
# What a Snapshot takes from the stage under the same name.
SNAPSHOT_COLUMNS = (
    "row_number",
    "as_of",
    "currency",
    "nickname",
    "language",
    "agency",
    "bio",
    "category_ids",
    "ranges",
)
# Held while a list is matched: two lists that bring the same creator find each other.
MATCH_LOCK = "creators.match"
METRIC_KEYS = tuple(metric.key for metric in IMPORTED)


def stage_table(source_import: Import) -> str:
    return f"import_stage_{source_import.pk:d}"


def match_table(source_import: Import) -> str:
    return f"import_match_{source_import.pk:d}"


def stage_create(source_import: Import) -> str:
    """Create the empty stage table of an import (again, if an attempt died) and return its name."""
    table = stage_table(source_import)
    types = {key: Snapshot._meta.get_field(key).db_type(connection) for key in METRIC_KEYS} | WORD_TYPES
    columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in STAGE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} ({columns})")
    return table


def stage_drop(source_import: Import) -> None:
    """Remove the tables of an import that has ended."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {stage_table(source_import)}, {match_table(source_import)}")


def match_tables_of_others(source_import: Import) -> list[str]:
    """The match tables of the imports that are running beside this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'import\\_match\\_%'"
        )
        return [name for (name,) in cursor.fetchall() if name != match_table(source_import)]

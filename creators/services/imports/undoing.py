"""An import taken back: its snapshots go, the facts are merged again, creators that only it brought go too."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import ForeignObjectRel

from core.jobs import advisory_lock
from creators.models import (
    Audience,
    Creator,
    CreatorFacts,
    CreatorHandle,
    CreatorText,
    DailyMetric,
    Import,
    Snapshot,
)
from creators.services import merge
from creators.services.imports.stage import MATCH_LOCK, match_tables_of_others, stage_drop

# Parts of a creator that no person made; whatever else points at a creator is a use of it.
OWN_PARTS = (CreatorFacts, CreatorText, CreatorHandle, Audience, DailyMetric, Snapshot)

TOUCHED = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT k.id AS creator_id, coalesce(k.brought_by_id = %s, false) AS brought
FROM creators_creator k
WHERE k.brought_by_id = %s OR k.id IN (SELECT creator_id FROM creators_snapshot WHERE source_import_id = %s)
ORDER BY k.id FOR UPDATE"""

# The old handle comes back when nobody holds it and no later list renamed the creator again.
HANDLES_BACK = """
UPDATE creators_creator k SET handle = r.handle
FROM creators_creatorhandle r
WHERE r.source_import_id = %s AND r.creator_id = k.id AND k.handle = r.replaced_by
  AND NOT EXISTS (SELECT 1 FROM creators_creator h WHERE h.market_id = k.market_id AND h.handle = r.handle)"""

CONTACTS = """
DELETE FROM creators_creatorcontact c WHERE c.source_import_id = %s
  AND NOT EXISTS (SELECT 1 FROM creators_creatorcontactevent e WHERE e.pgh_obj_id = c.id)"""

SMALL = 20_000


def import_erase(source_import: Import) -> None:
    """Take back all that an import wrote, in the caller's transaction. What people and later imports did stays."""
    pk = source_import.pk
    # No list is matched meanwhile, and what running ones have matched counts as used.
    advisory_lock(MATCH_LOCK)
    merge.facts_hold(alone=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS undone")
        cursor.execute(TOUCHED, [pk, pk, pk])
        cursor.execute("CREATE UNIQUE INDEX ON undone (creator_id)")
        cursor.execute("ANALYZE undone")
        cursor.execute("DELETE FROM creators_creatorconflict WHERE source_import_id = %s AND state = 'open'", [pk])
        cursor.execute(CONTACTS, [pk])
        cursor.execute("DELETE FROM creators_snapshot WHERE source_import_id = %s", [pk])
        cursor.execute(HANDLES_BACK, [pk])
        cursor.execute("DELETE FROM creators_creatorhandle WHERE source_import_id = %s", [pk])
        _remove_unused(cursor, match_tables_of_others(source_import))
        cursor.execute("SELECT creator_id FROM undone")
        left = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE undone")
    stage_drop(source_import)
    if len(left) > SMALL:
        merge.facts_merge(creator_ids=None)
    elif left:
        merge.facts_merge(creator_ids=left)


def _remove_unused(cursor: object, tables: Sequence[str]) -> None:
    """Delete the creators that only this import brought and nobody uses; they leave the table `undone` too.

    `tables` are those of other running imports, whose rows are about creators that must stay.
    """
    execute = cursor.execute  # type: ignore[attr-defined]
    used = " ".join(
        f"AND NOT EXISTS (SELECT 1 FROM {relation.related_model._meta.db_table} t"
        f" WHERE t.{relation.field.column} = u.creator_id)"
        for relation in _uses()
    )
    used += " ".join(f" AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.creator_id = u.creator_id)" for table in tables)
    execute(
        "CREATE TEMP TABLE unused ON COMMIT DROP AS SELECT u.creator_id FROM undone u WHERE u.brought"
        f" AND NOT EXISTS (SELECT 1 FROM creators_snapshot t WHERE t.creator_id = u.creator_id) {used}"
    )
    execute("ANALYZE unused")
    for model in OWN_PARTS:
        execute(f"DELETE FROM {model._meta.db_table} t USING unused u WHERE t.creator_id = u.creator_id")
    execute(f"DELETE FROM {Creator._meta.db_table} t USING unused u WHERE t.id = u.creator_id")
    execute("DELETE FROM undone t USING unused u WHERE t.creator_id = u.creator_id")
    execute("DROP TABLE unused")


def _uses() -> list[ForeignObjectRel]:
    """Every relation by which somebody's row points at a creator, in this app and in higher ones."""
    return [
        relation
        for relation in Creator._meta.related_objects
        if not issubclass(relation.related_model, OWN_PARTS) and relation.field.concrete
    ]

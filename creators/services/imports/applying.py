"""The third step of an import: snapshots and contacts by row ranges, then the facts."""

from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from core.models import Job
from creators.models import Import
from creators.services.imports.stage import METRIC_KEYS, SNAPSHOT_COLUMNS, match_table, stage_table
from creators.services.merge import creators_lock, facts_merge

COMPARED = (*[c for c in SNAPSHOT_COLUMNS if c not in ("row_number", "as_of")], *METRIC_KEYS)

RANGE = "m.row_number BETWEEN %s AND %s AND m.action <> 'conflict'"

# A row is unchanged when the source's newest snapshot of the creator says the same.
COUNTS = """
SELECT count(*) FILTER (WHERE m.action = 'new'),
       count(*) FILTER (WHERE p.id IS NOT NULL AND ({old}) IS NOT DISTINCT FROM ({new})),
       count(*)
FROM {match} m JOIN {stage} s USING (row_number)
LEFT JOIN LATERAL (
    SELECT * FROM creators_snapshot p
    WHERE p.creator_id = m.creator_id AND p.source = %s AND m.action <> 'new'
    ORDER BY p.as_of DESC, p.id DESC LIMIT 1
) p ON true
WHERE {range}"""

SNAPSHOTS = """
INSERT INTO creators_snapshot (creator_id, source_import_id, source, quality, recorded_by_id, recorded_at, {columns})
SELECT m.creator_id, %s, %s, %s, %s, %s, {values}
FROM {match} m JOIN {stage} s USING (row_number) WHERE {range} ORDER BY m.creator_id"""

CONTACTS = """
INSERT INTO creators_creatorcontact (creator_id, shop_id, kind, value, source_import_id, added_at)
SELECT m.creator_id, %s, %s, s.{column}, %s, %s
FROM {match} m JOIN {stage} s USING (row_number) WHERE {range} AND s.{column} <> ''
ON CONFLICT DO NOTHING"""


def import_apply(source_import: Import, job: Job, *, first: int, last: int, merge: bool) -> None:
    """Write the rows `first` to `last`; with `merge` also the facts of their creators (else they are rebuilt later)."""
    names = {"stage": stage_table(source_import), "match": match_table(source_import), "range": RANGE}
    chosen = f"SELECT m.creator_id FROM {names['match']} m WHERE {RANGE}"
    if merge:
        creators_lock(ids_sql=chosen, params=[first, last])
    with connection.cursor() as cursor:
        counts = COUNTS.format(
            old=", ".join(f"p.{c}" for c in COMPARED), new=", ".join(f"s.{c}" for c in COMPARED), **names
        )
        cursor.execute(counts, [source_import.source, first, last])
        created, unchanged, total = cursor.fetchone()
        columns = (*SNAPSHOT_COLUMNS, *METRIC_KEYS)
        statement = SNAPSHOTS.format(columns=", ".join(columns), values=", ".join(f"s.{c}" for c in columns), **names)
        owner = (source_import.pk, source_import.source, source_import.quality, source_import.created_by_id)
        cursor.execute(statement, [*owner, timezone.now(), first, last])
        if source_import.shop_id:
            for kind, column in (("email", "email"), ("other", "contact")):
                contact: list[Any] = [source_import.shop_id, kind, source_import.pk, timezone.now(), first, last]
                cursor.execute(CONTACTS.format(column=column, **names), contact)
        if merge:
            cursor.execute(chosen, [first, last])
            facts_merge(creator_ids=[row[0] for row in cursor.fetchall()])
    Import.objects.filter(pk=source_import.pk).update(
        created=F("created") + created,
        unchanged=F("unchanged") + unchanged,
        updated=F("updated") + total - created - unchanged,
    )

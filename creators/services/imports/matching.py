"""The second step of an import: which creator each row is about (DESIGN §3 creators, "Matching").

External id first, else handle. A known id under a new handle is a rename (unless the list is older than what we know);
a known handle with another id, or a handle that another creator holds, is a conflict that a person resolves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import UniqueConstraint

from core.jobs import advisory_lock
from core.models import Job
from creators.models import Creator, Import
from creators.services.imports.stage import MATCH_LOCK, match_table, stage_table

REPEATS_SHOWN = 1000
# From here on a list is large.
LARGE_ROWS = 50_000

# The last row of a file wins among those with one handle or one id.
REPEATS = """
CREATE TEMP TABLE repeats ON COMMIT DROP AS
SELECT row_number, max(last) AS kept FROM (
    SELECT s.row_number, d.last FROM {stage} s JOIN (
        SELECT market_id, handle, max(row_number) AS last FROM {stage} GROUP BY 1, 2 HAVING count(*) > 1
    ) d ON d.market_id = s.market_id AND d.handle = s.handle AND s.row_number < d.last
    UNION ALL
    SELECT s.row_number, d.last FROM {stage} s JOIN (
        SELECT market_id, external_id, max(row_number) AS last FROM {stage} WHERE external_id IS NOT NULL
        GROUP BY 1, 2 HAVING count(*) > 1
    ) d ON d.market_id = s.market_id AND d.external_id = s.external_id AND s.row_number < d.last
) found
GROUP BY row_number"""

MATCH = """
CREATE TABLE {match} AS
SELECT row_number, action,
       CASE action WHEN 'new' THEN nextval('creators_creator_id_seq') ELSE known_id END AS creator_id
FROM (
    SELECT s.row_number,
           CASE WHEN i.id IS NOT NULL AND h.id IS NULL AND s.as_of >= i.last_seen_on THEN 'rename'
                WHEN i.id <> h.id OR (i.id IS NULL AND s.external_id <> h.external_id) THEN 'conflict'
                WHEN coalesce(i.id, h.id, o.creator_id) IS NOT NULL THEN 'known'
                ELSE 'new' END AS action,
           CASE WHEN i.id <> h.id THEN h.id ELSE coalesce(i.id, h.id, o.creator_id) END AS known_id
    FROM {stage} s
    LEFT JOIN creators_creator i ON i.market_id = s.market_id AND i.external_id = s.external_id
    LEFT JOIN creators_creator h ON h.market_id = s.market_id AND h.handle = s.handle
    LEFT JOIN (
        -- An older list may still use the handle that a creator had then.
        SELECT DISTINCT ON (k.market_id, r.handle) k.market_id, r.handle, r.creator_id, r.until
        FROM creators_creatorhandle r JOIN creators_creator k ON k.id = r.creator_id
        ORDER BY k.market_id, r.handle, r.until DESC
    ) o ON o.market_id = s.market_id AND o.handle = s.handle AND s.external_id IS NULL AND s.as_of <= o.until
    WHERE NOT EXISTS (SELECT 1 FROM repeats r WHERE r.row_number = s.row_number)
) rows"""

# Two rows can name one creator by different words (its id and its old handle).
REPEATED_CREATORS = """
WITH gone AS (
    DELETE FROM {match} m USING (
        SELECT creator_id, max(row_number) AS last FROM {match} WHERE action <> 'conflict'
        GROUP BY creator_id HAVING count(*) > 1
    ) d
    WHERE m.creator_id = d.creator_id AND m.row_number < d.last AND m.action <> 'conflict'
    RETURNING m.row_number, d.last
)
INSERT INTO repeats SELECT * FROM gone"""

NEW_CREATORS = """
INSERT INTO creators_creator (id, market_id, handle, external_id, nickname, language, agency, first_seen_on,
                              last_seen_on, brought_by_id)
SELECT m.creator_id, s.market_id, s.handle, s.external_id, s.nickname, s.language, s.agency, s.as_of, s.as_of, {pk}
FROM {match} m JOIN {stage} s USING (row_number) WHERE m.action = 'new'"""

OLD_HANDLES = """
INSERT INTO creators_creatorhandle (creator_id, handle, replaced_by, until, source_import_id)
SELECT k.id, k.handle, s.handle, s.as_of, {pk}
FROM {match} m JOIN {stage} s USING (row_number) JOIN creators_creator k ON k.id = m.creator_id
WHERE m.action = 'rename'"""

RENAMES = """
UPDATE creators_creator k SET handle = s.handle
FROM {match} m JOIN {stage} s USING (row_number) WHERE m.action = 'rename' AND k.id = m.creator_id"""

IDS_AND_DAYS = """
UPDATE creators_creator k
SET external_id = coalesce(k.external_id, s.external_id), first_seen_on = least(k.first_seen_on, s.as_of)
FROM {match} m JOIN {stage} s USING (row_number)
WHERE m.action IN ('known', 'rename') AND k.id = m.creator_id
  AND ((k.external_id IS NULL AND s.external_id IS NOT NULL) OR s.as_of < k.first_seen_on)"""

CONFLICTS = """
INSERT INTO creators_creatorconflict (creator_id, source_import_id, row_number, handle, external_id, nickname, values,
                                      state, note)
SELECT m.creator_id, {pk}, s.row_number, s.handle, s.external_id, s.nickname, to_jsonb(s), 'open', ''
FROM {match} m JOIN {stage} s USING (row_number) WHERE m.action = 'conflict'"""


# What follows from each action; statements of actions that no row has are not run.
AFTERWARDS = (
    ({"rename"}, OLD_HANDLES),
    ({"rename"}, RENAMES),
    ({"known", "rename"}, IDS_AND_DAYS),
    ({"conflict"}, CONFLICTS),
)


def import_match(source_import: Import, job: Job) -> int:
    """Match every row, create the new creators, rename, keep conflicts; returns the number of rows to apply.

    One import matches at a time: two lists that bring the same creator find each other.
    """
    names = {"stage": stage_table(source_import), "match": match_table(source_import), "pk": source_import.pk}
    advisory_lock(MATCH_LOCK)
    with connection.cursor() as cursor:
        # Whole lists are compared here; they should not go to disk for it.
        cursor.execute("SET LOCAL work_mem = '192MB'")
        cursor.execute("DROP TABLE IF EXISTS {match}".format(**names))
        for statement in (REPEATS, MATCH, REPEATED_CREATORS):
            cursor.execute(statement.format(**names))
        cursor.execute("CREATE INDEX ON {match} (row_number)".format(**names))
        cursor.execute("CREATE INDEX ON {stage} (row_number)".format(**names))
        cursor.execute("ANALYZE {match}".format(**names))
        cursor.execute("SELECT action, count(*) FROM {match} GROUP BY action".format(**names))
        found: dict[str, int] = dict(cursor.fetchall())
        if "new" in found:
            with unique_rules_apart(found["new"]):
                cursor.execute(NEW_CREATORS.format(**names))
        for actions, statement in AFTERWARDS:
            if actions & found.keys():
                cursor.execute(statement.format(**names))
        cursor.execute("SELECT count(*) FROM repeats")
        repeats = int(cursor.fetchone()[0])
        job.result["repeats"] = _repeats_shown(cursor, names)
        cursor.execute("DROP TABLE repeats")
    conflicts = found.pop("conflict", 0)
    Import.objects.filter(pk=source_import.pk).update(repeats=repeats, conflicts=conflicts)
    job.save(update_fields=["result"])
    return sum(found.values())


@contextmanager
def unique_rules_apart(new: int) -> Iterator[None]:
    """The first large list finds the unique rules of creators taken off, and puts them back over all rows at once.

    Building an index over sorted rows is three times as fast as a million insertions. Creators cannot be read
    meanwhile, so this is only for lists that bring more creators than there are.
    """
    if new < LARGE_ROWS or new < Creator.objects.count():
        yield
        return
    rules = [rule for rule in Creator._meta.constraints if isinstance(rule, UniqueConstraint)]
    with connection.schema_editor() as editor:
        for rule in rules:
            editor.remove_constraint(Creator, rule)
    yield
    with connection.cursor() as cursor:
        # What inserted rows still have to be checked for is in the way of changing their table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor() as editor:
        for rule in rules:
            editor.add_constraint(Creator, rule)


def _repeats_shown(cursor: Any, names: dict[str, object]) -> list[dict[str, object]]:
    cursor.execute(
        "SELECT r.row_number, r.kept, s.handle FROM repeats r JOIN {stage} s USING (row_number)"
        " ORDER BY r.row_number LIMIT %s".format(**names),
        [REPEATS_SHOWN],
    )
    return [{"row": row, "kept": kept, "handle": handle} for row, kept, handle in cursor.fetchall()]

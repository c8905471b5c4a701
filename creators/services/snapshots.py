"""Old snapshots: the newest of each source and month is kept."""

from datetime import datetime, timedelta

from django.db import connection

# As long as an import can reasonably be undone, what it replaced must still be there.
UNDO_DAYS = 30

PRUNE = """
DELETE FROM creators_snapshot s USING creators_snapshot newer
WHERE newer.creator_id = s.creator_id AND newer.source = s.source
  AND date_trunc('month', newer.as_of) = date_trunc('month', s.as_of)
  AND (newer.as_of, newer.id) > (s.as_of, s.id)
  AND s.quality <> 0 AND newer.recorded_at < %s"""


def snapshots_prune(*, at: datetime) -> int:
    """Remove snapshots that a newer one of the same source and month has replaced for 30 days; returns how many.

    People's edits (quality 0) stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(PRUNE, [at - timedelta(days=UNDO_DAYS)])
        return int(cursor.rowcount)

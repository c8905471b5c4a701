"""What the ledger and the blacklist publish onto the facts, for filtering and sorting. Decisions never read it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from core.jobs import advisory_lock, advisory_lock_try
from creators.models import CreatorFacts
from creators.services.merge import FACTS, FACTS_LOCK

REPLACE = f"""
UPDATE {FACTS} f SET points = s.points, strikes = s.strikes, restricted_until = s.restricted_until,
    is_blacklisted = s.is_blacklisted
FROM (
    SELECT k.creator_id, t.points, t.strikes, t.restricted_until, t.is_blacklisted
    FROM (
        SELECT creator_id FROM {{table}}
        UNION
        SELECT creator_id FROM {FACTS}
        WHERE points IS NOT NULL OR strikes IS NOT NULL OR restricted_until IS NOT NULL OR is_blacklisted IS NOT NULL
    ) k LEFT JOIN {{table}} t USING (creator_id)
) s
WHERE f.creator_id = s.creator_id
  AND (f.points, f.strikes, f.restricted_until, f.is_blacklisted)
      IS DISTINCT FROM (s.points, s.strikes, s.restricted_until, s.is_blacklisted)"""


def standing_publish(*, creator_id: int, points: int, strikes: int, restricted_until: datetime | None) -> bool:
    """Write one creator's standing, in the caller's transaction; nothing is kept as NULL.

    False while all facts are being rebuilt: nobody waits for that, the sweep brings it in.
    """
    if not advisory_lock_try(FACTS_LOCK, shared=True):
        return False
    CreatorFacts.objects.filter(pk=creator_id).update(
        points=points or None, strikes=strikes or None, restricted_until=restricted_until
    )
    return True


def blacklist_publish(*, creator_ids: Sequence[int], is_blacklisted: bool) -> bool:
    """Mark creators as on the organisation's blacklist, or no longer. False while all facts are being rebuilt."""
    if not advisory_lock_try(FACTS_LOCK, shared=True):
        return False
    CreatorFacts.objects.filter(pk__in=creator_ids).order_by("pk").update(is_blacklisted=is_blacklisted or None)
    return True


def standings_replace(*, table: str) -> int:
    """Bring all facts up to a table of creator_id, points, strikes, restricted_until, is_blacklisted; returns changes.

    A creator who is not in the table has none. Alone with the facts, so that no merge is met half way.
    """
    advisory_lock(FACTS_LOCK)
    with connection.cursor() as cursor:
        cursor.execute(REPLACE.format(table=table))
        return int(cursor.rowcount)

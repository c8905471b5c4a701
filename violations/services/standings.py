"""The cache of what follows from the ledger: restrictions by creator, and the numbers on the facts for filtering."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from core.jobs import advisory_lock
from creators.services.merge import FACTS_LOCK
from creators.services.standings import standing_publish, standings_replace
from violations.models import Restriction
from violations.rules.restrictions import NEVER_ENDS, Standing, Withdrawal
from violations.selectors.standings import standing_of

# All that counts at %(at)s. Points and strikes of 0 are left out.
STANDINGS = """
CREATE TEMP TABLE violations_standings ON COMMIT DROP AS
WITH counting AS (
    SELECT id, creator_id, points, strike FROM violations_ledgerentry
    WHERE expires_at > %(at)s AND effective_at <= %(at)s AND recorded_at <= %(at)s
),
balances AS (SELECT creator_id, nullif(sum(points), 0)::smallint AS points FROM counting GROUP BY creator_id),
strikes AS (
    SELECT c.creator_id, count(*)::smallint AS strikes FROM counting c
    WHERE c.strike
      AND NOT EXISTS (SELECT 1 FROM violations_ledgerentry r WHERE r.answers_id = c.id AND r.recorded_at <= %(at)s)
      AND NOT EXISTS (
          SELECT 1 FROM violations_restriction r
          WHERE r.creator_id = c.creator_id AND r.cause = 'strikes' AND r.outcome <> 'overturned'
            AND c.id = ANY(r.spent)
      )
    GROUP BY c.creator_id
),
restricted AS (
    SELECT creator_id, max(coalesce(ends_at, %(never)s)) AS restricted_until FROM violations_restriction
    WHERE feature <> '' AND starts_at <= %(at)s AND (ends_at > %(at)s OR ends_at IS NULL) GROUP BY creator_id
),
blacklisted AS (
    SELECT DISTINCT k.id AS creator_id, true AS is_blacklisted
    FROM violations_blacklistentry b
    JOIN creators_creator named ON named.id = b.creator_id
    JOIN creators_creator k ON k.id = named.id OR k.person_id = named.person_id
    WHERE b.state = 'active' AND b.shop_id IS NULL
)
SELECT creator_id, points, strikes, restricted_until, is_blacklisted
FROM balances FULL JOIN strikes USING (creator_id) FULL JOIN restricted USING (creator_id)
    FULL JOIN blacklisted USING (creator_id)"""


@transaction.atomic
def standing_refresh(*, creator_id: int, at: datetime) -> Standing:
    """Bring the creator's restrictions and published numbers up to the ledger; whoever wrote an entry calls it."""
    found = standing_of(creator_id, at=at)
    restrictions_store(creator_id=creator_id, rows=found.withdrawals)
    standing_publish(
        creator_id=creator_id, points=found.balance, strikes=found.strikes, restricted_until=found.restricted_until
    )
    return found


def restrictions_store(*, creator_id: int, rows: Iterable[Withdrawal]) -> bool:
    """Replace the creator's stored restrictions when they are not these; returns whether they were replaced."""
    wanted = [restriction_of(creator_id, row) for row in rows]
    stored = list(Restriction.objects.filter(creator=creator_id).order_by("pk"))
    if [restriction_values(one) for one in stored] == [restriction_values(one) for one in wanted]:
        return False
    Restriction.objects.filter(pk__in=[one.pk for one in stored]).delete()
    Restriction.objects.bulk_create(wanted)
    return True


@transaction.atomic
def standings_sweep(*, at: datetime) -> int:
    """Publish what time changed: points and restrictions that ended. Returns how many creators' facts changed."""
    # Before the ledger is read: an entry that is logged meanwhile publishes itself or waits for the next sweep.
    advisory_lock(FACTS_LOCK)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(STANDINGS, {"at": at, "never": NEVER_ENDS})
        cursor.execute("ANALYZE violations_standings")
        changed = standings_replace(table="violations_standings")
        cursor.execute("DROP TABLE violations_standings")
    return changed


def restriction_of(creator_id: int, row: Withdrawal) -> Restriction:
    """The row that stores the withdrawal, not saved."""
    return Restriction(
        creator_id=creator_id,
        entry_id=row.event,
        cause=row.cause,
        threshold=row.threshold,
        feature=row.feature,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        planned_end_at=row.planned_end_at,
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        spent=list(row.spent),
    )


def restriction_values(one: Restriction) -> tuple[object, ...]:
    """Everything but creator and key, to compare."""
    times = (one.starts_at, one.ends_at, one.planned_end_at, one.outcome, one.outcome_at)
    return (one.entry_id, one.cause, one.threshold, one.feature, *times, one.spent)

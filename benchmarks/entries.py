"""A year of ledger for the load database, two entries a creator, written through the chain's own trigger.

Entries are recorded in order of time; every hundredth creator has dozens, mostly of one rule; one violation in fifty is
reversed. Texts, notices, appeals, restrictions and the blacklist go with them.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice

CHUNK = 100_000
# Chains are independent: two writers, each with every second creator.
HALVES = 2
# The plans of the trigger's queries are kept in the session: made on empty tables, they would read whole ones.
FIRST_CHUNK = 2_000
BATCH = 5_000
# How often each severity is logged, in percent.
SHARES = {"minor": 40, "moderate": 30, "major": 20, "critical": 8, "extreme": 2}
# Foreign keys are not checked row by row (their triggers rest for replicas); the chain's triggers never rest.
SETTINGS = "SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off"

# One violation in fifty is followed by its reversal within ten days, if that is over.
STAGE = """
DROP TABLE IF EXISTS bench_entry;
CREATE UNLOGGED TABLE bench_entry AS
WITH drawn AS MATERIALIZED (
    SELECT n, CASE WHEN is_often THEN 100 * (1 + floor(random() * (%(creators)s / 100)))
                   ELSE 1 + floor(random() * %(creators)s) END::bigint AS creator_id,
        is_often AND random() < 0.7 AS is_same,
        %(at)s - interval '8760 hours' * random() AS recorded_at,
        interval '120 hours' * random() AS late, random() < 0.02 AS is_reversed,
        interval '240 hours' * random() AS answered_after
    FROM (SELECT n, random() < 0.1 AS is_often FROM generate_series(1, %(entries)s) n) drawn
),
events AS (
    SELECT n, 'violation' AS kind, creator_id, recorded_at, recorded_at - late AS effective_at,
        (%(picks)s::bigint[])[1 + CASE WHEN is_same THEN creator_id / 100 %% 100 ELSE n * 37 %% 100 END] AS rule_id
    FROM drawn
    UNION ALL
    SELECT n, 'reversal', creator_id, recorded_at + answered_after, recorded_at + answered_after, NULL
    FROM drawn WHERE is_reversed AND recorded_at + answered_after < %(at)s
)
SELECT row_number() OVER (ORDER BY recorded_at, n) AS id, *,
    'https://www.tiktok.com/@bench/video/' || 7000000000000000000 + n AS link
FROM events"""
STAGE_READY = """
CREATE INDEX ON bench_entry (id);
ALTER TABLE bench_entry ADD answers_id bigint, ADD digest text;
UPDATE bench_entry e SET answers_id = v.id FROM bench_entry v
WHERE e.kind = 'reversal' AND v.kind = 'violation' AND v.n = e.n;
UPDATE bench_entry SET digest = encode(sha256(convert_to(md5(id::text) || E'\\n' || CASE kind
    WHEN 'violation' THEN '["Please mend it.", "", "' || link || '", "", []]'
    ELSE '["", "", "", "Somebody else did it.", []]' END, 'UTF8')), 'hex');
ANALYZE bench_entry"""

ENTRIES = f"""
INSERT INTO violations_ledgerentry (id, creator_id, sequence, kind, recorded_at, recorded_by_id, effective_at,
    expires_at, points, strike, severity, rule_id, rule_code, book_label, judged_by_id, answers_id, reversal_kind,
    measure, features, details_digest, previous_hash, hash)
OVERRIDING SYSTEM VALUE
SELECT e.id, e.creator_id, 0, e.kind, e.recorded_at, %(by)s, e.effective_at,
    coalesce(v.effective_at, e.effective_at) + interval '2160 hours',
    CASE WHEN v.id IS NULL THEN r.points ELSE -r.points END, v.id IS NULL AND r.strike, r.severity, r.id, r.code,
    %(label)s, %(book)s, v.id, CASE WHEN v.id IS NULL THEN '' ELSE 'own_mistake' END, '', '{{}}', e.digest, '', ''
FROM bench_entry e LEFT JOIN bench_entry v ON v.id = e.answers_id
    JOIN violations_rule r ON r.id = coalesce(v.rule_id, e.rule_id)
WHERE e.id BETWEEN %(first)s AND %(last)s AND e.creator_id %% {HALVES} = %(half)s ORDER BY e.id"""

DETAILS = """
INSERT INTO violations_entrydetails
    (entry_id, salt, note, internal_note, content_link, content_key, reason, evidence_sha256)
SELECT id, md5(id::text), CASE kind WHEN 'violation' THEN 'Please mend it.' ELSE '' END, '',
    CASE kind WHEN 'violation' THEN link ELSE '' END,
    CASE kind WHEN 'violation' THEN 'tiktok:' || 7000000000000000000 + n ELSE '' END,
    CASE kind WHEN 'violation' THEN '' ELSE 'Somebody else did it.' END, '{}'
FROM bench_entry WHERE id BETWEEN %(first)s AND %(last)s"""

# Every second creator was told. One in fifty answered; the answers of the last fifteen days wait, some too long.
OTHERS = """
INSERT INTO violations_notice
    (entry_id, channel, state, address, language, subject, body, created_by_id, created_at, given_at, error)
SELECT id, 'mail', 'sent', 'bench@mail.example', 'en', 'Notice', 'Please mend it.', %(by)s, recorded_at, recorded_at, ''
FROM bench_entry WHERE kind = 'violation' AND n %% 2 = 0;

INSERT INTO violations_appeal (entry_id, number, state, statement, filed_by_id, filed_at, due_at, decided_by_id,
    decided_at, decision)
SELECT id, 1, CASE WHEN is_open THEN 'submitted' ELSE 'upheld' END, 'It was not so.', %(by)s, recorded_at,
    recorded_at + interval '336 hours', CASE WHEN NOT is_open THEN %(second)s END,
    CASE WHEN NOT is_open THEN recorded_at + interval '96 hours' END, CASE WHEN is_open THEN '' ELSE 'It was.' END
FROM (
    SELECT id, recorded_at, recorded_at > %(at)s - interval '360 hours' AS is_open
    FROM bench_entry WHERE kind = 'violation' AND n %% 100 = 0
) answered;

INSERT INTO violations_blacklistentry (creator_id, state, reason, proposed_by_id, proposed_at, decided_by_id,
    decided_at, decision_note, removal_reason)
SELECT n * 500, 'active', 'Copies.', %(by)s, %(at)s, %(second)s, %(at)s, '', ''
FROM generate_series(1, %(creators)s / 500) n;

SELECT setval(pg_get_serial_sequence('violations_ledgerentry', 'id'), max(id)) FROM bench_entry"""

TABLES = (
    "violations_ledgerentry, violations_ledgerhead, violations_entrydetails, violations_appeal, violations_notice,"
    " violations_restriction, violations_blacklistentry"
)


def entries_fill(creators: int, *, at: datetime, by: int, second: int, say: Callable[[str], None]) -> dict[str, float]:
    """Write twice as many violations as creators and what goes with them; rows and seconds of the steps.

    `by` logs, `second` decides: keys of users. `say` gets a line a step.
    """
    from violations.models import RuleBook

    book = RuleBook.objects.published().get(is_computed=True)
    picks = [rule for severity, share in SHARES.items() for rule in _spread(book, severity, share)]
    values = {"creators": creators, "entries": 2 * creators, "at": at, "by": by, "second": second, "book": book.pk}
    values |= {"label": str(book), "picks": picks}
    start = time.perf_counter()
    _execute("SELECT setseed(0.4)", STAGE, STAGE_READY, values=values)
    total = _execute("SELECT count(*) FROM bench_entry")
    say(f"  {total:,} entries invented in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    with ThreadPoolExecutor(HALVES) as pool:
        for first, last in _parts(total):
            part = values | {"first": first, "last": last}
            list(pool.map(lambda half, part=part: _insert(part | {"half": half}), range(HALVES)))
            if first == 1:
                _execute("ANALYZE violations_ledgerhead, violations_ledgerentry")
    inserted = time.perf_counter() - start
    say(f"  inserted in {inserted:.1f} s")
    start = time.perf_counter()
    for first, last in _parts(total):
        _execute(SETTINGS, DETAILS, values=values | {"first": first, "last": last})
    _execute(SETTINGS, OTHERS, values=values)
    _execute(f"ANALYZE {TABLES}")
    say(f"  texts, notices, appeals in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    replayed = _replay()
    seconds = time.perf_counter() - start
    say(f"  restrictions in {seconds:.1f} s")
    _execute("DROP TABLE bench_entry")
    _vacuum()
    return {"entries": total, "inserted": inserted, "creators": replayed, "replayed": seconds}


def _spread(book: object, severity: str, share: int) -> list[int]:
    from violations.models import Rule

    rules = list(Rule.objects.filter(book=book, severity=severity).values_list("pk", flat=True))
    return [rules[number % len(rules)] for number in range(share)]


def _parts(total: int) -> Iterator[tuple[int, int]]:
    yield 1, min(FIRST_CHUNK, total)
    for first in range(FIRST_CHUNK + 1, total + 1, CHUNK):
        yield first, min(first + CHUNK - 1, total)


def _insert(values: dict[str, object]) -> None:
    """Write a part of every second chain, over a connection of its own."""
    from django.db import connection

    try:
        _execute(SETTINGS, ENTRIES, values=values)
    finally:
        connection.close()


def _replay() -> int:
    """Store the restrictions that the ledger brings about; returns the creators."""
    from django.db import connection

    from creators.services.processes import process_pool
    from violations.models import LedgerHead

    database = connection.settings_dict["NAME"]
    heads = LedgerHead.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    creators = 0
    with process_pool(HALVES) as pool:
        waiting = []
        while ids := list(islice(heads, BATCH)):
            creators += len(ids)
            waiting.append(pool.submit(replay_part, database, ids))
        for done in waiting:
            done.result()
    return creators


def replay_part(database: str, creator_ids: Sequence[int]) -> None:
    """Store the restrictions of these creators, as `restriction_of` writes them."""
    from creators.services.load_data import database_use
    from violations.models import Restriction
    from violations.rules.restrictions import withdrawals
    from violations.selectors.standings import books_of, events_of
    from violations.services.standings import restriction_of

    database_use(database)
    books = books_of()
    events = events_of(creator_ids).items()
    Restriction.objects.bulk_create(
        restriction_of(creator_id, row) for creator_id, mine in events for row in withdrawals(mine, books)
    )


def _execute(*statements: str, values: dict[str, object] | Sequence[object] | None = None) -> int:
    """Run the statements in one transaction; the first number of the last one, 0 when it returns nothing."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values if "%(" in statement else None)
        return int(cursor.fetchone()[0]) if cursor.description else 0


def _vacuum() -> None:
    """As the autovacuum would have done in a year."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {TABLES}")

"""How long the ledger takes at two entries a creator: logging, the desk, the sweep, the proofs, a statement."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.common import (
    Row,
    at_least,
    at_most,
    load_database,
    measure,
    median,
    p95,
    plain,
    statements_of,
    statements_run,
)
from benchmarks.entries import entries_fill

BENCH = "ledger"
LOG_LIMIT_MS, DESK_LIMIT_MS, SWEEP_LIMIT_S, VERIFY_LIMIT = 60, 200, 10, 100_000
LOGS, REPEATS, SWEEPS, COLD = 301, 41, 7, 21
# What ops ask of the desk, from the plainest to the widest.
DESK = {
    "ops desk": "",
    "ops desk, one market": "market=US",
    "ops desk, critical ones that count": "severity=critical&severity=extreme&state=counting",
    "ops desk, reversed ones of a year": "state=reversed&period=365",
    "ops desk, one rule at any time": "rule=late_content&period=all",
    "ops desk, one creator at any time": "creator={handle}&period=all",
}
BALANCES = """
SELECT creator_id, sum(points) FROM violations_ledgerentry
WHERE expires_at > %s AND effective_at <= %s AND recorded_at <= %s GROUP BY creator_id"""
# What the proof must at least do: hash a text of every entry.
HASHES = "SELECT count(*) FROM violations_ledgerentry WHERE encode(sha256(details_digest::bytea), 'hex') = hash"
ENTRY = """
INSERT INTO violations_ledgerentry (creator_id, sequence, kind, recorded_at, recorded_by_id, effective_at, expires_at,
    points, strike, severity, rule_id, rule_code, book_label, judged_by_id, shop_id, answers_id, reversal_kind, measure,
    features, ends_at, details_digest, previous_hash, hash)
SELECT %s, 0, kind, %s, recorded_by_id, %s, %s::timestamptz + interval '2160 hours', points, strike, severity, rule_id,
    rule_code, book_label, judged_by_id, NULL, NULL, '', '', '{}', NULL, details_digest, '', ''
FROM violations_ledgerentry WHERE kind = 'violation' LIMIT 1 RETURNING id"""
DETAILS = """
INSERT INTO violations_entrydetails
    (entry_id, salt, note, internal_note, content_link, content_key, reason, evidence_sha256)
VALUES (%s, '', 'Please mend it.', '', '', '', '', '{}')"""


def run(size: int) -> list[Row]:
    """Everything in the load database, whose creators get their ledger first."""
    from django.utils import timezone

    with load_database():
        at = timezone.now()
        rows = _filled(size, at)
        rows += _sweeps(size, at)
        rows += _proofs(size)
        rows += _desk(size)
        rows += _statements(size)
        rows += _logs(size)
        return rows


def _filled(size: int, at: datetime) -> list[Row]:
    """The ledger, unless an earlier run has left it (--keep)."""
    from accounts.models import User
    from accounts.services import user_create
    from violations.models import LedgerEntry
    from violations.services.rulebooks import rulebooks_load

    rulebooks_load(at=at)
    if LedgerEntry.objects.exists():
        return []
    by, second = (
        User.objects.filter(email=f"{name}@demo.example").first()
        or user_create(email=f"{name}@demo.example", name=name, role="ops", by=None)
        for name in ("ops", "second")
    )
    filled = entries_fill(size, at=at, by=by.pk, second=second.pk, say=partial(print, flush=True))
    entries, creators = int(filled["entries"]), int(filled["creators"])
    name = "INSERT … SELECT through the chain's trigger"
    return [
        plain(BENCH, name, entries, "speed", entries / filled["inserted"], "entries/s"),
        plain(BENCH, "restrictions of whole histories", creators, "speed", creators / filled["replayed"], "creators/s"),
    ]


def _sweeps(size: int, at: datetime) -> list[Row]:
    """The first sweep publishes everything, the next ones what five minutes changed, the last ones a week's changes."""
    from violations.services.standings import standings_sweep

    first, published = _timed(lambda: standings_sweep(at=at))
    # As the autovacuum would do.
    statements_run([("VACUUM (ANALYZE) creators_creatorfacts", None)])
    often = [_timed(partial(standings_sweep, at=one)) for one in _moments(at, timedelta(minutes=5))]
    weekly = [_timed(partial(standings_sweep, at=one)) for one in _moments(at, timedelta(days=7))]
    standings_sweep(at=at)
    bare = measure(lambda: statements_run([(BALANCES, [at, at, at])]), repeats=SWEEPS)
    changed = max(count for _seconds, count in weekly)
    name = f"sweep after a week without, {changed:,} creators"
    return [
        plain(BENCH, f"first sweep, {published:,} creators", size, "time", first, "s"),
        at_most(BENCH, "sweep, every five minutes", size, "median", _middle(often), "s", SWEEP_LIMIT_S),
        at_most(BENCH, name, size, "median", _middle(weekly), "s", SWEEP_LIMIT_S),
        plain(BENCH, "bare SQL: balances of everybody", size, "median", median(bare) / 1000, "s"),
    ]


def _moments(at: datetime, step: timedelta) -> list[datetime]:
    return [at + step * number for number in range(1, SWEEPS + 1)]


def _middle(timed: list[tuple[float, Any]]) -> float:
    return median([seconds for seconds, _count in timed])


def _proofs(size: int) -> list[Row]:
    from violations.services.verification import ledger_verify

    entries = ledger_verify().entries
    report = ledger_verify()
    assert report.broken == [], report.broken[:3]
    speed = entries * 1000 / median(measure(ledger_verify, repeats=7))
    bare = entries * 1000 / median(measure(lambda: statements_run([(HASHES, None)]), repeats=7))
    return [
        at_least(BENCH, "verify_ledger", entries, "speed", speed, "entries/s", VERIFY_LIMIT),
        plain(BENCH, "bare SQL: one hash an entry", entries, "speed", bare, "entries/s"),
    ]


def _desk(size: int) -> list[Row]:
    """The desk's page as ops get it, with what is kept for a minute; and the first visit of a minute."""
    client = _client()
    handle = _heads(size)[-1].creator.handle
    rows = []
    for name, query in DESK.items():
        rows += _page(name, size, client, f"/violations/?{query.format(handle=handle)}", DESK_LIMIT_MS)
    rows += _visits("ops desk, first visit of a minute", size, client, _keep_older, DESK_LIMIT_MS)
    return [*rows, *_visits("ops desk, nothing kept", size, client, lambda: None, None)]


def _visits(name: str, size: int, client: Any, prepare: Callable[[], None], limit: float | None) -> list[Row]:
    """Visits of which each finds an empty cache that is prepared."""
    from django.core.cache import cache

    times = []
    for _repeat in range(COLD):
        cache.clear()
        prepare()
        times.append(_timed(lambda: _get(client, "/violations/"))[0] * 1000)
    return _rows(name, size, sorted(times), limit)


def _keep_older() -> None:
    """What is kept for longer than a minute: the weeks that are over, and the repeat offenders of a minute ago."""
    from django.core.cache import cache
    from django.utils import timezone

    from violations.selectors.trends import offenders_of, weekly_counts

    now = timezone.now()
    offenders_of(at=now - timedelta(seconds=61))
    monday = max(weekly_counts(at=now))
    cache.delete(f"desk.week.{timezone.get_current_timezone_name()}.{monday.isoformat()}")


def _heads(size: int) -> list[Any]:
    """The chain of somebody with two entries, and the longest one."""
    from violations.models import LedgerHead

    heads = LedgerHead.objects.select_related("creator__market")
    usual = heads.filter(sequence=2, pk__gte=size // 2).order_by("pk")[0]
    return [usual, heads.order_by("-sequence", "pk")[0]]


def _statements(size: int) -> list[Row]:
    """The statement of a creator with two entries, and of the one with the most: read alone, and on the profile."""
    from django.utils import timezone

    from violations.selectors.statement import statement_of

    client, rows = _client(), list[Row]()
    for head in _heads(size):
        read = partial(statement_of, head.creator, at=timezone.now())
        times = measure(read, repeats=REPEATS)
        name = f"statement of {head.sequence} entries"
        rows += _rows(name, size, times, None)
        path = f"/creators/{head.creator_id}/?panel=violations"
        rows += _page(f"{name}, the page", size, client, path, None)
    return rows


def _page(name: str, size: int, client: Any, path: str, limit: float | None) -> list[Row]:
    _get(client, path)
    statements = statements_of(lambda: _get(client, path))
    times = measure(lambda: _get(client, path), repeats=REPEATS)
    bare = measure(lambda: statements_run(statements), repeats=REPEATS)
    return [
        *_rows(name, size, times, limit),
        plain(BENCH, name, size, "bare SQL median", median(bare), "ms"),
        plain(BENCH, name, size, "queries", len(statements), ""),
    ]


def _rows(name: str, size: int, times: list[float], limit: float | None) -> list[Row]:
    """Median and 95 % of sorted times; the limit is for the 95 %."""
    slow = partial(at_most, limit=limit) if limit else plain
    return [
        plain(BENCH, name, size, "median", median(times), "ms"),
        slow(BENCH, name, size, "95 %", p95(times), "ms"),
    ]


def _logs(size: int) -> list[Row]:
    """Logging in transactions of their own, beside the bare two rows; every fifth creator has a long history."""
    from accounts.models import User
    from accounts.services import token_create
    from creators.models import Creator

    chosen = _chosen(size)
    creators = Creator.objects.select_related("market").in_bulk(chosen)
    by = User.objects.get(email="ops@demo.example")
    waiting = (creators[pk] for pk in chosen)
    rules = _rules()
    client = _client(HTTP_AUTHORIZATION=f"Bearer {token_create(user=by, name='benchmark', by=None).secret}")
    times = measure(lambda: _log(next(waiting), next(rules), by), repeats=LOGS)
    over_api = measure(lambda: _post(client, next(waiting), next(rules)), repeats=LOGS)
    bare = measure(lambda: _bare_log(next(waiting).pk), repeats=LOGS)
    return [
        *_rows("log a violation", size, times, LOG_LIMIT_MS),
        *_rows("log a violation by the API", size, over_api, LOG_LIMIT_MS),
        plain(BENCH, "bare SQL: entry and texts", size, "95 %", p95(bare), "ms"),
    ]


def _chosen(size: int) -> list[int]:
    rng = random.Random(7)
    count = 3 * (LOGS + 1)
    long = rng.sample(range(100, size + 1, 100), count // 5)
    others = rng.sample(range(1, size + 1), count - len(long))
    chosen = [*long, *others]
    rng.shuffle(chosen)
    return chosen


def _rules() -> Iterator[str]:
    """Codes of rules, the mild ones more often."""
    while True:
        yield from ("late_content", "absolute_claim", "late_content", "medical_claim", "absolute_claim", "spam")


def _log(creator: Any, rule: str, by: Any) -> None:
    from django.utils import timezone

    from violations.services.ledger import violation_log

    at = timezone.now()
    violation_log(
        creator=creator, rule_code=rule, effective_at=at, content_link=_link(creator), note="Mend it.", by=by, at=at
    )


def _post(client: Any, creator: Any, rule: str) -> None:
    from django.utils import timezone

    effective_at = timezone.now().isoformat()
    data = {"creator": creator.pk, "rule": rule, "effective_at": effective_at, "content_link": _link(creator)}
    response = client.post("/api/v1/violations/", data, content_type="application/json")
    assert response.status_code == 201, response.content[:500]


def _link(creator: Any) -> str:
    """A link that nobody has named yet."""
    return f"https://www.tiktok.com/@{creator.handle}/video/{time.time_ns()}"


def _bare_log(creator: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    at = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENTRY, [creator, at, at, at])
        cursor.execute(DETAILS, cursor.fetchone())


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _client(**headers: str) -> Any:
    from django.test import Client

    from accounts.models import User

    client = Client(HTTP_HOST="localhost", **headers)
    if headers:
        return client
    client.force_login(User.objects.get(email="ops@demo.example"))
    return client


def _get(client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.content[:500]

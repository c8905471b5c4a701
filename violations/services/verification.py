"""Proofs that nobody rewrote the ledger, and that the stored restrictions are what it says.

The hashes are computed by an expression of their own: a changed `violations_entry_hash` would deceive the database's
trigger, not this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction

from violations.models import Evidence, LedgerEntry, LedgerHead, Restriction
from violations.rules.restrictions import withdrawals
from violations.rules.sealing import details_digest
from violations.selectors.standings import books_of, events_of
from violations.services.standings import restriction_of, restriction_values, restrictions_store

# Broken chains and differences that a report names; more are not looked for.
MOST = 1000
BATCH = 2000
T = TypeVar("T")

MICROS = "coalesce((extract(epoch FROM e.{}) * 1000000)::bigint::text, '')"
PAYLOAD = f"""concat_ws('|', e.previous_hash, 'v1', e.id, e.creator_id, e.sequence, e.kind,
    {MICROS.format("recorded_at")}, e.recorded_by_id, {MICROS.format("effective_at")}, {MICROS.format("expires_at")},
    e.points, e.strike, e.severity, coalesce(e.rule_id::text, ''), e.rule_code, e.book_label, e.judged_by_id,
    coalesce(e.shop_id::text, ''), coalesce(e.answers_id::text, ''), e.reversal_kind, e.measure,
    array_to_string(e.features, ','), {MICROS.format("ends_at")}, e.details_digest)"""
# The first entry of each chain whose contents are not those that were hashed. Materialized: read in any order, on all
# cores, and sorted afterwards.
CHANGED = f"""
WITH changed AS MATERIALIZED (
    SELECT e.creator_id, e.sequence, e.id FROM violations_ledgerentry e
    WHERE e.hash <> encode(sha256(convert_to({PAYLOAD}, 'UTF8')), 'hex')
)
SELECT DISTINCT ON (creator_id) * FROM changed ORDER BY creator_id, sequence LIMIT {MOST}"""
# The first place of each chain where an entry does not follow the one before it, or the head is not at the end.
UNLINKED = f"""
SELECT DISTINCT ON (creator_id) creator_id, sequence, id, before, follows, head_sequence FROM (
    SELECT creator_id, e.sequence, e.id, e.hash, h.sequence AS head_sequence, h.tip,
        lag(e.sequence, 1, 0) OVER chain AS before,
        e.previous_hash = lag(e.hash, 1, repeat('0', 64)::varchar) OVER chain AS follows,
        lead(e.sequence) OVER chain IS NULL AS is_last
    FROM violations_ledgerentry e FULL JOIN violations_ledgerhead h USING (creator_id)
    WINDOW chain AS (PARTITION BY creator_id ORDER BY e.sequence)
) links
WHERE (sequence IS NOT NULL AND (sequence <> before + 1 OR NOT follows))
   OR (is_last AND (coalesce(sequence, 0), coalesce(hash, repeat('0', 64))) IS DISTINCT FROM (head_sequence, tip))
ORDER BY creator_id, sequence LIMIT {MOST}"""


class Problem(StrEnum):
    """What is wrong with a link; of one entry the first of these is named."""

    GAP = "gap"
    HASH = "hash"
    PREVIOUS_HASH = "previous_hash"
    TAIL = "tail"
    HEAD = "head"
    DETAILS = "details"
    DETAILS_MISSING = "details_missing"


# They continue the entry's name.
SENTENCES: dict[Problem, str] = {
    Problem.HASH: "its contents are not those that were hashed: the entry was changed",
    Problem.PREVIOUS_HASH: "it does not follow the entry before it: that one was replaced, or the link was changed",
    Problem.GAP: "entries before it are missing",
    Problem.TAIL: "entries after it are missing: the head of the chain is further on",
    Problem.HEAD: "the head of the chain names another last entry",
    Problem.DETAILS: "its texts or files are not those that were sealed",
    Problem.DETAILS_MISSING: "its texts are missing, and nobody erased them",
}


@dataclass(frozen=True)
class BrokenLink:
    """Where a chain breaks; `sequence` 0 without an entry is a chain of which every entry is gone."""

    creator_id: int
    sequence: int
    entry_id: int | None
    problem: Problem

    def __str__(self) -> str:
        case = f"V-{self.entry_id}" if self.entry_id else "No entry"
        return f"{case}, creator {self.creator_id}, sequence {self.sequence}: {SENTENCES[self.problem]}."


@dataclass(frozen=True)
class LedgerReport:
    """How much was checked, and the first broken link of each broken chain, in order of creator."""

    entries: int
    chains: int
    broken: list[BrokenLink]


@dataclass(frozen=True)
class Difference:
    """A creator whose stored restrictions are not what the ledger says, each restriction in words."""

    creator_id: int
    missing: list[str]
    surplus: list[str]


@dataclass(frozen=True)
class RestrictionReport:
    """How many creators were recomputed, and those that differ."""

    creators: int
    differences: list[Difference]


@transaction.atomic
def ledger_verify(*, with_details: bool = False) -> LedgerReport:
    """Check every chain: contents against hashes, links, gaps and heads; with details also texts and files.

    Of each broken chain the first broken link is named; of details every one, up to 1,000.
    """
    first: dict[int, BrokenLink] = {}
    with connection.cursor() as cursor:
        # Nearly no row comes out of the check of contents, which the planner cannot know: all cores are worth it.
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL parallel_tuple_cost = 0")
        cursor.execute(CHANGED)
        found = [BrokenLink(creator, sequence, pk, Problem.HASH) for creator, sequence, pk in cursor.fetchall()]
        cursor.execute(UNLINKED)
        found += [_unlinked(*row) for row in cursor.fetchall()]
    for link in sorted(found, key=_place):
        first.setdefault(link.creator_id, link)
    broken = list(first.values()) + (list(islice(_details_broken(), MOST)) if with_details else [])
    return LedgerReport(LedgerEntry.objects.count(), LedgerHead.objects.count(), sorted(broken, key=_place))


def restrictions_verify(*, repair: bool = False) -> RestrictionReport:
    """Recompute every creator's whole history and compare it with the stored rows; `repair` rewrites what differs."""
    creators, differences = 0, list[Difference]()
    for ids in _batches(_with_ledger(), BATCH):
        creators += len(ids)
        for creator_id in _differing(ids):
            # Once more under the lock: somebody may have logged in between.
            difference = _difference(creator_id, repair=repair)
            if difference and len(differences) < MOST:
                differences.append(difference)
    return RestrictionReport(creators, differences)


def _place(link: BrokenLink) -> tuple[int, int, int]:
    return link.creator_id, link.sequence, list(Problem).index(link.problem)


def _unlinked(
    creator_id: int, sequence: int | None, pk: int | None, before: int, follows: bool | None, head: int | None
) -> BrokenLink:
    if sequence is not None and sequence != before + 1:
        problem = Problem.GAP
    elif sequence is not None and not follows:
        problem = Problem.PREVIOUS_HASH
    else:
        problem = Problem.TAIL if (head or 0) > (sequence or 0) else Problem.HEAD
    return BrokenLink(creator_id, sequence or 0, pk, problem)


def _details_broken() -> Iterator[BrokenLink]:
    """Entries whose details are gone, or not those that the digest seals; erased ones are left out."""
    names = ("salt", "note", "internal_note", "content_link", "reason")
    columns = ["pk", "creator_id", "sequence", "details_digest", "details__erased_at", "details__evidence_sha256"]
    columns += [f"details__{name}" for name in names]
    entries = LedgerEntry.objects.filter(details__erased_at=None).order_by("pk").values_list(*columns)
    for rows in _batches(entries.iterator(chunk_size=BATCH), BATCH):
        files = _evidence_of([row[0] for row in rows])
        for pk, creator_id, sequence, digest, _erased_at, evidence, *texts in rows:
            if evidence is None:
                yield BrokenLink(creator_id, sequence, pk, Problem.DETAILS_MISSING)
            elif evidence != files.get(pk, []) or digest != details_digest(
                evidence=evidence, **dict(zip(names, texts, strict=True))
            ):
                yield BrokenLink(creator_id, sequence, pk, Problem.DETAILS)


def _evidence_of(entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """The SHA-256 of the files of each entry, in order."""
    found: dict[int, list[str]] = {}
    rows = Evidence.objects.filter(entry__in=entry_ids).order_by("pk").values_list("entry_id", "file__sha256")
    for entry_id, sha256 in rows:
        found.setdefault(entry_id, []).append(sha256)
    return found


def _with_ledger() -> Iterator[int]:
    """Creators with a chain, and those with restrictions but none."""
    heads = LedgerHead.objects.order_by("pk").values_list("pk", flat=True)
    yield from heads.iterator(chunk_size=BATCH)
    orphans = Restriction.objects.exclude(creator__in=LedgerHead.objects.values("pk"))
    yield from orphans.order_by("creator").values_list("creator_id", flat=True).distinct()


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _differing(creator_ids: Sequence[int]) -> list[int]:
    """Creators whose stored restrictions are not the recomputed ones."""
    books, events = books_of(), events_of(creator_ids)
    stored: dict[int, list[Any]] = {pk: [] for pk in creator_ids}
    for row in Restriction.objects.filter(creator__in=creator_ids).order_by("pk"):
        stored[row.creator_id].append(restriction_values(row))
    return [
        pk
        for pk in creator_ids
        if stored[pk] != [restriction_values(restriction_of(pk, row)) for row in withdrawals(events.get(pk, []), books)]
    ]


@transaction.atomic
def _difference(creator_id: int, *, repair: bool) -> Difference | None:
    """What differs while nobody can write an entry of the creator."""
    LedgerHead.objects.select_for_update().filter(pk=creator_id).first()
    rows = withdrawals(events_of([creator_id]).get(creator_id, []), books_of())
    wanted = [_words(restriction_of(creator_id, row)) for row in rows]
    stored = [_words(row) for row in Restriction.objects.filter(creator=creator_id).order_by("pk")]
    if repair:
        restrictions_store(creator_id=creator_id, rows=rows)
    if wanted == stored:
        return None
    return Difference(
        creator_id, [one for one in wanted if one not in stored], [one for one in stored if one not in wanted]
    )


def _words(row: Restriction) -> str:
    """A restriction in one line, with everything that is stored of it."""
    cause = row.cause if row.threshold is None else f"{row.cause} {row.threshold}"
    spent = f", spent {', '.join(f'V-{pk}' for pk in row.spent)}" if row.spent else ""
    outcome = f", {row.outcome} {_time(row.outcome_at)}" if row.outcome else ""
    planned = f" (planned {_time(row.planned_end_at)})" if row.planned_end_at != row.ends_at else ""
    span = f"{_time(row.starts_at)} to {_time(row.ends_at)}{planned}"
    return f"{row.feature or 'warning'} by {cause} of V-{row.entry_id}, {span}{outcome}{spent}"


def _time(at: datetime | None) -> str:
    return "no end" if at is None else at.isoformat()

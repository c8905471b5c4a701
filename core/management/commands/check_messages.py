"""Check that every visible string of the source has its translation."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LOCALE = "zh_Hans"
# Folders without visible strings.
WITHOUT_STRINGS = {"benchmarks", "docs", "node_modules", "staticfiles", "tests"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Command(BaseCommand):
    help = "Fail when a string of the source is missing from the catalogue, untranslated or fuzzy. Needs gettext."

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is missing: install it (apt install gettext).")
        with tempfile.TemporaryDirectory() as folder:
            catalogue = _collect(settings.BASE_DIR, Path(folder))
        problems = [f"{problem}: {entry.msgid!r}" for entry in catalogue for problem in entry_problems(entry)]
        for line in problems:
            self.stderr.write(line)
        if problems:
            raise CommandError(f"{len(problems)} strings need a translation in locale/{LOCALE}.")
        self.stdout.write(f"All {len(catalogue)} strings are translated.")


def entry_problems(entry: polib.POEntry) -> list[str]:
    """What is wrong with one entry of the merged catalogue; empty when nothing is."""
    if entry.obsolete:
        return []
    if not entry.translated() or entry.fuzzy:
        return ["fuzzy" if entry.fuzzy else "not translated"]
    known = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
    # A translated plural may leave a placeholder out, but never invent one.
    return ["unknown placeholder"] if any(set(PLACEHOLDER.findall(text)) - known for text in texts) else []


def _collect(root: Path, target: Path) -> polib.POFile:
    """The catalogue merged with the strings of a copy of the source: the checkout itself stays as it is."""
    for folder in root.iterdir():
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in WITHOUT_STRINGS:
            shutil.copytree(folder, target / folder.name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    (target / "locale").mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", LOCALE, "--no-wrap", "--verbosity=0"]
    done = subprocess.run(command, cwd=target, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError(done.stderr.strip())
    return polib.pofile(str(target / "locale" / LOCALE / "LC_MESSAGES" / "django.po"))

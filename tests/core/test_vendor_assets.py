import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from core.management.commands.vendor_assets import ICONS, PACKAGES, checksum, sprite

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
VERSIONS = json.loads((STATIC / "vendor" / "versions.json").read_text())


@pytest.mark.parametrize("row", VERSIONS, ids=lambda row: row["name"])
def test_files_are_the_recorded_ones(row):
    for name, digest in row["files"].items():
        assert checksum(STATIC / "vendor" / name) == digest, name


def test_every_file_is_recorded():
    recorded = {name for row in VERSIONS for name in row["files"]} | {"versions.json", "../icons.svg"}
    assert {path.name for path in (STATIC / "vendor").iterdir()} == recorded - {"../icons.svg"}


def test_versions_and_licences_are_those_of_the_command():
    assert [(row["name"], row["version"], row["licence"]) for row in VERSIONS] == [
        (package.name, package.version, package.licence) for package in PACKAGES
    ]
    assert all(any("LICENSE" in name for name in row["files"]) for row in VERSIONS)


def test_every_icon_used_is_in_the_sprite():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()))
    used = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    assert drawn == set(ICONS)
    assert used <= drawn


def test_sprite_leaves_out_the_empty_box(tmp_path):
    for name in ICONS:
        (tmp_path / f"{name}.svg").write_text('<svg><path stroke="none" d="M0 0h24v24H0z" /><path d="M1 1" /></svg>')
    text = sprite(tmp_path)
    assert "M0 0h24v24H0z" not in text
    assert text.count('<path d="M1 1" />') == len(ICONS)

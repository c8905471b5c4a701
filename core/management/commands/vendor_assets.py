"""Fetch the front-end files that the pages are served with, pinned, with their licences and checksums."""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

TABLER_LICENCE = """The MIT License (MIT)

Copyright 2018-2026 The Tabler Authors
Copyright 2018-2026 codecalm.net Paweł Kuna

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package: `files` maps a path inside it to the name it gets under `static/vendor/`."""

    name: str
    version: str
    licence: str
    licence_file: str
    files: dict[str, str]


PACKAGES = (
    # Tabler's scripts are left out: menus and dialogs are <details> and <dialog>, which need none.
    Package(
        "@tabler/core",
        "1.6.1",
        "MIT",
        "",
        {"dist/css/tabler.min.css": "tabler.min.css"},
    ),
    Package("htmx.org", "2.0.11", "0BSD", "LICENSE", {"dist/htmx.min.js": "htmx.min.js"}),
    Package(
        "tom-select",
        "2.6.2",
        "Apache-2.0",
        "LICENSE",
        {
            "dist/js/tom-select.popular.min.js": "tom-select.min.js",
            "dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
        },
    ),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        "LICENSE",
        {"dist/echarts.min.js": "echarts.min.js", "NOTICE": "echarts.NOTICE.txt"},
    ),
    Package(
        "inter-ui",
        "4.1.1",
        "OFL-1.1",
        "LICENSE.txt",
        {"variable/InterVariable.woff2": "InterVariable.woff2"},
    ),
    # TrueType for PDF files: Latin with Vietnamese, and Thai. Chinese and Korean use the fonts of the reader.
    Package(
        "@expo-google-fonts/inter",
        "0.4.2",
        "OFL-1.1",
        "LICENSE_FONT",
        {
            "400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
            "600SemiBold/Inter_600SemiBold.ttf": "Inter-SemiBold.ttf",
        },
    ),
    Package(
        "@expo-google-fonts/noto-sans-thai",
        "0.4.2",
        "OFL-1.1",
        "LICENSE_FONT",
        {"400Regular/NotoSansThai_400Regular.ttf": "NotoSansThai-Regular.ttf"},
    ),
    # The sprite below is built from its outline icons.
    Package("@tabler/icons", "3.52.0", "MIT", "LICENSE", {}),
)

ICONS = """
adjustments-horizontal alert-circle alert-triangle api arrow-back-up arrow-down arrow-left arrow-right arrow-up
arrows-diff arrows-exchange arrows-sort ban baseline-density-medium baseline-density-small bell book bookmark
building-store calendar chart-bar chart-line check chevron-down chevron-left chevron-right chevron-up circle-check
clock coin columns-3 copy database device-desktop device-floppy device-mobile dots download external-link eye eye-off
file-spreadsheet file-text file-upload filter filter-off fingerprint flag folder-plus grip-vertical help-circle history
home info-circle key keyboard language layout-list link list-check lock lock-open logout mail menu-2 message minus moon
note package paperclip pencil photo player-pause player-play player-stop plus qrcode refresh search selector send
settings shield-check star sun sun-moon table tag target-arrow trash truck unlink upload user user-plus users world x
""".split()


class Command(BaseCommand):
    help = "Fetch the vendored front-end files into static/ (needs npm) and write static/vendor/versions.json."

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("npm") is None:
            raise CommandError("npm was not found. Install Node.js, then run this again.")
        static = Path(settings.BASE_DIR) / "static"
        with tempfile.TemporaryDirectory() as folder:
            modules = _install(Path(folder))
            rows = [_copy(package, modules / package.name, static / "vendor") for package in PACKAGES]
            (static / "icons.svg").write_text(sprite(modules / "@tabler/icons" / "icons" / "outline"))
        rows[-1]["files"]["../icons.svg"] = checksum(static / "icons.svg")
        (static / "vendor" / "versions.json").write_text(json.dumps(rows, indent=2) + "\n")
        self.stdout.write(f"{len(rows)} packages, {len(ICONS)} icons")


def checksum(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sprite(folder: Path) -> str:
    """One SVG file with a symbol `i-<name>` for each icon in use, for `<use href="icons.svg#i-name">`."""
    symbols = [_symbol(name, (folder / f"{name}.svg").read_text()) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str, source: str) -> str:
    paths = re.findall(r"<(?:path|circle|line|rect|polyline|ellipse)\b[^>]*/>", source)
    drawn = [path for path in paths if 'stroke="none" d="M0 0h24v24H0z"' not in path]
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{"".join(drawn)}</symbol>'


def _install(folder: Path) -> Path:
    names = [f"{package.name}@{package.version}" for package in PACKAGES]
    command = [
        "npm",
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-save",
        *names,
    ]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"npm could not fetch the packages: {done.stderr.strip()[-500:]}")
    return folder / "node_modules"


def _copy(package: Package, source: Path, target: Path) -> dict[str, Any]:
    """Copy one package's files and licence; return its row for versions.json."""
    target.mkdir(parents=True, exist_ok=True)
    licence = target / f"{package.name.strip('@').replace('/', '-')}.LICENSE.txt"
    if package.licence_file:
        licence.write_bytes((source / package.licence_file).read_bytes())
    else:
        # Tabler's package carries its licence only as a header comment.
        licence.write_text(TABLER_LICENCE)
    for path, name in package.files.items():
        content = (source / path).read_bytes()
        if name.endswith((".js", ".css")):
            # The source maps are not vendored: the pointer to them would only be a 404 in the developer tools.
            content = re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?", b"", content)
        (target / name).write_bytes(content)
    names = [*package.files.values(), licence.name]
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "files": {name: checksum(target / name) for name in names},
    }

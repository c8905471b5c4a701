import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import docs
from benchmarks.common import Row, at_least, at_most, p95, plain, table

MACHINE = {
    "processor": "A processor", "cores": "2", "memory": "8 GB", "python": "3.11", "postgresql": "18",
    "commit": "abc1234", "measured": "2026-11-25T10:00+00:00",
}  # fmt: skip


def results(folder: Path, rows: list[Row]) -> Path:
    document = {"machine": MACHINE, "rows": [asdict(row) for row in rows]}
    (folder / "search.json").write_text(json.dumps(document))
    return folder


def test_write_replaces_what_stands_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{docs.BEGIN}\nold numbers\n{docs.END}\nafter\n")
    docs.write(page, results(tmp_path, [at_most("search", "everybody", 1_000_000, "API median", 41.26, "ms", 60)]))
    text = page.read_text()
    assert "| everybody | 1,000,000 | API median | 41.3 ms | 60 ms | yes |" in text
    assert "A processor, 2 cores" in text
    assert text.startswith("Before\n")
    assert text.endswith("\nafter\n")
    assert "old numbers" not in text


def test_the_page_of_the_repository_has_the_marks() -> None:
    text = docs.PAGE.read_text()
    assert text.count(docs.BEGIN) == text.count(docs.END) == 1


@pytest.mark.parametrize(("value", "fine"), [(59.9, True), (60.0, True), (60.1, False)])
def test_at_most_is_fine_up_to_its_limit(value: float, fine: bool) -> None:
    assert at_most("search", "q", 1, "median", value, "ms", 60).ok is fine


@pytest.mark.parametrize(("value", "fine"), [(20_000, True), (19_999, False)])
def test_at_least_is_fine_from_its_limit_on(value: float, fine: bool) -> None:
    assert at_least("import", "csv", 1, "speed", value, "rows/s", 20_000).ok is fine


def test_table_marks_only_rows_with_a_limit() -> None:
    lines = table([plain("load", "days", 1, "speed", 5, "rows/s"), at_most("load", "all", 1, "time", 400, "s", 360)])
    assert lines.splitlines()[1].rstrip().endswith("rows/s")
    assert lines.splitlines()[2].endswith("NO")


def test_p95_is_the_time_that_95_of_100_stay_below() -> None:
    assert p95([float(number) for number in range(1, 101)]) == 96

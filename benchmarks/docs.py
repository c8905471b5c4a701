"""The tables of docs/performance.md, written from the kept results between two marks."""

import json
from pathlib import Path
from typing import Any

from benchmarks.common import RESULTS, ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- results: written by python -m benchmarks --docs -->", "<!-- end of results -->"


def write(page: Path = PAGE, results: Path = RESULTS) -> None:
    """Replace what stands between the marks."""
    before, _begin, rest = page.read_text("utf-8").partition(BEGIN)
    _old, _end, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{tables(results)}\n{END}{after}", "utf-8")


def tables(results: Path) -> str:
    """A table for each kept result, the machine above it."""
    documents = [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(results.glob("*.json"))]
    return "\n".join(_section(name, document) for name, document in documents)


def _section(name: str, document: dict[str, Any]) -> str:
    machine = document["machine"]
    place = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}; Python {machine['python']}, "
        f"PostgreSQL {machine['postgresql']}; commit {machine['commit']}, {machine['measured'][:10]}."
    )
    lines = [
        f"### {name}",
        "",
        place,
        "",
        "| what | size | metric | value | limit | ok |",
        "|---|---:|---|---:|---:|---|",
    ]
    return "\n".join([*lines, *(_line(row) for row in document["rows"]), ""])


def _line(row: dict[str, Any]) -> str:
    limit = "" if row["limit"] is None else f"{row['limit']:,.0f} {row['unit']}"
    ok = "" if row["limit"] is None else ("yes" if row["ok"] else "**no**")
    value = f"{row['value']:,.0f}" if row["value"] >= 100 else f"{row['value']:,.1f}"
    return f"| {row['name']} | {row['size']:,} | {row['metric']} | {value} {row['unit']} | {limit} | {ok} |"

"""`manage.py import_creators FILE`: the same import as in the browser, run to its end in this process."""

import json
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Shop, User
from core.errors import DomainError
from core.states import JobState
from core.uploads.storage import file_forget
from creators.models import Import, ImportFailure, ImportMapping, Market
from creators.services import imports as services
from creators.services.imports.reading import problem_message

PROBLEMS_SHOWN = 1000
COUNTS = ("rows", "created", "updated", "unchanged", "conflicts", "repeats", "failed")
SOME_FAILED, UNUSABLE = 1, 2
WAIT_SECONDS = 0.2
# The option that answers a refusal.
HINTS = {
    "no_as_of": "--as-of DAY",
    "as_of_in_future": "--as-of DAY",
    "no_market": "--market US",
    "no_rate": "--currency USD",
}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a day; write it like 2026-11-25") from error


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 365:
        raise ArgumentTypeError(f"{text} is not a number of days from 1 to 365")
    return int(text)


def _short(length: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > length:
            raise ArgumentTypeError(f"at most {length} characters")
        return text

    return check


class Command(BaseCommand):
    help = (
        "Import a list of creators (CSV, TSV, XLSX, XLS, ODS). "
        "Exit code 0: done; 1: some rows failed; 2: the file cannot be used, with one line why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", type=_day, metavar="DAY", help="day on which the numbers were true")
        parser.add_argument("--market", metavar="US", help="market of rows without one")
        parser.add_argument(
            "--source", type=_short(40), metavar="NAME", help="where it comes from; else words of its name"
        )
        parser.add_argument("--currency", type=_short(3), metavar="USD", help="currency of amounts that name none")
        parser.add_argument(
            "--window", type=_days, metavar="30", help="days that the numbers cover, where no header says"
        )
        parser.add_argument("--sheet", metavar="NAME", help="sheet of a workbook")
        parser.add_argument("--mapping", metavar="NAME", help="a saved mapping")
        parser.add_argument("--dry-run", action="store_true", help="count only; nothing is written")
        parser.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="write the refused rows with their reasons")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--user", metavar="EMAIL", help="whose import it is")
        parser.add_argument("--shop", metavar="NAME", help="shop that gets the contacts")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            result = _dry_run(options) if options["dry_run"] else _run(options)
        except DomainError as error:
            hint = f" Use {HINTS[error.code]}." if error.code in HINTS else ""
            # One line, whatever the message holds.
            raise CommandError(" ".join(f"{error.message}{hint}".split()), returncode=UNUSABLE) from error
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) if options["json"] else _words(result))
        if result["failed"]:
            sys.exit(SOME_FAILED)


def _run(options: dict[str, Any]) -> dict[str, Any]:
    """Import the file; an import that does not end as done is an unusable file."""
    done = _submit(options)
    job = done.job
    while job is not None and services.import_run_inline(job).is_open:
        # A worker that runs beside this command has taken a part.
        time.sleep(WAIT_SECONDS)
    if job is None or job.state != JobState.DONE:
        raise DomainError("import_failed", (job and job.error_message) or "The import was stopped.")
    done.refresh_from_db()
    return _result(done, done.failures.all()[:PROBLEMS_SHOWN], options)


def _dry_run(options: dict[str, Any]) -> dict[str, Any]:
    """The result that the import would have; everything is rolled back, the copy of the file too."""
    sha256 = ""
    try:
        with transaction.atomic():
            draft = _submit(options, start=False)
            sha256 = draft.file.sha256
            dry = services.import_dry_run(draft)
            result = _result(dry.source_import, dry.failures, options)
            transaction.set_rollback(True)
    finally:
        if sha256:
            file_forget(sha256=sha256)
    return result


def _submit(options: dict[str, Any], *, start: bool = True) -> Import:
    """The import of the file as the options want it read."""
    path: Path = options["file"]
    if not path.is_file():
        raise DomainError("file_missing", f"There is no file {path}.")
    if options["errors"] and not options["errors"].absolute().parent.is_dir():
        raise DomainError("folder_missing", f"There is no folder {options['errors'].parent} for --errors.")
    market = _row(Market.objects.filter(code=(options["market"] or "").upper()), options["market"], "market")
    currency = options["currency"].upper() if options["currency"] else None
    settings = {"source": options["source"], "window_days": options["window"], "as_of": options["as_of"]}
    return services.import_submit(
        path=path,
        by=_row(User.objects.filter(email=(options["user"] or "").lower()), options["user"], "user"),
        shop=_row(Shop.objects.filter(name=options["shop"]), options["shop"], "shop"),
        mapping=_row(
            ImportMapping.objects.filter(name__iexact=options["mapping"] or ""), options["mapping"], "mapping"
        ),
        sheet=options["sheet"] or "",
        settings={**settings, "currency": currency, **({"market": market} if market else {})},
        start=start,
    )


def _row(rows: Any, name: str | None, kind: str) -> Any:
    """The row that an option names, None without the option."""
    if not name:
        return None
    found = rows.first()
    if found is None:
        raise DomainError(f"{kind}_unknown", f"There is no {kind} {name}.")
    return found


def _result(done: Import, failures: Iterable[ImportFailure], options: dict[str, Any]) -> dict[str, Any]:
    """Counts, how the columns were read, and the problems of the first refused rows."""
    if options["errors"] and done.failed:
        services.failures_workbook(done, options["errors"])
    return {
        "file": done.file.name,
        "import": None if options["dry_run"] else done.pk,
        "dry_run": bool(options["dry_run"]),
        "as_of": done.as_of.isoformat() if done.as_of else None,
        "as_of_guessed": options["as_of"] is None,
        "market": done.market_id,
        "source": done.source,
        **{name: getattr(done, name) for name in COUNTS},
        "mapping": done.mapping,
        "problems": [
            {"row": failure.row_number, **problem, "message": problem_message(problem["code"])}
            for failure in failures
            for problem in failure.problems
        ],
    }


def _words(result: dict[str, Any]) -> str:
    """The result for people."""
    guessed = " (guessed; --as-of says otherwise)" if result["as_of_guessed"] else ""
    lines = [f"{result['file']}, source {result['source']}, as of {result['as_of']}{guessed}"]
    if result["dry_run"]:
        lines.append("Dry run: nothing was written.")
    lines.append(", ".join(f"{result[name]} {name}" for name in COUNTS))
    lines += [f"row {p['row']}, {p['column'] or 'row'} “{p['value']}”: {p['message']}" for p in result["problems"][:20]]
    if len(result["problems"]) > 20:
        lines.append("Use --errors OUT.xlsx for all refused rows.")
    return "\n".join(lines)

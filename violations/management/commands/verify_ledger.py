"""`manage.py verify_ledger`: prove that nobody changed, removed or reordered entries of the ledger."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from violations.services.verification import ledger_verify

SHOWN = 20


class Command(BaseCommand):
    help = "Check every chain of the ledger and name the first broken link. Exit code 0: whole; 1: broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--details", action="store_true", help="check texts and evidence against their digests too")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        start = time.monotonic()
        report = ledger_verify(with_details=options["details"])
        seconds = time.monotonic() - start
        if options["json"]:
            broken = [{"case": f"V-{link.entry_id}", **asdict(link), "message": str(link)} for link in report.broken]
            counts = {"entries": report.entries, "chains": report.chains, "seconds": round(seconds, 3)}
            self.stdout.write(json.dumps({**counts, "broken": broken}, indent=2))
        else:
            self.stdout.write(f"{report.entries} entries in {report.chains} chains, {seconds:.1f} s")
            for link in report.broken[:SHOWN]:
                self.stdout.write(str(link))
            more = len(report.broken) - SHOWN
            self.stdout.write("All chains are whole." if not report.broken else f"{max(more, 0)} more; --json has all.")
        if report.broken:
            sys.exit(1)

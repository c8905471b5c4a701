"""`manage.py verify_restrictions`: recompute every creator's history and compare it with the stored restrictions."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from violations.services.verification import Difference, restrictions_verify

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recompute all restrictions from the ledger and name what is stored otherwise. "
        "Exit code 0: the same; 1: differences, also when --repair has rewritten them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what the ledger says")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        report = restrictions_verify(repair=options["repair"])
        if options["json"]:
            result = {"creators": report.creators, "repaired": options["repair"]}
            differences = [asdict(one) for one in report.differences]
            self.stdout.write(json.dumps({**result, "differences": differences}, indent=2))
        else:
            self.stdout.write(f"{report.creators} creators recomputed, {len(report.differences)} differ")
            for difference in report.differences[:SHOWN]:
                self._describe(difference)
            if options["repair"] and report.differences:
                self.stdout.write("Repaired. The next sweep publishes the numbers.")
        if report.differences:
            sys.exit(1)

    def _describe(self, difference: Difference) -> None:
        self.stdout.write(f"creator {difference.creator_id}")
        for line in difference.missing:
            self.stdout.write(f"  not stored: {line}")
        for line in difference.surplus:
            self.stdout.write(f"  stored, but not in the ledger: {line}")

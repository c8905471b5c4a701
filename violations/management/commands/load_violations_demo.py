"""`manage.py load_violations_demo`: an invented ledger for the demo's creators."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from violations.services.demo import violations_demo_load


class Command(BaseCommand):
    help = "Give the creators of load_demo an invented ledger; does nothing when there is a ledger already."

    def handle(self, *args: object, **options: object) -> None:
        try:
            entries = violations_demo_load(at=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        nothing = "No ledger entries loaded: there are some already, or fewer than 22 creators."
        self.stdout.write(f"{entries} invented ledger entries loaded." if entries else nothing)

"""`manage.py load_demo`: invented people, shops, creators and shortlists."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from creators.services.demo import DEMO_ACCOUNTS, PASSWORD, demo_load


class Command(BaseCommand):
    help = "Fill an empty desk with invented demo data; does nothing when it is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=2000, help="How many creators (default 2000).")
        parser.add_argument("--accounts", action="store_true", help="Only print the demo accounts.")

    def handle(self, *args: object, size: int, accounts: bool, **options: object) -> None:
        if accounts:
            self.stdout.write(accounts_table())
        elif demo_load(size=size, at=timezone.now()):
            self.stdout.write(f"{size} invented creators loaded.")
        else:
            self.stdout.write("The demo is there already.")


def accounts_table() -> str:
    """The accounts as lines of columns, with the password that all of them share."""
    rows = [
        (account.email, account.role.value.replace("_", " "), ", ".join(account.shops)) for account in DEMO_ACCOUNTS
    ]
    lines = [f"  {email:<22}{role:<18}{shops}".rstrip() for email, role, shops in rows]
    return "\n".join([*lines, f"  Password of all: {PASSWORD}"])

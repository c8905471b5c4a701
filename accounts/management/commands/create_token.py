"""manage.py create_token EMAIL [--name N] [--expires-days D]: prints the secret of a new API token, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import token_create
from core.errors import DomainError


class Command(BaseCommand):
    help = "Create an API token for a user and print it; it is shown only once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="shell", help="what the token is for")
        parser.add_argument("--expires-days", type=int, help="days until it expires; never when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.by_email(options["email"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['email']}. Invite the person first.")
        try:
            created = token_create(user=user, name=options["name"], by=None, expires_days=options["expires_days"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(created.secret)

"""manage.py create_admin EMAIL [--name N]: the first admin; the password is asked for or taken from ADMIN_PASSWORD."""

import os
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import user_create
from accounts.states import RoleCode
from core.errors import DomainError


class Command(BaseCommand):
    help = "Create an admin. The password is asked for, or taken from the variable ADMIN_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Admin")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("ADMIN_PASSWORD") or getpass("Password: ")
        try:
            user_create(email=options["email"], name=options["name"], role=RoleCode.ADMIN, by=None, password=password)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['email']} is an admin now.")

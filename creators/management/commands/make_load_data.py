"""`manage.py make_load_data`: a database of its own with as many invented creators as a benchmark needs."""

import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from core.errors import DomainError
from creators.services.load_data import database_create, database_use, load_data_make


class Command(BaseCommand):
    help = "Make a database of invented creators, half of them with daily rows, for benchmarks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--creators", type=int, default=1_000_000)
        parser.add_argument("--days", type=int, default=60, help="Daily rows of every second creator (default 60).")
        parser.add_argument("--database", default="creator_desk_load", help="Made anew; never the app's own.")

    def handle(self, *args: object, creators: int, days: int, database: str, **options: object) -> None:
        if creators < 1 or days < 0:
            raise CommandError("Ask for at least one creator and no negative number of days.")
        own = connection.settings_dict["NAME"]
        start = time.perf_counter()
        try:
            database_create(database)
            load_data_make(
                creators=creators, days=days, as_of=timezone.now().date() - timedelta(days=1), say=self.stdout.write
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        finally:
            database_use(own)
        self.stdout.write(f"{database} is ready after {time.perf_counter() - start:.1f} s.")

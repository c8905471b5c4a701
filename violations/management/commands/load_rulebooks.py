"""`manage.py load_rulebooks`: the rule books that ship with the product."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from violations.services.rulebooks import rulebooks_load


class Command(BaseCommand):
    help = "Publish the rule books that ship and are not there yet; safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        books = rulebooks_load(at=timezone.now())
        self.stdout.write(", ".join(str(book) for book in books) or "The rule books are there already.")

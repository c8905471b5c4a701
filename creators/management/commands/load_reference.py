"""`manage.py load_reference`: markets, categories, exchange rates, header aliases, and room for daily metrics."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from creators.services.loading import month_after, partitions_ensure, reference_load


class Command(BaseCommand):
    help = "Load the reference lists that ship with the product; safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        counts = reference_load()
        today = timezone.now().date()
        partitions_ensure(first=month_after(today, -4), last=month_after(today, 3))
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))

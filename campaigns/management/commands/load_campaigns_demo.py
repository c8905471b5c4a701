"""`manage.py load_campaigns_demo`: invented plans, collaborations and money for the demo's shops."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.services.demo import campaigns_demo_load
from core.errors import DomainError


class Command(BaseCommand):
    help = "Give the shops of load_demo invented plans; does nothing when there are plans or products already."

    def handle(self, *args: object, **options: object) -> None:
        try:
            count = campaigns_demo_load(at=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        nothing = "No plans loaded: there are some already, or fewer than 60 creators."
        self.stdout.write(f"{count} invented collaborations loaded." if count else nothing)

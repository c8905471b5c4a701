from celery import shared_task
from django.utils import timezone

from campaigns.services import deliveries, reminders


@shared_task(ignore_result=True)
def message_deliver_task(message_id: int) -> None:
    """Send a mail to a creator."""
    deliveries.message_deliver(message_id=message_id, at=timezone.now())


@shared_task(ignore_result=True)
def messages_wake_task() -> None:
    """Ask for mails to creators that still wait."""
    deliveries.messages_wake()


@shared_task(ignore_result=True)
def reminders_escalate_task(reminder_id: int | None = None) -> None:
    """Tell account managers of creators who stay silent; with a key, of the one that somebody escalated."""
    reminders.reminders_escalate(at=timezone.now(), reminder_id=reminder_id)

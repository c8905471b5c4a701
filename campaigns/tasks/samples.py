"""What the clock does about samples."""

from celery import shared_task
from django.utils import timezone

from campaigns.services import fulfilment


@shared_task(ignore_result=True)
def samples_judge_task() -> None:
    """Judge received samples by our own test."""
    fulfilment.samples_judge(at=timezone.now())

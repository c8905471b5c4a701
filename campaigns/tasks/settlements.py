from celery import shared_task
from django.utils import timezone

from campaigns.services import nightly_settlement, order_imports


@shared_task(ignore_result=True)
def order_import_advance(job_id: int) -> None:
    """Write a part of a report of orders and call for more."""
    if order_imports.order_import_advance(job_id):
        order_import_advance.delay(job_id)


@shared_task(ignore_result=True)
def settlements_refresh_task() -> None:
    """Compute the lines of the running month and the one before again."""
    nightly_settlement.settlements_refresh(at=timezone.now())

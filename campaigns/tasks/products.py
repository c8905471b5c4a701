"""Jobs of products."""

from celery import shared_task

from campaigns.services import product_imports


@shared_task(ignore_result=True)
def product_import_advance(job_id: int) -> None:
    """Write a part of a product list and call for more."""
    if product_imports.product_import_advance(job_id):
        product_import_advance.delay(job_id)

"""Long work about contents."""

from celery import shared_task

from campaigns.services import result_imports


@shared_task(ignore_result=True)
def result_import_advance(job_id: int) -> None:
    """Write a part of a file's results and call for more."""
    if result_imports.result_import_advance(job_id):
        result_import_advance.delay(job_id)

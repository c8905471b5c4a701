from celery import shared_task

from core import jobs
from core.uploads import storage


@shared_task(ignore_result=True)
def jobs_wake() -> None:
    """Wake every open job."""
    jobs.jobs_wake()


@shared_task(ignore_result=True)
def files_sweep() -> None:
    """Remove stored files whose time is over."""
    storage.files_sweep()

from celery import shared_task
from django.utils import timezone

from creators.services import imports, snapshots


@shared_task(ignore_result=True)
def import_advance(job_id: int) -> None:
    """Run one chunk of an import's job and call for the next."""
    if imports.import_advance(job_id):
        import_advance.delay(job_id)


@shared_task(ignore_result=True)
def snapshots_prune() -> None:
    """Keep the newest snapshot of each creator, source and month."""
    snapshots.snapshots_prune(at=timezone.now())

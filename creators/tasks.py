from celery import shared_task
from django.utils import timezone

from creators.services import exports, imports, loading, snapshots


@shared_task(ignore_result=True)
def import_advance(job_id: int) -> None:
    """Run one chunk of an import's job and call for more.

    Twice: the chunk that ends a stage frees several of the next one. A message too many finds nothing and ends.
    """
    if imports.import_advance(job_id):
        import_advance.delay(job_id)
        import_advance.delay(job_id)


@shared_task(ignore_result=True)
def export_advance(job_id: int) -> None:
    """Write the file of an export's job."""
    if exports.export_advance(job_id):
        export_advance.delay(job_id)


@shared_task(ignore_result=True)
def snapshots_prune() -> None:
    """Keep the newest snapshot of each creator, source and month."""
    snapshots.snapshots_prune(at=timezone.now())


@shared_task(ignore_result=True)
def partitions_ensure() -> None:
    """Make room for the daily metrics of the last four and the next three months."""
    today = timezone.now().date()
    loading.partitions_ensure(first=loading.month_after(today, -4), last=loading.month_after(today, 3))

from collections.abc import Sequence

from celery import shared_task
from django.utils import timezone

from campaigns.services import collaboration_exports, holds, sweeps


@shared_task(ignore_result=True)
def collaborations_sweep_task() -> None:
    """Move what the clock moves: invitations that ran out, contents that come due, holds that are over."""
    sweeps.collaborations_sweep(at=timezone.now())


@shared_task(ignore_result=True)
def hold_mail_task(user_id: int, move_ids: Sequence[int]) -> None:
    """Tell an owner which collaborations went on hold."""
    holds.hold_mail_send(user_id=user_id, move_ids=move_ids)


@shared_task(ignore_result=True)
def collaborations_export_advance(job_id: int) -> None:
    """Write the file of an export of collaborations."""
    if collaboration_exports.collaborations_export_advance(job_id):
        collaborations_export_advance.delay(job_id)

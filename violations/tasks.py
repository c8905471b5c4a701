from celery import shared_task
from django.utils import timezone

from violations.services import appeal_mails, appeals, batches, blacklist, exports, links, notices, standings


@shared_task(ignore_result=True)
def appeal_mail_task(step_id: int) -> None:
    """Tell a creator of a question or a decision about their appeal."""
    appeal_mails.appeal_mail_send(step_id=step_id, at=timezone.now())


@shared_task(ignore_result=True)
def appeals_escalate_task() -> None:
    """Mark appeals whose time to decide is over, and ask again for mails that were not begun."""
    now = timezone.now()
    appeals.appeals_escalate(at=now)
    appeal_mails.mails_wake(at=now)


@shared_task(ignore_result=True)
def blacklist_reviews_task() -> None:
    """Tell admins and account managers which entries of the blacklist are due for review."""
    blacklist.reviews_mail(at=timezone.now())


@shared_task(ignore_result=True)
def notice_send_task(notice_id: int) -> None:
    """Send the mail about a violation."""
    notices.notice_send(notice_id=notice_id, at=timezone.now())


@shared_task(ignore_result=True)
def notices_wake_task() -> None:
    """Ask for mails about violations that still wait."""
    notices.notices_wake()


@shared_task(ignore_result=True)
def link_code_task(digest: str) -> None:
    """Mail the code that opens a creator's page, if a link that works has this digest."""
    links.code_send(digest=digest, at=timezone.now())


@shared_task(ignore_result=True)
def standings_sweep_task() -> None:
    """Publish points and restrictions that ended by themselves."""
    standings.standings_sweep(at=timezone.now())


@shared_task(ignore_result=True)
def batch_advance(job_id: int) -> None:
    """Write a part of a batch's rows and call for more."""
    if batches.batch_advance(job_id):
        batch_advance.delay(job_id)


@shared_task(ignore_result=True)
def entries_export_advance(job_id: int) -> None:
    """Write the file of an export of the ledger."""
    if exports.entries_export_advance(job_id):
        entries_export_advance.delay(job_id)

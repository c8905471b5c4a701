"""A case as ops open it: the entry, and the notice that goes with it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Shop, User
from core.models import StoredFile
from creators.models import Creator
from violations.models import LedgerEntry
from violations.services.ledger import violation_log
from violations.services.notices import NoticeWish, notice_wish_give


@dataclass(frozen=True)
class Incident:
    """What happened, in the words of `violation_log`."""

    creator: Creator
    rule_code: str
    effective_at: datetime
    content_link: str = ""
    note: str = ""
    internal_note: str = ""
    shop: Shop | None = None
    evidence: Sequence[StoredFile] = ()
    reason: str = ""
    repeat_confirmed: bool = False


@transaction.atomic
def case_open(*, incident: Incident, notice: NoticeWish | None, by: User, at: datetime) -> LedgerEntry:
    """Log the violation and tell the creator; what the page and the API call. Raises what the two services raise."""
    entry = violation_log(**vars(incident), by=by, at=at)
    notice_wish_give(entry=entry, wish=notice, by=by, at=at)
    return entry

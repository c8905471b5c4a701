"""Whose payments the ledger holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.ui import format_day
from violations.models import LedgerEntry
from violations.states import Measure


@dataclass(frozen=True)
class Freeze:
    """Payments to a creator are frozen since a day, by the case that says why."""

    creator_id: int
    handle: str
    since: datetime
    case: str

    @property
    def text(self) -> str:
        local = timezone.localtime(self.since).date()
        day = format_day(local, get_language() or "en", timezone.localdate())
        places = {"handle": self.handle, "day": day, "case": self.case}
        return _("Payments to @%(handle)s are frozen since %(day)s, case %(case)s. Ops release them there.") % places


def freezes_of(creator_ids: Collection[int], *, at: datetime) -> dict[int, Freeze]:
    """The freeze of each creator whose last measure about payments, recorded by then, freezes them; one query."""
    about = [Measure.FREEZE_PAYMENTS, Measure.RELEASE_PAYMENTS]
    entries = LedgerEntry.objects.recorded_by_then(at=at).filter(creator__in=creator_ids, measure__in=about)
    last = entries.order_by("creator", "-sequence").distinct("creator").select_related("creator")
    return {
        entry.creator_id: Freeze(entry.creator_id, entry.creator.handle, entry.recorded_at, entry.case)
        for entry in last
        if entry.measure == Measure.FREEZE_PAYMENTS
    }

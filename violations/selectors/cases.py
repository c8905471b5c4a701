"""One case with everything that its page shows to a reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.models import User
from core.models import StoredFile
from creators.models import Creator, CreatorContact
from violations.models import Appeal, EntryDetails, Evidence, LedgerEntry, Notice, Restriction, ReversalRequest
from violations.querysets import evidence_visible_to

SEAL_HOLDS = "SELECT e.hash = violations_entry_hash(e) FROM violations_ledgerentry e WHERE e.id = %s"


@dataclass(frozen=True)
class Case:
    """An entry and what belongs to it; `sees_all` are ops and the shop it came from."""

    entry: LedgerEntry
    details: EntryDetails
    sees_all: bool
    evidence: list[Evidence]
    notices: list[Notice]
    appeals: list[Appeal]
    requests: list[ReversalRequest]
    reversal: LedgerEntry | None
    restrictions: list[Restriction]
    seal_holds: bool
    history: list[Any]

    @property
    def open_request(self) -> ReversalRequest | None:
        return next((one for one in self.requests if one.state == "proposed"), None)

    def counts(self, at: datetime) -> bool:
        """Whether its points count at the instant."""
        entry = self.entry
        return bool(entry.expires_at and entry.effective_at <= at < entry.expires_at and self.reversal is None)


def case_of(entry: LedgerEntry, user: User) -> Case:
    """The case of an entry as the reader may see it."""
    sees_all = LedgerEntry.objects.with_evidence_for(user).filter(pk=entry.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute(SEAL_HOLDS, [entry.pk])
        seal_holds = bool(cursor.fetchone()[0])
    notices = list(entry.notices.select_related("created_by", "proof"))
    requests = list(entry.reversal_requests.select_related("proposed_by", "decided_by"))
    return Case(
        entry=entry,
        details=EntryDetails.objects.get(pk=entry.pk),
        sees_all=sees_all,
        evidence=list(evidence_visible_to(Evidence.objects.filter(entry=entry), user).select_related("file")),
        notices=notices,
        appeals=list(entry.appeals.select_related("filed_by", "assigned_to", "decided_by").order_by("number")),
        requests=requests,
        reversal=entry.reversals.select_related("recorded_by", "details").first(),
        restrictions=list(entry.restrictions.order_by("pk")),
        seal_holds=seal_holds,
        history=_history(notices, requests),
    )


def addresses_of(creator: Creator, user: User) -> list[str]:
    """E-mail addresses of the creator that the user's shops know."""
    known = CreatorContact.objects.visible_to(user).filter(creator=creator, kind="email")
    return list(known.order_by("value").values_list("value", flat=True).distinct())


def uploads_of(user: User, keys: list[str]) -> list[StoredFile]:
    """Files that the user uploaded as evidence and that nothing has taken yet, in the order given."""
    numbers = [int(key) for key in keys if key.isdecimal()]
    found = StoredFile.objects.filter(pk__in=numbers, uploaded_by=user, expires_at__isnull=False).in_bulk()
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _history(notices: list[Notice], requests: list[ReversalRequest]) -> list[Any]:
    """Changes of the notices and requests, newest first, from the database's own history."""
    events: list[Any] = []
    for name, rows in (("NoticeEvent", notices), ("ReversalRequestEvent", requests)):
        model = apps.get_model("violations", name)
        keys = [row.pk for row in rows]
        events += model.objects.filter(pgh_obj_id__in=keys).select_related("pgh_context")
    return sorted(events, key=lambda event: event.pgh_created_at, reverse=True)

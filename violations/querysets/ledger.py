from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import Shop
from accounts.states import Permission
from violations.states import EntryKind, NoticeChannel, NoticeState, RequestState

if TYPE_CHECKING:
    from accounts.models import User
    from violations.models import Evidence, LedgerEntry, Notice, Restriction, ReversalRequest


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, user: User) -> LedgerEntryQuerySet:
        """The ledger belongs to the organisation: everybody sees what follows from it."""
        return self

    def with_evidence_for(self, user: User) -> LedgerEntryQuerySet:
        """Entries whose evidence and internal note the user may see: ops all, others those of their shops."""
        if user.can(Permission.VIOLATION_LOG):
            return self
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def recorded_by_then(self, *, at: datetime) -> LedgerEntryQuerySet:
        return self.filter(recorded_at__lte=at)

    def counting(self, *, at: datetime) -> LedgerEntryQuerySet:
        """Violations and reversals whose points add up to the balance at the instant."""
        return self.filter(recorded_at__lte=at, effective_at__lte=at, expires_at__gt=at)

    def balance(self, *, at: datetime) -> int:
        """The points that count at the instant."""
        total: int = self.counting(at=at).aggregate(total=Coalesce(Sum("points"), 0))["total"]
        return total

    def violations(self) -> LedgerEntryQuerySet:
        return self.filter(kind=EntryKind.VIOLATION)

    def not_reversed(self, *, at: datetime) -> LedgerEntryQuerySet:
        """Entries that no reversal answers by the instant."""
        reversals = self.model.objects.filter(answers=OuterRef("pk"), recorded_at__lte=at)
        return self.filter(~Exists(reversals))


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, *, at: datetime) -> RestrictionQuerySet:
        """Features that are withdrawn at the instant."""
        return self.exclude(feature="").filter(Q(ends_at__gt=at) | Q(ends_at=None), starts_at__lte=at)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def given(self) -> NoticeQuerySet:
        return self.filter(state=NoticeState.SENT)

    def waiting(self) -> NoticeQuerySet:
        """Mails that nobody has begun to send."""
        return self.filter(channel=NoticeChannel.MAIL, state=NoticeState.WAITING)


class ReversalRequestQuerySet(models.QuerySet["ReversalRequest"]):
    def open(self) -> ReversalRequestQuerySet:
        return self.filter(state=RequestState.PROPOSED)


def evidence_visible_to(evidence: QuerySet[Evidence], user: User) -> QuerySet[Evidence]:
    """Evidence that ops and members of the entry's shop may open."""
    if user.can(Permission.VIOLATION_LOG):
        return evidence
    return evidence.filter(entry__shop__in=Shop.objects.visible_to(user))

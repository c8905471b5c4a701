"""Entries of the ledger for programs: narrowed, and with what each reader may see."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from violations.models import LedgerEntry
from violations.querysets import LedgerEntryQuerySet

RELATED = ("creator", "recorded_by", "details")


def entries_shown(user: User) -> LedgerEntryQuerySet:
    """The entries that the user sees, read with what is shown of them."""
    return LedgerEntry.objects.visible_to(user).select_related(*RELATED)


def entries_narrowed(
    entries: LedgerEntryQuerySet,
    *,
    creator: int | None = None,
    market: str = "",
    rule: str = "",
    severity: str = "",
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> LedgerEntryQuerySet:
    """Those that pass all filters; `since` is included, `until` is not, both by the time of recording."""
    wanted = {
        "creator": creator,
        "creator__market": market,
        "rule_code": rule,
        "severity": severity,
        "kind": kind,
        "recorded_at__gte": since,
        "recorded_at__lt": until,
    }
    return entries.filter(**{name: value for name, value in wanted.items() if value})


def internal_seen(entries: Sequence[LedgerEntry], user: User) -> set[int]:
    """The keys of those whose evidence and internal note the user may see."""
    keys = [entry.pk for entry in entries]
    return set(LedgerEntry.objects.filter(pk__in=keys).with_evidence_for(user).order_by().values_list("pk", flat=True))

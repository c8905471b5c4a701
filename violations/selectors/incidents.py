"""Entries that may be about the incident at hand."""

from datetime import datetime, timedelta

from creators.models import Creator
from violations.models import LedgerEntry

# Without a content link, the same rule within this time asks whether it is the same incident.
REPEAT_WITHIN = timedelta(hours=24)


def same_incident(*, creator: Creator, rule_code: str, key: str, at: datetime) -> LedgerEntry | None:
    """The entry of the same rule about the same content (`rules.links.content_key`) that is not reversed."""
    if not key:
        return None
    same = LedgerEntry.objects.filter(creator=creator, rule_code=rule_code, details__content_key=key)
    return same.violations().not_reversed(at=at).order_by("sequence").first()


def possible_repeat(*, creator: Creator, rule_code: str, effective_at: datetime, at: datetime) -> LedgerEntry | None:
    """An entry of the same rule within 24 hours that is not reversed."""
    near = LedgerEntry.objects.filter(
        creator=creator,
        rule_code=rule_code,
        effective_at__gt=effective_at - REPEAT_WITHIN,
        effective_at__lt=effective_at + REPEAT_WITHIN,
    )
    return near.violations().not_reversed(at=at).order_by("sequence").first()

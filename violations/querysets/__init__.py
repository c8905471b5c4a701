from violations.querysets.appeals import AppealQuerySet
from violations.querysets.batches import BatchQuerySet
from violations.querysets.blacklist import BlacklistQuerySet
from violations.querysets.ledger import (
    LedgerEntryQuerySet,
    NoticeQuerySet,
    RestrictionQuerySet,
    ReversalRequestQuerySet,
    evidence_visible_to,
)
from violations.querysets.links import CreatorLinkQuerySet
from violations.querysets.rulebooks import RuleBookQuerySet

__all__ = [
    "AppealQuerySet",
    "BatchQuerySet",
    "BlacklistQuerySet",
    "CreatorLinkQuerySet",
    "LedgerEntryQuerySet",
    "NoticeQuerySet",
    "RestrictionQuerySet",
    "ReversalRequestQuerySet",
    "RuleBookQuerySet",
    "evidence_visible_to",
]

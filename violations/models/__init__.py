from violations.models.appeals import Appeal, AppealEvidence, AppealStep
from violations.models.batches import Batch, BatchRow
from violations.models.blacklist import BlacklistEntry, BlacklistEvidence
from violations.models.health import HealthRating
from violations.models.ledger import (
    POINTS_LAST,
    EntryDetails,
    Evidence,
    LedgerEntry,
    LedgerHead,
    Notice,
    Restriction,
    ReversalRequest,
)
from violations.models.links import CreatorLink, LinkCode
from violations.models.rulebooks import HealthBand, Milestone, Rule, RuleBook

__all__ = [
    "POINTS_LAST",
    "Appeal",
    "AppealEvidence",
    "AppealStep",
    "Batch",
    "BatchRow",
    "BlacklistEntry",
    "BlacklistEvidence",
    "CreatorLink",
    "EntryDetails",
    "Evidence",
    "HealthBand",
    "HealthRating",
    "LedgerEntry",
    "LedgerHead",
    "LinkCode",
    "Milestone",
    "Notice",
    "Restriction",
    "ReversalRequest",
    "Rule",
    "RuleBook",
]

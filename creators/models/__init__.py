from creators.models.creators import (
    Audience,
    Creator,
    CreatorContact,
    CreatorFacts,
    CreatorHandle,
    CreatorText,
    DailyMetric,
    Person,
    Snapshot,
)
from creators.models.imports import (
    CreatorConflict,
    HeaderAlias,
    Import,
    ImportFailure,
    ImportMapping,
)
from creators.models.reference import Category, ExchangeRate, Market, by_language
from creators.models.shortlists import Shortlist, ShortlistEntry

__all__ = [
    "Audience",
    "Category",
    "Creator",
    "CreatorConflict",
    "CreatorContact",
    "CreatorFacts",
    "CreatorHandle",
    "CreatorText",
    "DailyMetric",
    "ExchangeRate",
    "HeaderAlias",
    "Import",
    "ImportFailure",
    "ImportMapping",
    "Market",
    "Person",
    "Shortlist",
    "ShortlistEntry",
    "Snapshot",
    "by_language",
]

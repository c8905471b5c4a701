from campaigns.querysets.campaigns import CampaignQuerySet, TestMatrixQuerySet
from campaigns.querysets.collaborations import CollaborationQuerySet
from campaigns.querysets.contents import ContentQuerySet, ResultImportQuerySet
from campaigns.querysets.outreach import (
    ConversationQuerySet,
    DoNotContactQuerySet,
    MessageQuerySet,
    MessageTemplateQuerySet,
)
from campaigns.querysets.plans import SeatQuerySet, TargetedPlanQuerySet
from campaigns.querysets.problems import ProblemQuerySet
from campaigns.querysets.products import ProductImportQuerySet, ProductQuerySet
from campaigns.querysets.samples import SampleQuerySet
from campaigns.querysets.settlements import (
    OrderImportQuerySet,
    OrderLineQuerySet,
    PayoutQuerySet,
    QuoteQuerySet,
    SettlementLineQuerySet,
    StatementQuerySet,
)

__all__ = [
    "CampaignQuerySet",
    "CollaborationQuerySet",
    "ContentQuerySet",
    "ConversationQuerySet",
    "DoNotContactQuerySet",
    "MessageQuerySet",
    "MessageTemplateQuerySet",
    "OrderImportQuerySet",
    "OrderLineQuerySet",
    "PayoutQuerySet",
    "ProblemQuerySet",
    "ProductImportQuerySet",
    "ProductQuerySet",
    "QuoteQuerySet",
    "ResultImportQuerySet",
    "SampleQuerySet",
    "SeatQuerySet",
    "SettlementLineQuerySet",
    "StatementQuerySet",
    "TargetedPlanQuerySet",
    "TestMatrixQuerySet",
]

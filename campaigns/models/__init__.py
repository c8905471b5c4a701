from campaigns.models.agreements import Agreement, Quote
from campaigns.models.campaigns import Campaign, CampaignStage, MatrixCell, TestMatrix
from campaigns.models.collaborations import Collaboration, CollaborationMove
from campaigns.models.contents import Content, ContentMove, ContentResult, ContentRound, ResultImport
from campaigns.models.outreach import (
    BEFORE_REPLY,
    Conversation,
    DoNotContact,
    Message,
    MessageFile,
    MessageTemplate,
    QuotaTier,
    QuotaWeek,
    Reminder,
    ShopSettings,
    WeekContact,
)
from campaigns.models.plans import PRODUCTS, SEATS, CommissionChange, PlanProduct, Seat, TargetedPlan
from campaigns.models.problems import Problem, ProblemFile, ProblemStep
from campaigns.models.products import Product, ProductImport, ProductImportRow, StockMove
from campaigns.models.samples import Sample, SampleMove
from campaigns.models.settlements import LineMove, OrderImport, OrderLine, Payout, SettlementLine, Statement

__all__ = [
    "BEFORE_REPLY",
    "PRODUCTS",
    "SEATS",
    "Agreement",
    "Campaign",
    "CampaignStage",
    "Collaboration",
    "CollaborationMove",
    "CommissionChange",
    "Content",
    "ContentMove",
    "ContentResult",
    "ContentRound",
    "Conversation",
    "DoNotContact",
    "LineMove",
    "MatrixCell",
    "Message",
    "MessageFile",
    "MessageTemplate",
    "OrderImport",
    "OrderLine",
    "Payout",
    "PlanProduct",
    "Problem",
    "ProblemFile",
    "ProblemStep",
    "Product",
    "ProductImport",
    "ProductImportRow",
    "QuotaTier",
    "QuotaWeek",
    "Quote",
    "Reminder",
    "ResultImport",
    "Sample",
    "SampleMove",
    "Seat",
    "SettlementLine",
    "ShopSettings",
    "Statement",
    "StockMove",
    "TargetedPlan",
    "TestMatrix",
    "WeekContact",
]

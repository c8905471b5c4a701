"""States and kinds of products, campaigns and targeted plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Look


class ProductState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("product", "Active")
    PAUSED = "paused", _("Paused")
    RETIRED = "retired", _("Retired")


PRODUCT_LOOKS: dict[str, Look] = {
    ProductState.ACTIVE: Look(ProductState.ACTIVE.label, "ok"),
    ProductState.PAUSED: Look(ProductState.PAUSED.label, "warn"),
    ProductState.RETIRED: Look(ProductState.RETIRED.label, "idle"),
}
PRODUCT_TRANSITIONS: dict[str, frozenset[str]] = {
    ProductState.ACTIVE: frozenset({ProductState.PAUSED, ProductState.RETIRED}),
    ProductState.PAUSED: frozenset({ProductState.ACTIVE, ProductState.RETIRED}),
    ProductState.RETIRED: frozenset({ProductState.ACTIVE}),
}


class Goal(models.TextChoices):
    """What a campaign is for; scores weigh their parts by it."""

    BRAND = "brand", _("Brand")
    SALES = "sales", _("Sales")
    TEST = "test", _("Test")
    FOLLOWERS = "followers", _("Followers")


class CampaignState(models.TextChoices):
    ACTIVE = "active", _("Active")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")
    ARCHIVED = "archived", _("Archived")


CAMPAIGN_LOOKS: dict[str, Look] = {
    CampaignState.ACTIVE: Look(CampaignState.ACTIVE.label, "ok"),
    CampaignState.CLOSED: Look(CampaignState.CLOSED.label, "idle"),
    CampaignState.ARCHIVED: Look(CampaignState.ARCHIVED.label, "idle"),
}
CAMPAIGN_TRANSITIONS: dict[str, frozenset[str]] = {
    CampaignState.ACTIVE: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset({CampaignState.ACTIVE, CampaignState.ARCHIVED}),
    CampaignState.ARCHIVED: frozenset({CampaignState.CLOSED}),
}


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")
    ARCHIVED = "archived", _("Archived")


PLAN_LOOKS: dict[str, Look] = {
    PlanState.DRAFT: Look(PlanState.DRAFT.label, "idle"),
    PlanState.RUNNING: Look(PlanState.RUNNING.label, "ok"),
    PlanState.CLOSED: Look(PlanState.CLOSED.label, "info"),
    PlanState.ARCHIVED: Look(PlanState.ARCHIVED.label, "idle"),
}
PLAN_TRANSITIONS: dict[str, frozenset[str]] = {
    PlanState.DRAFT: frozenset({PlanState.RUNNING, PlanState.ARCHIVED}),
    PlanState.RUNNING: frozenset({PlanState.CLOSED}),
    PlanState.CLOSED: frozenset({PlanState.RUNNING, PlanState.ARCHIVED}),
    PlanState.ARCHIVED: frozenset({PlanState.CLOSED}),
}
# Plans that take seats; a draft does too, so that it can be filled before it is started.
PLAN_OPEN = frozenset({PlanState.DRAFT, PlanState.RUNNING})


class SampleRule(models.TextChoices):
    """Whether creators of a plan get the product."""

    NONE = "none", _("No sample")
    APPROVAL = "approval", _("Sample after approval")
    AUTOMATIC = "automatic", _("Sample without approval")


class ContentForm(models.TextChoices):
    """What a plan asks for; who may not do it gets no seat."""

    VIDEO = "video", _("Video")
    LIVE = "live", _("LIVE")
    BOTH = "both", _("Video and LIVE")


# Selling features of the platform (violations.states.Feature) that each form needs.
FEATURES: dict[str, tuple[str, ...]] = {
    ContentForm.VIDEO: ("video",),
    ContentForm.LIVE: ("live",),
    ContentForm.BOTH: ("video", "live"),
}


class ReleaseReason(models.TextChoices):
    """Why a seat is free again."""

    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    DROPPED = "dropped", _("Dropped")
    REMOVED = "removed", _("Removed before the invitation")

"""Campaigns, their stages, and the test matrix."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.models.products import Product
from campaigns.querysets import CampaignQuerySet, TestMatrixQuerySet
from campaigns.states.plans import CAMPAIGN_LOOKS, CampaignState, Goal
from core.states import Look

TRACKED = [
    "name", "goal", "audience", "content_form", "talking_points", "forbidden_words", "usage_rights", "budget",
    "starts_on", "ends_on", "owner", "state",
]  # fmt: skip


@pghistory.track(pghistory.UpdateEvent(), fields=TRACKED, model_name="CampaignEvent")
class Campaign(models.Model):
    """Plans of a shop with one goal, brief and budget."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="campaigns", verbose_name=_("Shop"))
    name = models.CharField(_("Name"), max_length=120)
    goal = models.CharField(_("Goal"), max_length=12, choices=Goal)
    # The brief.
    audience = models.TextField(_("Audience"), blank=True)
    content_form = models.TextField(_("Content form"), blank=True)
    talking_points = models.TextField(_("Talking points"), blank=True)
    forbidden_words = ArrayField(
        models.CharField(max_length=80), verbose_name=_("Words that must not appear"), default=list, blank=True
    )
    usage_rights = models.TextField(_("Usage rights asked"), blank=True)
    budget = models.DecimalField(_("Budget"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Owner"))
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.ACTIVE)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name"], condition=~Q(state="archived"), name="campaign_name_once_a_shop"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="campaign_budget_not_negative"
            ),
            models.CheckConstraint(condition=Q(goal__in=Goal.values), name="campaign_goal_known"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaign_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return CAMPAIGN_LOOKS[self.state]


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["name", "starts_on", "ends_on", "goal_invited", "goal_contents", "goal_gmv"],
    model_name="CampaignStageEvent",
)
class CampaignStage(models.Model):
    """A stretch of a campaign's map (for example warm-up, push, festival) with what it is to reach."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    name = models.CharField(_("Name"), max_length=80)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))
    goal_invited = models.PositiveIntegerField(_("Creators to invite"), null=True, blank=True)
    goal_contents = models.PositiveIntegerField(_("Contents to publish"), null=True, blank=True)
    # Net of refunds, in the campaign's currency.
    goal_gmv = models.DecimalField(_("GMV to reach"), max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaignstage_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name


class TestMatrix(models.Model):
    """Products by content styles, tried side by side."""

    __test__ = False

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="matrices")
    name = models.CharField(_("Name"), max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = TestMatrixQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matrix_detail", args=[self.pk])


class MatrixCell(models.Model):
    """One product in one content style; collaborations and contents are assigned to it."""

    matrix = models.ForeignKey(TestMatrix, models.CASCADE, related_name="cells")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    style = models.CharField(_("Content style"), max_length=60)
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["row", "column"]
        constraints = [
            models.UniqueConstraint(fields=["matrix", "product", "style"], name="matrixcell_once"),
            models.UniqueConstraint(fields=["matrix", "row", "column"], name="matrixcell_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.product} × {self.style}"

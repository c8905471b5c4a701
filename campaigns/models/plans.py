"""Targeted plans: products with commissions for at most 30 creators."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.models.campaigns import Campaign, MatrixCell
from campaigns.models.products import Product
from campaigns.querysets import SeatQuerySet, TargetedPlanQuerySet
from campaigns.states.plans import PLAN_LOOKS, ContentForm, PlanState, ReleaseReason, SampleRule
from core.states import Look
from creators.models import Creator, Market

SEATS = 30
PRODUCTS = 100
TRACKED = [
    "name", "campaign", "ends_on", "message", "message_language", "sample_rule", "content_form", "contents_wanted",
    "min_views", "contact_name", "contact_email", "budget", "expected_gmv", "owner", "state",
]  # fmt: skip


@pghistory.track(pghistory.UpdateEvent(), fields=TRACKED, model_name="TargetedPlanEvent")
class TargetedPlan(models.Model):
    """An offer of a shop to chosen creators of one market."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="plans", verbose_name=_("Shop"))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("Campaign")
    )
    name = models.CharField(_("Name"), max_length=120)
    market = models.ForeignKey(Market, models.PROTECT, related_name="+", verbose_name=_("Market"))
    # The last day, in the market.
    ends_on = models.DateField(_("Ends on"))
    message = models.TextField(_("Invitation"), blank=True)
    message_language = models.CharField(_("Language of the invitation"), max_length=10, default="en")
    sample_rule = models.CharField(_("Samples"), max_length=12, choices=SampleRule, default=SampleRule.APPROVAL)
    content_form = models.CharField(_("Content"), max_length=8, choices=ContentForm, default=ContentForm.VIDEO)
    contents_wanted = models.PositiveSmallIntegerField(_("Contents a creator"), default=1)
    # A content with fewer does not count as fulfilled; empty: views do not matter.
    min_views = models.PositiveIntegerField(_("Views to count as fulfilled"), null=True, blank=True)
    contact_name = models.CharField(_("Contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("Contact e-mail"), blank=True)
    # Samples and fees; commission is paid by the platform.
    budget = models.DecimalField(_("Budget"), max_digits=18, decimal_places=2, null=True, blank=True)
    expected_gmv = models.DecimalField(_("Expected GMV"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Owner"))
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # What it was duplicated or split from.
    source = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = TargetedPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(Length("message"), 500), name="plan_message_max_500"
            ),
            models.CheckConstraint(
                condition=Q(contents_wanted__gte=1, contents_wanted__lte=50), name="plan_contents_1_to_50"
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="plan_budget_not_negative"
            ),
            models.CheckConstraint(condition=Q(sample_rule__in=SampleRule.values), name="plan_sample_rule_known"),
            models.CheckConstraint(condition=Q(content_form__in=ContentForm.values), name="plan_content_form_known"),
        ]
        indexes = [models.Index(fields=["shop", "state", "-id"], name="plan_shop_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plan_detail", args=[self.pk])

    @property
    def code(self) -> str:
        return f"TP-{self.pk:04d}"

    @property
    def look(self) -> Look:
        return PLAN_LOOKS[self.state]

    @property
    def has_samples(self) -> bool:
        return self.sample_rule != SampleRule.NONE


@pghistory.track(pghistory.UpdateEvent(), fields=["commission_rate", "removed_at"], model_name="PlanProductEvent")
class PlanProduct(models.Model):
    """A product of a plan with its commission in percent; slots hold the platform's limit of 100."""

    plan = models.ForeignKey(TargetedPlan, models.CASCADE, related_name="plan_products")
    slot = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="plan_products")
    # What a creator who joins now gets; for who shows the product already see CommissionChange.
    commission_rate = models.DecimalField(_("Commission"), max_digits=5, decimal_places=2)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["slot"]
        constraints = [
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=PRODUCTS), name="planproduct_slot_1_to_100"),
            models.CheckConstraint(
                condition=Q(commission_rate__gte=1, commission_rate__lte=80), name="planproduct_rate_1_to_80"
            ),
            models.UniqueConstraint(
                fields=["plan", "slot"], condition=Q(removed_at__isnull=True), name="planproduct_slot_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "product"], condition=Q(removed_at__isnull=True), name="planproduct_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.commission_rate}%"


class CommissionChange(models.Model):
    """A new commission: a rise holds at once, a cut from the next midnight in the market for who shows the product.

    Source: the platform facts, "Open vs target", target collaborations.
    """

    plan_product = models.ForeignKey(PlanProduct, models.CASCADE, related_name="changes")
    from_rate = models.DecimalField(max_digits=5, decimal_places=2)
    to_rate = models.DecimalField(max_digits=5, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # From when it holds for creators who showed the product at `at`.
    takes_effect_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_rate} → {self.to_rate}"


class Seat(models.Model):
    """A place of a plan: `CHECK` and two unique constraints make at most 30 true for every writer."""

    plan = models.ForeignKey(TargetedPlan, models.PROTECT, related_name="seats")
    slot = models.PositiveSmallIntegerField()
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="seats")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_because = models.CharField(max_length=10, choices=ReleaseReason, blank=True)
    # The cell of a test matrix that the seat belongs to.
    cell = models.ForeignKey(MatrixCell, models.SET_NULL, null=True, related_name="seats")

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "slot", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=SEATS), name="seat_slot_1_to_30"),
            models.UniqueConstraint(
                fields=["plan", "slot"], condition=Q(released_at__isnull=True), name="seat_slot_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "creator"], condition=Q(released_at__isnull=True), name="seat_creator_once"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_because="")
                | (Q(released_at__isnull=False) & ~Q(released_because="")),
                name="seat_released_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.slot}"

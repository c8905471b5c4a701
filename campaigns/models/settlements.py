"""Orders that creators brought, and what is paid for them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Shop
from campaigns.models.collaborations import Collaboration
from campaigns.models.contents import Content
from campaigns.models.products import Product
from campaigns.querysets import (
    OrderImportQuerySet,
    OrderLineQuerySet,
    PayoutQuerySet,
    SettlementLineQuerySet,
    StatementQuerySet,
)
from campaigns.states.settlements import (
    LINE_LOOKS,
    PAYABLE_STATES,
    PLATFORM_STATES,
    LineKind,
    LineState,
    Payer,
)
from core.models import Job, StoredFile
from core.states import Look
from creators.models import Creator


class OrderImport(models.Model):
    """The platform's report of affiliate orders of a shop."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # Rows that were not taken: a list of objects with row, field, value and message code.
    problems = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # None until somebody starts it.
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    objects = OrderImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("order_import_detail", args=[self.pk])


class OrderLine(models.Model):
    """A line of an order that a creator brought. Money in `currency`, rates in percent.

    The base of a commission is item price − both coupons − tax − refunded, summed, and never below 0.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    order_id = models.CharField(max_length=40)
    line_id = models.CharField(max_length=40, blank=True)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="order_lines")
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="order_lines")
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, null=True, related_name="order_lines")
    content = models.ForeignKey(Content, models.SET_NULL, null=True, related_name="order_lines")
    ordered_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    quantity = models.PositiveIntegerField(default=1)
    # Of all pieces.
    item_price = models.DecimalField(max_digits=18, decimal_places=2)
    platform_coupon = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    seller_coupon = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    commission_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    ads_commission_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # What the platform's report says it pays.
    commission_reported = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    ads_commission_reported = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    order_import = models.ForeignKey(OrderImport, models.SET_NULL, null=True, related_name="lines")
    recorded_at = models.DateTimeField()

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "order_id", "line_id"], name="orderline_once"),
            models.CheckConstraint(
                condition=Q(
                    item_price__gte=0, platform_coupon__gte=0, seller_coupon__gte=0, tax__gte=0, refunded__gte=0
                ),
                name="orderline_money_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-ordered_at"], name="orderline_shop_ordered")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_id}"


@pghistory.track(pghistory.UpdateEvent(), fields=["number", "totals"], model_name="StatementEvent")
class Statement(models.Model):
    """What a creator gets from a shop for a month in one currency; its lines and totals stay as issued."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="statements")
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="statements")
    # The first of the month.
    month = models.DateField()
    currency = models.CharField(max_length=3)
    # 1 for the first one issued for the month, then what came after it.
    number = models.PositiveSmallIntegerField(default=1)
    # Sums as they were issued, decimal text by name.
    totals = models.JSONField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "creator", "month", "currency", "number"], name="statement_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month_first"),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("statement_detail", args=[self.pk])


class Payout(models.Model):
    """A payment file for the bank: lines that were paid together."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="payouts")
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=18, decimal_places=2)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    reference = models.CharField(max_length=120, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("payout_detail", args=[self.pk])


@pghistory.track(
    pghistory.UpdateEvent(), fields=["state", "amount", "approved_by", "reported", "note"],
    model_name="SettlementLineEvent",
)  # fmt: skip
class SettlementLine(models.Model):
    """An amount for a collaboration and a month, paid by the platform or payable by us; negative takes back."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="settlement_lines", db_index=False)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="settlement_lines")
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="settlement_lines")
    kind = models.CharField(max_length=16, choices=LineKind)
    payer = models.CharField(max_length=10, choices=Payer)
    # The first of the month it belongs to.
    month = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    # How it was computed: base, rate, views and the like as decimal text.
    parts = models.JSONField(default=dict)
    # What the platform's report says; the platform's lines only.
    reported = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    state = models.CharField(max_length=10, choices=LineState)
    due_on = models.DateField(null=True)
    # Above the shop's limit: approved by somebody else than who made it.
    needs_second = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="lines")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="lines")
    # The paid line that a refund takes back from.
    adjusts = models.ForeignKey("self", models.PROTECT, null=True, related_name="adjustments")
    note = models.TextField(blank=True)

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(payer="platform", state__in=sorted(PLATFORM_STATES))
                | Q(payer="us", state__in=sorted(PAYABLE_STATES)),
                name="settlementline_state_of_payer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="settlementline_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved_by__isnull=True) | Q(made_by__isnull=True)
                | ~Q(approved_by=F("made_by")),
                name="settlementline_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="paid") ^ Q(paid_at__isnull=True), name="settlementline_paid_iff_moment"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="settlementline_month_first"),
            # The platform's commission of a month is one line, computed again when orders change.
            models.UniqueConstraint(
                fields=["collaboration", "kind", "month", "currency"],
                condition=Q(payer="platform"),
                name="settlementline_platform_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["shop", "state", "-id"], name="settlementline_shop_state"),
            models.Index(fields=["shop", "-month", "-id"], name="settlementline_shop_month"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"

    @property
    def look(self) -> Look:
        return LINE_LOOKS[self.state]


class LineMove(models.Model):
    """One change of a line's state: who, when, why."""

    line = models.ForeignKey(SettlementLine, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=10, choices=LineState, blank=True)
    to_state = models.CharField(max_length=10, choices=LineState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.to_state}"

"""Products of a shop."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.querysets import ProductImportQuerySet, ProductQuerySet
from campaigns.states.plans import PRODUCT_LOOKS, ProductState
from core.models import Job, StoredFile
from core.states import Look
from creators.models import Category

TRACKED = [
    "title", "price", "unit_cost", "platform_fee_rate", "tax_rate", "sample_cost", "default_commission_rate",
    "max_commission_rate", "compliance_notes", "state",
]  # fmt: skip


@pghistory.track(pghistory.UpdateEvent(), fields=TRACKED, model_name="ProductEvent")
class Product(models.Model):
    """A product that creators show. Rates are percent; what is not known stays empty, never 0."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="products", verbose_name=_("Shop"))
    # Text: 19 digits do not fit a spreadsheet number.
    platform_id = models.CharField(_("Platform ID"), max_length=40, blank=True)
    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    title = models.CharField(_("Title"), max_length=300)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Category")
    )
    price = models.DecimalField(_("Price"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3)
    unit_cost = models.DecimalField(_("Unit cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    platform_fee_rate = models.DecimalField(_("Platform fee"), max_digits=5, decimal_places=2, null=True, blank=True)
    tax_rate = models.DecimalField(_("Tax"), max_digits=5, decimal_places=2, null=True, blank=True)
    sample_cost = models.DecimalField(_("Sample cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    # Moves only through campaigns.services.stock, which leaves a row each time.
    sample_stock = models.IntegerField(_("Samples in stock"), default=0)
    default_commission_rate = models.DecimalField(
        _("Usual commission"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    max_commission_rate = models.DecimalField(
        _("Highest commission"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    compliance_notes = models.TextField(_("Compliance notes"), blank=True)
    state = models.CharField(max_length=10, choices=ProductState, default=ProductState.ACTIVE)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "platform_id"], condition=~Q(platform_id=""), name="product_platform_id_once_a_shop"
            ),
            models.UniqueConstraint(fields=["shop", "sku"], condition=~Q(sku=""), name="product_sku_once_a_shop"),
            models.CheckConstraint(condition=Q(platform_id__regex=r"^[0-9]*$"), name="product_platform_id_digits"),
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=Q(sample_stock__gte=0), name="product_stock_not_negative"),
            models.CheckConstraint(
                condition=Q(default_commission_rate__isnull=True)
                | Q(default_commission_rate__gte=1, default_commission_rate__lte=80),
                name="product_default_rate_1_to_80",
            ),
            models.CheckConstraint(
                condition=Q(max_commission_rate__isnull=True)
                | Q(max_commission_rate__gte=1, max_commission_rate__lte=80),
                name="product_max_rate_1_to_80",
            ),
            models.CheckConstraint(
                condition=Q(default_commission_rate__isnull=True)
                | Q(max_commission_rate__isnull=True)
                | Q(default_commission_rate__lte=F("max_commission_rate")),
                name="product_default_rate_within_max",
            ),
            models.CheckConstraint(condition=Q(state__in=ProductState.values), name="product_state_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("product_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return PRODUCT_LOOKS[self.state]


class StockMove(models.Model):
    """Samples that came into or left a product's stock; `delta` is signed."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="stock_moves")
    delta = models.IntegerField()
    # What is left after it.
    balance = models.PositiveIntegerField()
    sample = models.ForeignKey("campaigns.Sample", models.PROTECT, null=True, related_name="stock_moves")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(delta=0), name="stockmove_moves")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.delta:+}"


class ProductImport(models.Model):
    """A file whose rows become products; looked at first, then written by a job."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # Field of a product by position of the column.
    columns = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # None until somebody starts it.
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    objects = ProductImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("product_import_detail", args=[self.pk])


class ProductImportRow(models.Model):
    """A row of the file that was not taken: where, and why."""

    product_import = models.ForeignKey(ProductImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    # A list of objects with field and message code.
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["product_import", "number"], name="productimportrow_once")]

    def __str__(self) -> str:
        return f"{self.product_import_id}/{self.number}"

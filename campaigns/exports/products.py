"""Columns of files that hold products; a list that was exported can be imported again."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.exports import Column


def _rate(name: str) -> Any:
    """A percentage of 15 as the fraction 0.15, which files show as 15 %."""

    def value(product: Any) -> Any:
        rate = getattr(product, name)
        return None if rate is None else rate / 100

    return value


PRODUCT_COLUMNS = (
    Column("platform_id", _("Product ID"), lambda product: product.platform_id, 24),
    Column("sku", _("SKU"), lambda product: product.sku, 18),
    Column("title", _("Title"), lambda product: product.title, 48),
    Column("shop", _("Shop"), lambda product: str(product.shop), 20),
    Column("category", _("Category"), lambda product: str(product.category or ""), 26),
    Column("state", _("State"), lambda product: str(product.look.label), 10),
    Column("currency", _("Currency"), lambda product: product.currency, 9),
    Column("price", _("Price"), lambda product: product.price, 12, "number"),
    Column("unit_cost", _("Unit cost"), lambda product: product.unit_cost, 12, "number"),
    Column("platform_fee_rate", _("Platform fee"), _rate("platform_fee_rate"), 12, "percent"),
    Column("tax_rate", _("Tax"), _rate("tax_rate"), 9, "percent"),
    Column("default_commission_rate", _("Usual commission"), _rate("default_commission_rate"), 12, "percent"),
    Column("max_commission_rate", _("Highest commission"), _rate("max_commission_rate"), 12, "percent"),
    Column("sample_cost", _("Sample cost"), lambda product: product.sample_cost, 12, "number"),
    Column("sample_stock", _("Samples in stock"), lambda product: product.sample_stock, 12, "count"),
    Column("compliance_notes", _("Compliance notes"), lambda product: product.compliance_notes, 48),
)

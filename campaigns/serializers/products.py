"""What the API takes and says about products."""

from typing import Any

from rest_framework import serializers

from accounts.models import Shop
from campaigns.models import Product
from campaigns.rules.product_rows import ID_MAX, NOTES_MAX, SKU_MAX, STOCK_MAX, TITLE_MAX
from campaigns.selectors.products import contribution_of
from campaigns.states.plans import ProductState
from creators.models import Category

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
RATE: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "help_text": "In percent."}
OPEN: dict[str, Any] = {"allow_null": True, "required": False}


class ProductSerializer(serializers.Serializer[Any]):
    """A product; what is not known is null."""

    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    platform_id = serializers.CharField(help_text="As text: 19 digits do not fit a number.")
    sku = serializers.CharField()
    title = serializers.CharField()
    category = serializers.IntegerField(allow_null=True)
    price = serializers.DecimalField(**MONEY)
    currency = serializers.CharField()
    unit_cost = serializers.DecimalField(**MONEY, allow_null=True)
    platform_fee_rate = serializers.DecimalField(**RATE, allow_null=True)
    tax_rate = serializers.DecimalField(**RATE, allow_null=True)
    sample_cost = serializers.DecimalField(**MONEY, allow_null=True)
    sample_stock = serializers.IntegerField()
    default_commission_rate = serializers.DecimalField(**RATE, allow_null=True)
    max_commission_rate = serializers.DecimalField(**RATE, allow_null=True)
    compliance_notes = serializers.CharField()
    state = serializers.ChoiceField(choices=ProductState.choices)
    contribution = serializers.DecimalField(**MONEY, help_text="What a piece leaves at the usual commission.")
    is_before_goods_cost = serializers.BooleanField(help_text="A cost is not known and so not taken off.")
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Which parts are not known.")


class ProductPatchSerializer(serializers.Serializer[Any]):
    """What may be changed of a product; `state` follows the table of states."""

    platform_id = serializers.CharField(max_length=ID_MAX, allow_blank=True, required=False)
    sku = serializers.CharField(max_length=SKU_MAX, allow_blank=True, required=False)
    title = serializers.CharField(max_length=TITLE_MAX, required=False)
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), **OPEN)
    price = serializers.DecimalField(**MONEY, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    unit_cost = serializers.DecimalField(**MONEY, **OPEN)
    platform_fee_rate = serializers.DecimalField(**RATE, **OPEN)
    tax_rate = serializers.DecimalField(**RATE, **OPEN)
    sample_cost = serializers.DecimalField(**MONEY, **OPEN)
    default_commission_rate = serializers.DecimalField(**RATE, **OPEN)
    max_commission_rate = serializers.DecimalField(**RATE, **OPEN)
    compliance_notes = serializers.CharField(max_length=NOTES_MAX, allow_blank=True, required=False)
    state = serializers.ChoiceField(choices=ProductState.choices, required=False)


class ProductInputSerializer(ProductPatchSerializer):
    """A new product of one of your shops."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    title = serializers.CharField(max_length=TITLE_MAX)
    price = serializers.DecimalField(**MONEY)
    currency = serializers.CharField(max_length=3)
    stock = serializers.IntegerField(min_value=0, max_value=STOCK_MAX, default=0)
    state = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            self.fields["shop"].queryset = Shop.objects.visible_to(request.user).active()  # type: ignore[attr-defined]


class StockInputSerializer(serializers.Serializer[Any]):
    """Samples that came in, or with a minus went out."""

    delta = serializers.IntegerField(min_value=-STOCK_MAX, max_value=STOCK_MAX)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class StockSerializer(serializers.Serializer[Any]):
    """A booked move of the stock, and what is left after it."""

    delta = serializers.IntegerField()
    balance = serializers.IntegerField()
    note = serializers.CharField()
    at = serializers.DateTimeField()


def product_output(product: Product) -> dict[str, Any]:
    """A product as `ProductSerializer` declares it, amounts as exact texts."""
    left = contribution_of(product)
    values = {name: getattr(product, name) for name in _PLAIN}
    values |= {name: None if (value := getattr(product, name)) is None else f"{value:.2f}" for name in _NUMBERS}
    return {
        "id": product.pk,
        "shop": product.shop_id,
        "category": product.category_id,
        **values,
        "contribution": f"{left.amount:.2f}",
        "is_before_goods_cost": left.is_before_goods_cost,
        "unknown": list(left.unknown),
    }


_PLAIN = ("platform_id", "sku", "title", "currency", "sample_stock", "compliance_notes", "state")
_NUMBERS = (
    "price", "unit_cost", "platform_fee_rate", "tax_rate", "sample_cost", "default_commission_rate",
    "max_commission_rate",
)  # fmt: skip

"""What the API takes and says about settlement lines, statements, payouts and order lines."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Shop
from campaigns.filters.settlements import month_read
from campaigns.models import OrderLine, Payout, SettlementLine, Statement
from campaigns.rules.money import ZERO
from campaigns.rules.order_columns import OrderRow
from campaigns.selectors.statements import statement_name
from campaigns.states.settlements import LineKind, LineState, Payer
from creators.models import Creator
from creators.rules.currencies import CODES
from creators.rules.handles import parse_handle

TEXT_MAX = 2_000
MOST_LINES = 1_000


def money(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=2, **options)


class MonthText(serializers.CharField):
    """A month as 2026-11; the value is its first day."""

    def to_internal_value(self, data: Any) -> Any:
        month = month_read(str(data))
        if month is None:
            raise serializers.ValidationError(_("Write the month as 2026-11."))
        return month


class ShopInput(serializers.Serializer):
    """Input about one of your active shops."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            shop: Any = self.fields["shop"]
            shop.queryset = Shop.objects.visible_to(self.context["request"].user).active()


class SettlementSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    collaboration = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    payer = serializers.ChoiceField(choices=Payer.choices)
    month = serializers.CharField(help_text="As 2026-11.")
    amount = money(help_text="Below 0 takes back.")
    currency = serializers.CharField()
    reported = money(allow_null=True, help_text="What the platform reports; its lines only.")
    state = serializers.ChoiceField(choices=LineState.choices)
    due_on = serializers.DateField(allow_null=True)
    parts = serializers.JSONField(help_text="How it was computed: base, rate, views and the like as decimal text.")
    needs_second = serializers.BooleanField()
    made_by = serializers.CharField(allow_null=True)
    approved_by = serializers.CharField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)
    payout = serializers.IntegerField(allow_null=True)
    statement = serializers.IntegerField(allow_null=True)
    adjusts = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class LineReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


class StatementSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    shop = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    month = serializers.CharField(help_text="As 2026-11.")
    currency = serializers.CharField()
    totals = serializers.DictField(child=money(), help_text="Sums as they were issued.")
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Keys of its settlement lines.")
    issued_at = serializers.DateTimeField()


class StatementInputSerializer(ShopInput):
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.all())
    month = MonthText(help_text="As 2026-11.")
    currency = serializers.ChoiceField(choices=sorted(CODES))


class PayoutSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    currency = serializers.CharField()
    total = money()
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Keys of its settlement lines.")
    made_at = serializers.DateTimeField()
    paid_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField(allow_blank=True)


class PayoutInputSerializer(ShopInput):
    currency = serializers.ChoiceField(choices=sorted(CODES))


class PaymentSerializer(serializers.Serializer):
    reference = serializers.CharField(max_length=120)
    paid_on = serializers.DateField()


class OrderLineInput(serializers.Serializer):
    """A line of an order that a creator brought; sent again, it replaces what is known of it."""

    order_id = serializers.CharField(max_length=40)
    line_id = serializers.CharField(max_length=40, allow_blank=True, default="")
    creator = serializers.CharField(max_length=200, help_text="Handle or link to the profile, in the shop's market.")
    product_id = serializers.CharField(max_length=40, allow_blank=True, default="")
    sku = serializers.CharField(max_length=80, allow_blank=True, default="")
    content_id = serializers.CharField(max_length=40, allow_blank=True, default="")
    ordered_at = serializers.DateTimeField()
    currency = serializers.ChoiceField(choices=sorted(CODES))
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    item_price = money(min_value=ZERO, help_text="Of all pieces, before coupons.")
    platform_coupon = money(min_value=ZERO, default=ZERO)
    seller_coupon = money(min_value=ZERO, default=ZERO)
    tax = money(min_value=ZERO, default=ZERO)
    refunded = money(min_value=ZERO, default=ZERO)
    commission_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, allow_null=True, default=None
    )
    ads_commission_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, allow_null=True, default=None
    )
    commission_reported = money(allow_null=True, default=None)
    ads_commission_reported = money(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["refunded"] > attrs["item_price"]:
            raise serializers.ValidationError({"refunded": _("More is refunded than was ordered.")})
        return attrs


class OrderLinesInputSerializer(ShopInput):
    lines = serializers.ListField(child=OrderLineInput(), min_length=1, max_length=MOST_LINES)


class RefusedLineSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="The place in `lines`, from 0.")
    field = serializers.CharField()
    code = serializers.CharField()


class OrderLinesSerializer(serializers.Serializer):
    written = serializers.IntegerField()
    matched = serializers.IntegerField(help_text="Lines with a collaboration.")
    settled = serializers.IntegerField(help_text="Settlement lines that changed.")
    refused = RefusedLineSerializer(many=True)


class OrderLineSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    order_id = serializers.CharField()
    line_id = serializers.CharField(allow_blank=True)
    creator = serializers.IntegerField()
    product = serializers.IntegerField(allow_null=True)
    collaboration = serializers.IntegerField(allow_null=True)
    ordered_at = serializers.DateTimeField()
    currency = serializers.CharField()
    quantity = serializers.IntegerField()
    item_price = money()
    refunded = money()
    commission_reported = money(allow_null=True)


def order_row(index: int, values: dict[str, Any]) -> OrderRow:
    """A line as the importer reads it."""
    handle, problem = parse_handle(values["creator"])
    plain = {name: value for name, value in values.items() if name not in ("creator", "product_id")}
    row = OrderRow(index, handle=handle or "", product_id=values["product_id"], **plain)
    row.line_id = row.line_id or row.sku[:40] or row.product_id
    if problem:
        row.problems.append(("creator", "creator_missing"))
    return row


def money_text(amount: Decimal | None) -> str | None:
    """An amount as text with two decimals: a number would lose cents."""
    return None if amount is None else f"{amount:.2f}"


def settlement_output(line: SettlementLine) -> dict[str, Any]:
    """A line, read with its creator and people, as `SettlementSerializer` declares it."""
    plain = ("kind", "payer", "currency", "state", "due_on", "parts", "needs_second", "note")
    keys = ("shop", "creator", "collaboration", "payout", "statement", "adjusts")
    return {
        "id": line.pk,
        "handle": line.creator.handle,
        "month": f"{line.month:%Y-%m}",
        "amount": money_text(line.amount),
        "reported": money_text(line.reported),
        "made_by": str(line.made_by) if line.made_by else None,
        "approved_by": str(line.approved_by) if line.approved_by else None,
        **{name: getattr(line, f"{name}_id") for name in keys},
        **{name: getattr(line, name) for name in (*plain, "approved_at", "paid_at")},
    }


def statement_output(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.pk,
        "name": statement_name(statement),
        "shop": statement.shop_id,
        "creator": statement.creator_id,
        "handle": statement.creator.handle,
        "month": f"{statement.month:%Y-%m}",
        "currency": statement.currency,
        "totals": statement.totals,
        "lines": [line.pk for line in statement.lines.all()],
        "issued_at": statement.issued_at,
    }


def payout_output(payout: Payout) -> dict[str, Any]:
    return {
        "id": payout.pk,
        "shop": payout.shop_id,
        "lines": [line.pk for line in payout.lines.all()],
        "total": money_text(payout.total),
        **{name: getattr(payout, name) for name in ("currency", "made_at", "paid_on", "reference")},
    }


def order_line_output(line: OrderLine) -> dict[str, Any]:
    plain = ("order_id", "line_id", "ordered_at", "currency", "quantity")
    keys = ("shop", "creator", "product", "collaboration")
    money_names = ("item_price", "refunded", "commission_reported")
    return {
        "id": line.pk,
        **{name: getattr(line, f"{name}_id") for name in keys},
        **{name: getattr(line, name) for name in plain},
        **{name: money_text(getattr(line, name)) for name in money_names},
    }

"""What the API takes and says about samples."""

from typing import Any, cast

from rest_framework import serializers

from campaigns.models import Collaboration, Product, Sample
from campaigns.rules.tracking import tracking_url
from campaigns.states.samples import SampleState

TEXT_MAX = 2_000


class SampleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    collaboration = serializers.IntegerField()
    shop = serializers.IntegerField()
    plan = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    product = serializers.IntegerField()
    quantity = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SampleState.choices)
    state_at = serializers.DateTimeField()
    decide_by = serializers.DateTimeField(help_text="Seven days after the request.")
    screening = serializers.ListField(
        child=serializers.DictField(), help_text="What the rules said: code, passed (null: not known) and values."
    )
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    cost = serializers.DecimalField(
        max_digits=18, decimal_places=2, allow_null=True, help_text="Of all pieces; booked by the approval."
    )
    currency = serializers.CharField()
    ship_by = serializers.DateTimeField(allow_null=True)
    carrier = serializers.CharField(allow_blank=True)
    tracking = serializers.CharField(allow_blank=True)
    tracking_url = serializers.CharField(allow_blank=True, help_text="Empty for carriers without a known page.")
    expected_on = serializers.DateField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    content_due_at = serializers.DateTimeField(allow_null=True)
    extended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    requested_by = serializers.CharField()
    requested_at = serializers.DateTimeField()


class SampleInputSerializer(serializers.Serializer):
    """A request for a sample; the product is one of the plan's."""

    collaboration = serializers.PrimaryKeyRelatedField(queryset=Collaboration.objects.none())
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.none())
    quantity = serializers.IntegerField(min_value=1, max_value=100, default=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" not in self.context:
            return
        user, fields = self.context["request"].user, cast("Any", self.fields)
        fields["collaboration"].queryset = Collaboration.objects.visible_to(user)
        fields["product"].queryset = Product.objects.visible_to(user)


class ApprovalSerializer(serializers.Serializer):
    cost = serializers.DecimalField(
        max_digits=15, decimal_places=2, min_value=0, allow_null=True, default=None,
        help_text="None: the product's sample cost for all pieces.",
    )  # fmt: skip
    note = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=TEXT_MAX)


class ShipmentSerializer(serializers.Serializer):
    carrier = serializers.CharField(max_length=80)
    tracking = serializers.CharField(max_length=120, allow_blank=True, default="")
    expected_on = serializers.DateField(allow_null=True, default=None)


class DeliverySerializer(serializers.Serializer):
    delivered_at = serializers.DateTimeField(allow_null=True, default=None, help_text="None: now.")


class DefectSerializer(serializers.Serializer):
    is_accepted = serializers.BooleanField(help_text="False: the content stays due.")
    comes_back = serializers.BooleanField(default=False)
    replace = serializers.BooleanField(default=False, help_text="Ask for another one at once.")
    reason = serializers.CharField(max_length=TEXT_MAX)


class ReturnSerializer(ReasonSerializer):
    restock = serializers.BooleanField(default=True, help_text="Put the pieces back into stock.")


class JudgementSerializer(ReasonSerializer):
    is_fulfilled = serializers.BooleanField()


def sample_output(sample: Sample) -> dict[str, Any]:
    """A sample, read with its collaboration and people, as `SampleSerializer` declares it."""
    plain = (
        "quantity", "state", "state_at", "decide_by", "screening", "decided_at", "currency", "ship_by",
        "carrier", "tracking", "expected_on", "shipped_at", "delivered_at", "content_due_at", "extended_at", "reason",
        "requested_at",
    )  # fmt: skip
    collaboration = sample.collaboration
    return {
        "id": sample.pk,
        "collaboration": collaboration.pk,
        "shop": collaboration.shop_id,
        "plan": collaboration.plan_id,
        "creator": collaboration.creator_id,
        "handle": collaboration.creator.handle,
        "product": sample.product_id,
        "tracking_url": tracking_url(sample.carrier, sample.tracking),
        "decided_by": str(sample.decided_by) if sample.decided_by else None,
        "requested_by": str(sample.requested_by),
        "cost": None if sample.cost is None else f"{sample.cost:.2f}",
        **{name: getattr(sample, name) for name in plain},
    }

"""What the API takes and says about plans, their seats and products."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Shop, User
from campaigns.models import PRODUCTS, Campaign, PlanProduct, Product, Seat
from campaigns.rules.commissions import HIGHEST, LOWEST
from campaigns.rules.plans import MESSAGE_MAX
from campaigns.rules.variables import LANGUAGES
from campaigns.selectors.plan_choices import CHOSEN_MAX
from campaigns.selectors.plans import PlanRow
from campaigns.selectors.seating import Refusal
from campaigns.services.plan_products import ProductLine
from campaigns.services.plans import NAME_MAX
from campaigns.services.seats import Seating
from campaigns.states.plans import ContentForm, PlanState, SampleRule
from creators.models import Creator, Market

REASON_MAX = 2_000


class PlanSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField(help_text="TP-0312")
    name = serializers.CharField()
    shop = serializers.IntegerField()
    market = serializers.CharField()
    campaign = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=PlanState.choices)
    ends_on = serializers.DateField(help_text="The last day, in the market.")
    message = serializers.CharField(allow_blank=True)
    message_language = serializers.CharField()
    sample_rule = serializers.ChoiceField(choices=SampleRule.choices)
    content_form = serializers.ChoiceField(choices=ContentForm.choices)
    contents_wanted = serializers.IntegerField()
    min_views = serializers.IntegerField(allow_null=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    budget = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    expected_gmv = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    owner = serializers.CharField()
    copied_from = serializers.IntegerField(allow_null=True, help_text="The plan that it was duplicated or split from.")
    started_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    seats_taken = serializers.IntegerField(help_text="Of 30.")
    late = serializers.IntegerField(help_text="Collaborations whose next step is overdue.")
    budget_used = serializers.DecimalField(max_digits=18, decimal_places=2, help_text="Samples and fees.")
    gmv_net = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True, help_text="Net of refunds.")


class LineSerializer(serializers.Serializer):
    """A product for a plan."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.none())
    commission_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=LOWEST, max_value=HIGHEST, allow_null=True, default=None,
        help_text="Percent, 1 to 80; null is the product's usual commission.",
    )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if user := _reader(self):
            fields["product"].queryset = Product.objects.visible_to(user)
        return fields


class TermsInputSerializer(serializers.Serializer):
    """What people write about a plan."""

    name = serializers.CharField(max_length=NAME_MAX)
    ends_on = serializers.DateField(help_text="The last day, in the market; not a past one.")
    campaign = serializers.PrimaryKeyRelatedField(queryset=Campaign.objects.none(), allow_null=True, default=None)
    message = serializers.CharField(
        max_length=MESSAGE_MAX, allow_blank=True, default="",
        help_text="Up to 500 characters with {creator} {shop} {products} {commission} {ends_on} filled in.",
    )  # fmt: skip
    message_language = serializers.ChoiceField(choices=LANGUAGES, default="en")
    sample_rule = serializers.ChoiceField(choices=SampleRule.choices, default=SampleRule.APPROVAL)
    content_form = serializers.ChoiceField(choices=ContentForm.choices, default=ContentForm.VIDEO)
    contents_wanted = serializers.IntegerField(min_value=1, max_value=50, default=1)
    min_views = serializers.IntegerField(min_value=0, max_value=2_000_000_000, allow_null=True, default=None)
    contact_name = serializers.CharField(max_length=120, allow_blank=True, default="")
    contact_email = serializers.EmailField(allow_blank=True, default="")
    budget = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, allow_null=True, default=None)
    expected_gmv = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, allow_null=True, default=None)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.none(), allow_null=True, default=None, help_text="null: you, or who owns it already."
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if user := _reader(self):
            shops = Shop.objects.visible_to(user)
            fields["campaign"].queryset = Campaign.objects.visible_to(user)
            fields["owner"].queryset = User.objects.active().filter(memberships__shop__in=shops).distinct()
        return fields


class PlanInputSerializer(TermsInputSerializer):
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    market = serializers.PrimaryKeyRelatedField(queryset=Market.objects.all())
    products = LineSerializer(many=True, default=list)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if user := _reader(self):
            fields["shop"].queryset = Shop.objects.visible_to(user).active()
        return fields

    def validate_products(self, lines: list[dict[str, Any]]) -> list[ProductLine]:
        if len(lines) > PRODUCTS:
            raise serializers.ValidationError(_("A plan holds at most %(most)s products.") % {"most": PRODUCTS})
        return [ProductLine(line["product"], line["commission_rate"]) for line in lines]


class DuplicateInputSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=NAME_MAX, allow_blank=True, default="")


class ClosingSerializer(PlanSerializer):
    expired = serializers.IntegerField(help_text="Invitations that expired.")
    dropped = serializers.IntegerField(help_text="Seats without an invitation that were given up.")
    going_on = serializers.IntegerField(help_text="Agreed collaborations that go on.")


class SeatSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slot = serializers.IntegerField(help_text="1 to 30")
    creator = serializers.IntegerField()
    market = serializers.CharField()
    handle = serializers.CharField()
    collaboration = serializers.IntegerField()
    state = serializers.CharField(help_text="The state of the collaboration.")
    added_at = serializers.DateTimeField()


class RefusedSerializer(serializers.Serializer):
    creator = serializers.IntegerField(allow_null=True, help_text="null: nobody in the directory has the name.")
    handle = serializers.CharField(help_text="As it was sent, or the creator's.")
    code = serializers.CharField(
        help_text="creator_unknown, handle_unreadable, already_in_plan, restricted, blacklisted, do_not_contact, "
        "other_plan, plan_full"
    )
    message = serializers.CharField()


class SeatsInputSerializer(serializers.Serializer):
    """Creators by key, by handle (also profile links and creator IDs), or both; at most 1,000."""

    creators = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), default=list)
    handles = serializers.ListField(child=serializers.CharField(max_length=300), default=list)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        count = len(values["creators"]) + len(values["handles"])
        if not count:
            raise serializers.ValidationError(_("Send `creators` or `handles`."))
        if count > CHOSEN_MAX:
            raise serializers.ValidationError(_("Send at most %(most)s at once.") % {"most": CHOSEN_MAX})
        return values


class SeatingSerializer(serializers.Serializer):
    seats = SeatSerializer(many=True)
    refused = RefusedSerializer(many=True)
    warnings = RefusedSerializer(many=True, help_text="What to know about creators who have a seat.")


class SeatingRefusedSerializer(serializers.Serializer):
    """Nobody got a seat."""

    code = serializers.CharField()
    message = serializers.CharField()
    refused = RefusedSerializer(many=True)


class RemovalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_MAX)


class PlanProductSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    slot = serializers.IntegerField()
    product = serializers.IntegerField()
    title = serializers.CharField()
    sku = serializers.CharField(allow_blank=True)
    commission_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, help_text="Percent, for creators who join now."
    )


class RateInputSerializer(serializers.Serializer):
    commission_rate = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=LOWEST, max_value=HIGHEST)


class RateChangeSerializer(PlanProductSerializer):
    from_rate = serializers.DecimalField(max_digits=5, decimal_places=2)
    effective_at = serializers.DateTimeField(help_text="For new creators: at once.")
    takes_effect_at = serializers.DateTimeField(
        help_text="For creators who show the product: a cut at the next midnight in the market."
    )


def plan_output(row: PlanRow) -> dict[str, Any]:
    """A plan as `PlanSerializer` declares it."""
    plan = row.plan
    plain = (
        "code", "name", "state", "ends_on", "message", "message_language", "sample_rule", "content_form",
        "contents_wanted", "min_views", "contact_name", "contact_email", "currency", "started_at", "closed_at",
        "created_at",
    )  # fmt: skip
    return {
        "id": plan.pk,
        "shop": plan.shop_id,
        "market": plan.market_id,
        "campaign": plan.campaign_id,
        "owner": str(plan.owner),
        "copied_from": plan.source_id,
        "seats_taken": row.seats,
        "late": row.late,
        "budget": _text(plan.budget),
        "expected_gmv": _text(plan.expected_gmv),
        "budget_used": _text(row.money.cost),
        "gmv_net": _text(row.money.gmv_net),
        **{name: getattr(plan, name) for name in plain},
    }


def seat_output(seat: Seat) -> dict[str, Any]:
    """A seat, read with its creator and collaboration, as `SeatSerializer` declares it."""
    return {
        "id": seat.pk,
        "slot": seat.slot,
        "creator": seat.creator_id,
        "market": seat.creator.market_id,
        "handle": seat.creator.handle,
        "collaboration": seat.collaboration.pk,
        "state": seat.collaboration.state,
        "added_at": seat.added_at,
    }


def refused_output(creator_id: int | None, handle: str, refusal: Refusal) -> dict[str, Any]:
    return {"creator": creator_id, "handle": handle, "code": refusal.code, "message": refusal.message}


def seating_output(seating: Seating, more: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of the creators as `SeatingSerializer` declares it; `more` are names that no creator has."""
    ids = [*seating.refused, *seating.warnings]
    handles = dict(Creator.objects.filter(pk__in=ids).values_list("pk", "handle"))
    refused = [refused_output(pk, handles.get(pk, ""), one) for pk, one in seating.refused.items()]
    warned = [
        refused_output(pk, handles.get(pk, ""), one) for pk, found in seating.warnings.items() for one in found
    ]  # fmt: skip
    seats = Seat.objects.filter(pk__in=[seat.pk for seat in seating.seats])
    rows = [seat_output(seat) for seat in seats.select_related("creator", "collaboration").order_by("slot")]
    return {"seats": rows, "refused": [*refused, *more], "warnings": warned}


def plan_product_output(line: PlanProduct) -> dict[str, Any]:
    """A product of a plan, read with it, as `PlanProductSerializer` declares it."""
    return {
        "id": line.pk,
        "slot": line.slot,
        "product": line.product_id,
        "title": line.product.title,
        "sku": line.product.sku,
        "commission_rate": _text(line.commission_rate),
    }


def _text(amount: Any) -> str | None:
    """Decimals leave as text, to the cent, so that no reader makes floats of them."""
    return None if amount is None else f"{amount:.2f}"


def _reader(serializer: serializers.Serializer) -> User | None:
    """Who asks; None while the schema is drawn up for nobody."""
    user = serializer.context["request"].user if "request" in serializer.context else None
    return user if isinstance(user, User) else None

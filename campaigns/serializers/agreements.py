"""What the API takes and says about terms and quotes."""

from typing import Any, cast

from rest_framework import serializers

from accounts.models import Shop
from campaigns.models import Quote
from campaigns.selectors.agreements import Terms
from campaigns.states.settlements import Basis, QuoteForm, QuoteSource
from creators.models import Creator

TEXT_MAX = 2_000


def money(help_text: str = "", **options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=2, help_text=help_text, **options)


def _optional(help_text: str = "") -> serializers.DecimalField:
    return money(help_text, allow_null=True, default=None)


class AgreementSerializer(serializers.Serializer):
    collaboration = serializers.IntegerField()
    is_written = serializers.BooleanField(help_text="False: nobody wrote terms; what is shown would hold.")
    basis = serializers.ChoiceField(choices=Basis.choices)
    currency = serializers.CharField()
    fixed_fee = money(allow_null=True)
    per_views_fee = money("For 1,000 views.", allow_null=True)
    per_views_cap = money(allow_null=True)
    guarantee = money(allow_null=True)
    share_rate = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, help_text="Percent.")
    contents = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    usage_rights = serializers.CharField(allow_blank=True)
    usage_until = serializers.DateField(allow_null=True)
    exclusivity = serializers.CharField(allow_blank=True)
    exclusive_until = serializers.DateField(allow_null=True)
    quote = serializers.IntegerField(allow_null=True, help_text="The key of the quote that the terms rest on.")
    frozen_at = serializers.DateTimeField(allow_null=True, help_text="Since then nothing changes.")
    acknowledged_at = serializers.DateTimeField(allow_null=True, help_text="The creator agreed, through the link.")
    terms = serializers.JSONField(help_text="All of it with the products and their commissions; frozen or as of now.")


class AgreementInputSerializer(serializers.Serializer):
    """All terms; what is left out is empty. Money that the basis does not know is not kept."""

    basis = serializers.ChoiceField(choices=Basis.choices)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="", help_text="Left out: that of the plan.")
    fixed_fee = _optional()
    per_views_fee = _optional("For 1,000 views.")
    per_views_cap = _optional()
    guarantee = _optional()
    share_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, default=None, help_text="Percent."
    )
    contents = serializers.IntegerField(allow_null=True, default=None, help_text="Left out: that of the plan.")
    due_on = serializers.DateField(allow_null=True, default=None)
    usage_rights = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")
    usage_until = serializers.DateField(allow_null=True, default=None)
    exclusivity = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")
    exclusive_until = serializers.DateField(allow_null=True, default=None)
    quote = serializers.PrimaryKeyRelatedField(queryset=Quote.objects.none(), allow_null=True, default=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            fields = cast("Any", self.fields)
            fields["quote"].queryset = Quote.objects.visible_to(self.context["request"].user)


class QuoteSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator = serializers.IntegerField()
    shop = serializers.IntegerField()
    form = serializers.ChoiceField(choices=QuoteForm.choices)
    price = money()
    currency = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.ChoiceField(choices=QuoteSource.choices)  # type: ignore[assignment]
    note = serializers.CharField(allow_blank=True)
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class QuoteInputSerializer(serializers.Serializer):
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    form = serializers.ChoiceField(choices=QuoteForm.choices)
    price = money(min_value=0)
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    valid_until = serializers.DateField(allow_null=True, default=None)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=QuoteSource.choices, default=QuoteSource.CREATOR
    )
    note = serializers.CharField(max_length=300, allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            user, fields = self.context["request"].user, cast("Any", self.fields)
            fields["creator"].queryset = Creator.objects.visible_to(user)
            fields["shop"].queryset = Shop.objects.visible_to(user).active()


def agreement_output(terms: Terms) -> dict[str, Any]:
    """Terms as `AgreementSerializer` declares them."""
    agreement = terms.agreement
    names = [name for name in AgreementInputSerializer._declared_fields if name != "quote"]
    found = {name: getattr(agreement, name) for name in names}
    money_names = ("fixed_fee", "per_views_fee", "per_views_cap", "guarantee", "share_rate")
    found |= {name: None if found[name] is None else str(found[name]) for name in money_names}
    return found | {
        "collaboration": agreement.collaboration_id,
        "is_written": terms.is_written,
        "quote": agreement.quote_id,
        "frozen_at": agreement.frozen_at,
        "acknowledged_at": agreement.acknowledged_at,
        "terms": terms.values,
    }


def quote_output(quote: Quote) -> dict[str, Any]:
    """A quote as `QuoteSerializer` declares it."""
    return {
        "id": quote.pk,
        "creator": quote.creator_id,
        "shop": quote.shop_id,
        "form": quote.form,
        "price": str(quote.price),
        "currency": quote.currency,
        "valid_until": quote.valid_until,
        "source": quote.source,
        "note": quote.note,
        "recorded_by": str(quote.recorded_by),
        "recorded_at": quote.recorded_at,
    }

"""What the API takes and says about campaigns, their stages and test matrices."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.models import Shop, User
from campaigns.models import Campaign, CampaignStage, Product
from campaigns.rules.matrix import STYLE_LENGTH
from campaigns.selectors.campaign_choices import currencies, owners_for
from campaigns.selectors.campaigns import CampaignRow
from campaigns.selectors.matrices import CellView, MatrixView
from campaigns.selectors.results import Figures
from campaigns.states.plans import CampaignState, Goal

TEXT_MAX = 4_000
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
TEXTS = ("audience", "content_form", "talking_points", "usage_rights")


class CampaignSerializer(serializers.Serializer[Any]):
    """A campaign with what its plans reached; money in `currency`, null is not known."""

    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    name = serializers.CharField()
    goal = serializers.ChoiceField(choices=Goal.choices)
    state = serializers.ChoiceField(choices=CampaignState.choices)
    owner = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    currency = serializers.CharField()
    budget = serializers.DecimalField(**MONEY, allow_null=True)
    audience = serializers.CharField()
    content_form = serializers.CharField()
    talking_points = serializers.CharField()
    forbidden_words = serializers.ListField(child=serializers.CharField())
    usage_rights = serializers.CharField()
    plans = serializers.IntegerField()
    plans_running = serializers.IntegerField()
    seats_taken = serializers.IntegerField(help_text="In plans that take creators.")
    seats = serializers.IntegerField()
    funnel = serializers.DictField(child=serializers.IntegerField(), help_text="Creators who reached each step.")
    budget_used = serializers.DecimalField(**MONEY, help_text="Samples and our fees.")
    gmv_net = serializers.DecimalField(**MONEY, allow_null=True)


class CampaignPatchSerializer(serializers.Serializer[Any]):
    """What may be changed of an active campaign."""

    name = serializers.CharField(max_length=120, required=False)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    budget = serializers.DecimalField(**MONEY, allow_null=True, required=False, min_value=Decimal(0))
    audience = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, required=False)
    content_form = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, required=False)
    talking_points = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, required=False)
    forbidden_words = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=100, required=False
    )  # fmt: skip
    usage_rights = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.context:
            fields: Any = self.fields
            fields["owner"].queryset = owners_for(Shop.objects.visible_to(self.context["user"]))


class CampaignInputSerializer(CampaignPatchSerializer):
    """A new campaign of one of your shops; without an owner it is yours."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    name = serializers.CharField(max_length=120)
    goal = serializers.ChoiceField(choices=Goal.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    currency = serializers.CharField(max_length=3, help_text="That of a market.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.context:
            fields: Any = self.fields
            fields["shop"].queryset = Shop.objects.visible_to(self.context["user"]).active()

    def validate_currency(self, value: str) -> str:
        if value not in (known := currencies()):
            raise serializers.ValidationError(", ".join(known))
        return value


class MoveSerializer(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=CampaignState.choices)


class StageSerializer(serializers.ModelSerializer[CampaignStage]):
    """A stage of the map; GMV is net and in the campaign's currency."""

    class Meta:
        model = CampaignStage
        fields = ["id", "name", "starts_on", "ends_on", "goal_invited", "goal_contents", "goal_gmv"]
        extra_kwargs = {"goal_gmv": {"min_value": Decimal(0)}}


class MatrixInputSerializer(serializers.Serializer[Any]):
    """A new test matrix of the campaign's products."""

    name = serializers.CharField(max_length=120)
    products = serializers.PrimaryKeyRelatedField(queryset=Product.objects.none(), many=True)
    styles = serializers.ListField(child=serializers.CharField(max_length=STYLE_LENGTH))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "products" in self.context:
            fields: Any = self.fields
            fields["products"].child_relation.queryset = self.context["products"]


class WindowSerializer(serializers.Serializer[Any]):
    """What the contents of a cell reached in a window; null is not known."""

    views = serializers.IntegerField(allow_null=True)
    orders = serializers.IntegerField(allow_null=True)
    gmv_net = serializers.DecimalField(**MONEY, allow_null=True)


class CellSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    product = serializers.IntegerField()
    style = serializers.CharField()  # type: ignore[assignment]
    seats = serializers.IntegerField()
    contents = serializers.IntegerField()
    first_24h = WindowSerializer(allow_null=True)
    week = WindowSerializer(allow_null=True)
    counted = serializers.IntegerField(help_text="Contents whose window is over and that have the measure.")


class MatrixSerializer(serializers.Serializer[Any]):
    """A test matrix, judged by net GMV a content in seven days."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    judgement = serializers.ChoiceField(choices=["nothing", "alone", "thin", "tie", "clear"])
    best = serializers.IntegerField(allow_null=True, help_text="The cell that is ahead.")
    cells = CellSerializer(many=True)


def campaign_output(row: CampaignRow) -> dict[str, Any]:
    """A row of the list as `CampaignSerializer` declares it, amounts as exact texts."""
    campaign: Campaign = row.campaign
    plain = ("name", "goal", "state", "starts_on", "ends_on", "currency", "forbidden_words", *TEXTS)
    return {
        "id": campaign.pk,
        "shop": campaign.shop_id,
        "owner": campaign.owner_id,
        **{name: getattr(campaign, name) for name in plain},
        **{name: getattr(row, name) for name in ("plans", "plans_running", "seats_taken", "seats")},
        "budget": _amount(campaign.budget),
        "funnel": {step.key: step.count for step in row.funnel},
        "budget_used": _amount(row.money.own.cost),
        "gmv_net": _amount(row.money.own.gmv_net),
    }


def matrix_output(view: MatrixView) -> dict[str, Any]:
    """A matrix as `MatrixSerializer` declares it."""
    cells = [_cell(cell) for _product, row in view.rows for cell in row]
    matrix, judged = view.matrix, view.judgement
    return {"id": matrix.pk, "name": matrix.name, "judgement": judged.kind, "best": judged.best, "cells": cells}


def _cell(view: CellView) -> dict[str, Any]:
    cell = view.cell
    return {
        "id": cell.pk,
        "product": cell.product_id,
        "style": cell.style,
        "seats": view.seats,
        "contents": view.contents,
        "first_24h": _window(view.first_24h),
        "week": _window(view.week),
        "counted": view.known,
    }


def _window(figures: Figures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {"views": figures.views, "orders": figures.orders, "gmv_net": _amount(figures.gmv_net)}


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"

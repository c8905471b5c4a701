"""Filters of settlement lines and of order lines: a list, its sums and its export read the same declaration."""

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import OrderLine, SettlementLine
from campaigns.states.settlements import LineKind, LineState, Payer


def month_read(text: str) -> date | None:
    """The first of a month written as 2026-11; None when it is none."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


class MonthField(forms.CharField):
    """A month; the value is its first day."""

    widget = forms.TextInput(attrs={"type": "month", "class": "form-control", "placeholder": "2026-11"})

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        month = month_read(str(value))
        if month is None:
            raise forms.ValidationError(_("Write the month as 2026-11."))
        return month


class MonthFilter(CharFilter):
    field_class = MonthField


class _Scoped(FilterSet):
    """Filters whose shops are those of the reader; what cannot be read is not applied."""

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, user: User) -> None:
        self.user, self.given = user, data
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        is_fresh = not hasattr(self, "_form")
        form: forms.Form = super().form
        if is_fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")  # type: ignore[attr-defined]
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """The readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def filter_creator(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(creator__handle__icontains=value.strip().removeprefix("@").lower())


class SettlementFilter(_Scoped):
    shop = ModelChoiceFilter(queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"))
    month = MonthFilter(field_name="month", label=_("Month"))
    payer = ChoiceFilter(choices=Payer.choices, label=_("Payer"), empty_label=_("both"))
    state = ChoiceFilter(choices=LineState.choices, label=_("State"), empty_label=_("all states"))
    kind = ChoiceFilter(choices=LineKind.choices, label=_("Kind"), empty_label=_("all kinds"))
    creator = CharFilter(method="filter_creator", max_length=64, label=_("Creator"))

    class Meta:
        model = SettlementLine
        fields: list[str] = []


MATCHED = {"yes": _("With a collaboration"), "no": _("Without a collaboration")}


class OrderLineFilter(_Scoped):
    shop = ModelChoiceFilter(queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"))
    creator = CharFilter(method="filter_creator", max_length=64, label=_("Creator"))
    order = CharFilter(method="filter_order", max_length=40, label=_("Order ID"))
    matched = ChoiceFilter(
        method="filter_matched", choices=[*MATCHED.items()], label=_("Collaboration"), empty_label=_("with and without")
    )
    refunded = ChoiceFilter(
        method="filter_refunded", choices=[("yes", _("Refunded"))], label=_("Refunds"), empty_label=_("all orders")
    )

    class Meta:
        model = OrderLine
        fields: list[str] = []

    def filter_order(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(order_id=value.strip())

    def filter_matched(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(collaboration__isnull=value == "no")

    def filter_refunded(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(refunded__gt=0)


def settlement_filter(data: QueryDict, *, user: User) -> SettlementFilter:
    """The filter of a query over the lines that the person may see; `tab` narrows it further."""
    lines = SettlementLine.objects.visible_to(user)
    tab = data.get("tab", "")
    if tab == "approve":
        lines = lines.to_approve()
    elif tab == "differences":
        lines = lines.by_platform().filter(state=LineState.DIFFERS).annotate(difference=F("reported") - F("amount"))
    elif tab == "disputed":
        lines = lines.filter(state=LineState.DISPUTED)
    return SettlementFilter(data, lines, user=user)


def order_line_filter(data: QueryDict, *, user: User) -> OrderLineFilter:
    """The filter of a query over the order lines that the person may see."""
    return OrderLineFilter(data, OrderLine.objects.visible_to(user), user=user)

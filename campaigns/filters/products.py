"""The one declaration of the product filters: the list, its export and the API read it.

Parameters: q (a part of the title, the SKU, or the product ID), shop, state, category, ordering.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Product
from campaigns.states.plans import ProductState
from creators.models import Category

# What a list can be sorted by; the key breaks ties.
ORDERS = ("title", "price", "default_commission_rate", "sample_cost", "sample_stock", "created_at")
ORDER_DEFAULT = "title"


class ProductFilter(FilterSet):
    """Filters of products. What cannot be read is not applied, and `errors` says why."""

    q = CharFilter(
        method="filter_q",
        max_length=200,
        label=_("Title, SKU or product ID"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    shop = ModelChoiceFilter(queryset=Shop.objects.order_by("name"), label=_("Shop"), empty_label=_("all shops"))
    state = ChoiceFilter(choices=ProductState.choices, label=_("State"), empty_label=_("all states"))
    category = ModelChoiceFilter(
        queryset=Category.objects.all(), label=_("Category"), empty_label=_("all categories"), method="filter_category"
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Product], *, user: User) -> None:
        self.user = user
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")
            used = self.queryset.order_by().values("category")
            chosen = Category.objects.filter(Q(pk__in=used) | Q(children__in=used)).distinct()
            form.fields["category"].queryset = chosen
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    @property
    def ordering(self) -> str:
        """The order that the query names, else by title."""
        asked = self.data.get("ordering", "")
        return asked if asked.removeprefix("-") in ORDERS else ORDER_DEFAULT

    def filter_queryset(self, queryset: QuerySet[Product]) -> QuerySet[Product]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        column = F(self.ordering.removeprefix("-"))
        falling = self.ordering.startswith("-")
        return queryset.order_by(
            column.desc(nulls_last=True) if falling else column.asc(nulls_last=True), "-pk" if falling else "pk"
        )

    def filter_q(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        found = Q(title__icontains=value) | Q(sku__icontains=value)
        return queryset.filter(found | Q(platform_id__startswith=value) if value.isdecimal() else found)

    def filter_category(self, queryset: QuerySet[Product], name: str, value: Category) -> QuerySet[Product]:
        return queryset.filter(Q(category=value) | Q(category__parent=value))


def product_filter(data: QueryDict, *, user: User) -> ProductFilter:
    """The filter of a query over the products that the person may see; read `.qs`, `.values`, `.errors`."""
    return ProductFilter(data, Product.objects.visible_to(user).select_related("shop", "category"), user=user)

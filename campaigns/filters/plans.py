"""The one declaration of the plans' filters: list, export and API read it.

Parameters: q (a part of the name, or a code such as TP-0312), shop, state (all but archived ones without it), owner,
campaign.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Campaign, TargetedPlan
from campaigns.states.plans import CampaignState, PlanState

KEY_DIGITS = 18


class PlanFilter(FilterSet):
    """Filters of plans. What cannot be read is not applied, and `errors` says why."""

    q = CharFilter(method="filter_text", max_length=120, label=_("Name or code"))
    shop = ModelChoiceFilter(queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"))
    state = ChoiceFilter(choices=PlanState.choices, label=_("State"), empty_label=_("all but archived"))
    owner = ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"), empty_label=_("everybody"))
    campaign = ModelChoiceFilter(queryset=Campaign.objects.none(), label=_("Campaign"), empty_label=_("all campaigns"))

    class Meta:
        model = TargetedPlan
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[TargetedPlan], *, user: User) -> None:
        self.user = user
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")
            owners = TargetedPlan.objects.visible_to(self.user).order_by().values("owner")
            form.fields["owner"].queryset = User.objects.filter(pk__in=owners).order_by("name")
            campaigns = Campaign.objects.visible_to(self.user).exclude(state=CampaignState.ARCHIVED)
            form.fields["campaign"].queryset = campaigns.order_by("name")
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    def filter_queryset(self, queryset: QuerySet[TargetedPlan]) -> QuerySet[TargetedPlan]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset if "state" in self.values else queryset.exclude(state=PlanState.ARCHIVED)

    def filter_text(self, queryset: QuerySet[TargetedPlan], name: str, value: str) -> QuerySet[TargetedPlan]:
        wanted = Q(name__icontains=value)
        number = value.upper().removeprefix("TP-")
        if number.isascii() and number.isdigit() and len(number) <= KEY_DIGITS:
            wanted |= Q(pk=int(number))
        return queryset.filter(wanted)


def plan_filter(data: QueryDict, *, user: User) -> PlanFilter:
    """The filter of a query over the plans that the person may see; read `.qs`, `.values`, `.errors`."""
    return PlanFilter(data, TargetedPlan.objects.visible_to(user), user=user)

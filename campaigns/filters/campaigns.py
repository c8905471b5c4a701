"""The one declaration of the campaigns' filters: list, export and API read it.

Parameters: q (a part of the name), shop, state (all but archived ones without it), goal, owner.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Campaign
from campaigns.selectors.campaigns import campaigns_shown
from campaigns.states.plans import CampaignState, Goal


class CampaignFilter(FilterSet):
    """Filters of campaigns. What cannot be read is not applied, and `errors` says why."""

    q = CharFilter(
        field_name="name", lookup_expr="icontains", max_length=120, label=_("Name"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    shop = ModelChoiceFilter(queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"))
    state = ChoiceFilter(choices=CampaignState.choices, label=_("State"), empty_label=_("all but archived"))
    goal = ChoiceFilter(choices=Goal.choices, label=_("Goal"), empty_label=_("all goals"))
    owner = ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"), empty_label=_("everybody"))

    class Meta:
        model = Campaign
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Campaign], *, user: User) -> None:
        self.user = user
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")
            owners = Campaign.objects.visible_to(self.user).order_by().values("owner")
            form.fields["owner"].queryset = User.objects.filter(pk__in=owners).order_by("name")
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    def filter_queryset(self, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset if "state" in self.values else queryset.exclude(state=CampaignState.ARCHIVED)


def campaign_filter(data: QueryDict, *, user: User) -> CampaignFilter:
    """The filter of a query over the campaigns that the person may see; read `.qs`, `.values`, `.errors`."""
    return CampaignFilter(data, campaigns_shown(user), user=user)

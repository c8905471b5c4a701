"""The one declaration of the collaborations' filters: list, board, calendar, export and API read it.

Parameters: shop, plan, campaign, state (a state, `open`, `ended` or `all`; open without one), owner, due (overdue,
week), q (a part of the handle), ordering.
"""

from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Campaign, Collaboration, TargetedPlan
from campaigns.querysets import CollaborationQuerySet
from campaigns.states.collaborations import ENDED, CollaborationState

SCOPES: dict[str, str | Promise] = {"open": _("Open"), "ended": _("Ended"), "all": _("All")}
DUES: dict[str, str | Promise] = {"overdue": _("Overdue"), "week": _("Due within 7 days")}
WEEK = timedelta(days=7)
# What a list is sorted by: column, and whether the plain name is descending (the longest in a stage came first).
ORDERS: dict[str, tuple[str, bool]] = {
    "due": ("due_at", False),
    "stage": ("state_at", True),
    "handle": ("creator__handle", False),
    "added": ("pk", False),
}
ORDER_DEFAULT = "due"
SELECTED = SafeString(" selected")


class PlainSelect(forms.Select):
    """A select that is drawn at once, without a template for each option: a shop has hundreds of plans."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {"" if one is None else str(one) for one in self.format_value(value)}
        options = format_html_join(
            "", "<option value=\"{}\"{}>{}</option>",
            ((key, SELECTED if str(key) in chosen else "", label) for key, label in self.choices),
        )  # fmt: skip
        all_attrs = self.build_attrs(self.attrs, attrs) | {"name": name, "class": "form-select"}
        return format_html("<select{}>{}</select>", flatatt(all_attrs), options)


class CollaborationFilter(FilterSet):
    """Filters of collaborations. What cannot be read is not applied, and `errors` says why."""

    q = CharFilter(method="filter_handle", max_length=80, label=_("Handle"))
    shop = ModelChoiceFilter(
        queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"), widget=PlainSelect
    )
    campaign = ModelChoiceFilter(
        method="filter_campaign", queryset=Campaign.objects.none(), label=_("Campaign"),
        empty_label=_("all campaigns"), widget=PlainSelect,
    )  # fmt: skip
    plan = ModelChoiceFilter(
        queryset=TargetedPlan.objects.none(), label=_("Plan"), empty_label=_("all plans"), widget=PlainSelect
    )
    owner = ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"), empty_label=_("everybody"))
    due = ChoiceFilter(method="filter_due", choices=[*DUES.items()], label=_("Due"), empty_label=_("at any time"))
    state = ChoiceFilter(
        method="filter_state", choices=[*SCOPES.items(), *CollaborationState.choices], label=_("State"),
        empty_label=None, widget=forms.HiddenInput,
    )  # fmt: skip

    class Meta:
        model = Collaboration
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Collaboration], *, user: User, at: datetime) -> None:
        self.user, self.at = user, at
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user)
            form.fields["campaign"].queryset = Campaign.objects.visible_to(self.user)
            form.fields["plan"].queryset = TargetedPlan.objects.visible_to(self.user)
            owners = User.objects.filter(pk__in=self.queryset.order_by().values("owner"))
            form.fields["owner"].queryset = owners.order_by("name")
            for name in ("shop", "campaign", "plan"):
                field: Any = form.fields[name]
                # Asked for when the form is drawn; what is chosen is looked up by its key alone.
                field.widget.choices = partial(self._choices, name, field.empty_label)
        return form

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """Plans that are not archived with their campaigns and shops; one query for the choices of all three."""
        plans = TargetedPlan.objects.visible_to(self.user).exclude(state="archived").order_by("name")
        names = ("pk", "name", "campaign", "campaign__name", "shop", "shop__name")
        return list(plans.values(*names))

    def _choices(self, name: str, empty_label: str) -> list[tuple[Any, str]]:
        key, label = ("pk", "name") if name == "plan" else (name, f"{name}__name")
        found = {row[key]: row[label] for row in self.places if row[key]}
        return [("", empty_label), *sorted(found.items(), key=lambda one: (one[1].lower(), one[0]))]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def scope(self) -> str:
        """The chosen state or scope."""
        return str(self.values.get("state", "open"))

    @property
    def ordering(self) -> str:
        """The name of the order, with a minus in front when it is turned round."""
        asked = str(self.data.get("ordering", ""))
        return asked if asked.removeprefix("-") in ORDERS else ORDER_DEFAULT

    def filter_queryset(self, queryset: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
        return self.filter_state(self.but_state(), "state", self.scope)

    def but_state(self) -> CollaborationQuerySet:
        """All filters but that of the state: what the counts by state are of."""
        queryset: CollaborationQuerySet = self.queryset.all()
        for name, value in self.values.items():
            if name != "state":
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def filter_handle(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip().lstrip("@").lower()
        return queryset.filter(creator__handle__contains=text) if text else queryset

    def filter_campaign(self, queryset: QuerySet, name: str, value: Campaign) -> QuerySet:
        return queryset.filter(plan__campaign=value)

    def filter_due(self, queryset: CollaborationQuerySet, name: str, value: str) -> QuerySet:
        return queryset.overdue(at=self.at if value == "overdue" else self.at + WEEK)

    def filter_state(self, queryset: CollaborationQuerySet, name: str, value: str) -> QuerySet:
        if value == "all":
            return queryset
        if value == "open":
            return queryset.open()
        return queryset.filter(state__in=ENDED) if value == "ended" else queryset.filter(state=value)


def collaboration_filter(data: QueryDict, *, user: User, at: datetime) -> CollaborationFilter:
    """The filter of a query over the collaborations that the person may see; read `.qs`, `.values`, `.errors`."""
    return CollaborationFilter(data, Collaboration.objects.visible_to(user), user=user, at=at)

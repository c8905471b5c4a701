"""Forms of a creator's page: corrections, and the link to another account of the same person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.filters.fields import NumberField
from creators.metrics import BY_KEY, Metric
from creators.models import CreatorFacts, Market
from creators.rules import PROBLEMS
from creators.rules.handles import parse_handle

EDITABLE = (
    "followers", "gmv_30d", "units_30d", "gpm", "avg_views", "engagement_by_views", "videos_30d", "lives_30d",
    "products_28d", "commission_rate", "fulfilment_rate", "price_quote", "female_share", "adult_share",
)  # fmt: skip
UNITS = {"money": _("in USD"), "rate": _("in percent")}


class CreatorEditForm(forms.Form):
    """The values as they stand; only what is changed is kept, and an emptied field says nothing."""

    as_of = forms.DateField(
        label=_("True on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day on which the corrected values were true."),
    )
    nickname = forms.CharField(label=_("Nickname"), max_length=200, required=False)
    language = forms.CharField(label=_("Language"), max_length=20, required=False)
    agency = forms.CharField(label=_("Agency"), max_length=120, required=False)
    bio = forms.CharField(label=_("Bio"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, facts: CreatorFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in EDITABLE:
            metric = BY_KEY[key]
            self.fields[key] = _metric_field(metric)
            self.initial[key] = getattr(facts, metric.fact)

    def words(self) -> dict[str, str]:
        """The changed words that are not empty."""
        names = ("nickname", "language", "agency", "bio")
        return {
            name: self.cleaned_data[name] for name in names if name in self.changed_data and self.cleaned_data[name]
        }

    def metrics(self) -> dict[str, Any]:
        """The changed metrics that are not empty."""
        return {
            key: self.cleaned_data[key]
            for key in EDITABLE
            if key in self.changed_data and self.cleaned_data[key] is not None
        }


def _metric_field(metric: Metric) -> NumberField:
    return NumberField(kind=metric.kind, label=metric.label, help_text=UNITS.get(metric.kind, ""), required=False)


class CreatorLinkForm(forms.Form):
    """Another account of the same person, by handle or profile link."""

    market = forms.ModelChoiceField(label=_("Market"), queryset=Market.objects.all(), empty_label=None)
    handle = forms.CharField(label=_("Handle or profile link"), max_length=200)

    def clean_handle(self) -> str:
        handle, problem = parse_handle(self.cleaned_data["handle"])
        if handle is None:
            raise forms.ValidationError(str(PROBLEMS[problem or "handle_invalid"]))
        return handle

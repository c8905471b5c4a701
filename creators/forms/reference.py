"""Forms of the reference lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.forms.imports import field_choices


class RateForm(forms.Form):
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    usd = forms.DecimalField(
        label=_("USD for one unit"),
        min_value=0,
        max_digits=18,
        decimal_places=10,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def clean_usd(self) -> Any:
        usd = self.cleaned_data["usd"]
        if not usd:
            raise forms.ValidationError(_("Write a number above 0."))
        return usd


class AliasForm(forms.Form):
    header = forms.CharField(
        label=_("Header"), max_length=120, help_text=_("Case, spaces and line breaks do not count.")
    )
    field = forms.ChoiceField(label=_("Means"), required=False)
    window_days = forms.IntegerField(
        label=_("Window in days"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("Where the header implies one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: forms.ChoiceField = self.fields["field"]  # type: ignore[assignment]
        choice.choices = field_choices()

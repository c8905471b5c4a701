"""The form of a quote."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.agreements import currency_choices, day_field
from campaigns.states.settlements import QuoteForm as Form
from campaigns.states.settlements import QuoteSource


class QuoteForm(forms.Form):
    """What the creator asks for."""

    price = forms.DecimalField(
        label=_("Price"), max_digits=18, decimal_places=2, min_value=0,
        widget=forms.NumberInput(attrs={"class": "num", "step": "0.01", "min": "0"}),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"))
    form = forms.ChoiceField(label=_("For"), choices=Form.choices)
    valid_until = day_field(_("Valid until"), _("Empty: no end is known."))
    source = forms.ChoiceField(
        label=_("Named by"), choices=[one for one in QuoteSource.choices if one[0] != QuoteSource.LIST]
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currencies: Any = self.fields["currency"]
        currencies.choices = currency_choices(currency)

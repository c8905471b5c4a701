"""Forms of terms and quotes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Agreement, Quote
from campaigns.states.settlements import Basis
from core.ui import SYMBOLS

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TEXT_MAX = 2_000


def currency_choices(*first: str) -> list[tuple[str, str]]:
    """Currencies to choose from, those given on top."""
    known = [*dict.fromkeys((*filter(None, first), *SYMBOLS))]
    return [(code, code) for code in known]


def money_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """An amount that may be left empty."""
    widget = forms.NumberInput(attrs={"class": "num", "step": "0.01", "min": "0"})
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=2, required=False, widget=widget, help_text=help_text
    )


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DAY, help_text=help_text)


class AgreementForm(forms.Form):
    """All terms; the service leaves out the money that the basis does not know. `quotes` are the creator's."""

    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, widget=forms.RadioSelect)
    currency = forms.ChoiceField(label=_("Currency"))
    fixed_fee = money_field(_("Fee"), _("For a fixed fee and a buy-out. Commission comes on top."))
    per_views_fee = money_field(_("For 1,000 views"))
    per_views_cap = money_field(_("At most"), _("Empty: no cap."))
    guarantee = money_field(_("Guarantee"), _("Paid in any case; the share counts beyond it."))
    share_rate = forms.DecimalField(
        label=_("Share of the net sales, percent"), max_digits=5, decimal_places=2, required=False,
        widget=forms.NumberInput(attrs={"class": "num", "step": "0.01", "min": "0", "max": "100"}),
    )  # fmt: skip
    contents = forms.IntegerField(label=_("Contents"), min_value=1, max_value=50)
    due_on = day_field(_("Due on"), _("Empty: 14 days after the sample, or after acceptance without one."))
    usage_rights = forms.CharField(
        label=_("Usage rights"), max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What may be used, where. Without words creators keep them."),
    )  # fmt: skip
    usage_until = day_field(_("Usage until"))
    exclusivity = forms.CharField(
        label=_("Exclusivity"), max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    exclusive_until = day_field(_("Exclusive until"))
    quote: "forms.ModelChoiceField[Quote]" = forms.ModelChoiceField(
        Quote.objects.none(), label=_("Rests on the quote"), required=False, empty_label=_("No quote")
    )

    def __init__(self, *args: Any, currency: str, quotes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["currency"].choices = currency_choices(currency)
        fields["quote"].queryset = quotes
        fields["quote"].label_from_instance = quote_label


def quote_label(quote: Quote) -> str:
    return f"{quote.price:,.2f} {quote.currency} · {quote.get_form_display()} · {quote.recorded_at:%Y-%m-%d}"


def agreement_initial(agreement: Agreement) -> dict[str, Any]:
    """The form as the terms are now."""
    names = [name for name in AgreementForm.base_fields if name != "quote"]
    return {name: getattr(agreement, name) for name in names} | {"quote": agreement.quote_id}

"""Forms of settlements, statements, payouts and reports of orders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from campaigns.filters.settlements import MonthField
from campaigns.services.settlements import BY_HAND
from campaigns.states.settlements import LineKind
from creators.selectors.shortlists import shops_of
from violations.forms.blacklist import text_field

ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = text_field(_("Reason"))


class LineForm(forms.Form):
    """A payable line by hand."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one, one.label) for one in LineKind if one in BY_HAND], initial=LineKind.COMPENSATION
    )
    amount = forms.DecimalField(label=_("Amount"), max_digits=18, decimal_places=2)
    note = text_field(_("What it is for"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("In %(currency)s; what is taken back with a minus.") % {
            "currency": currency
        }


class _ShopForm(forms.Form):
    """A form about one of the person's active shops; one shop alone is chosen already."""

    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop"), empty_label=_("Choose a shop")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = shops_of(user)
        field: Any = self.fields["shop"]
        field.queryset = shops
        if len(shops) == 1:
            field.initial, field.empty_label = shops[0].pk, None


class LimitForm(_ShopForm):
    """From which amount on a second person approves."""

    limit = forms.DecimalField(
        label=_("Approval by a second person above"),
        max_digits=18,
        decimal_places=2,
        required=False,
        help_text=_("Without an amount every line is approved by somebody else than who made it."),
    )


class OrderImportForm(_ShopForm):
    """A report of orders."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Export it again.")},
    )


class StatementForm(_ShopForm):
    """Of which shop and month."""

    month = MonthField(label=_("Month"))


class PayForm(forms.Form):
    """The bank has paid."""

    reference = forms.CharField(label=_("Reference of the bank"), max_length=120)
    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

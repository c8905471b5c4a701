"""Forms of samples, one for each step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Collaboration, Product, Sample
from campaigns.rules.tracking import CARRIERS
from campaigns.selectors.contents import plan_products
from campaigns.services.samples import cost_of
from violations.forms.blacklist import day_field, text_field
from violations.forms.entries import moment_field


def money_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    """An amount of money with cents."""
    widget = forms.NumberInput(attrs={"step": "0.01", "min": "0", "class": "num"})
    return forms.DecimalField(
        label=label, required=required, max_digits=15, decimal_places=2, widget=widget, help_text=help_text
    )


class RequestForm(forms.Form):
    """Another sample for a collaboration."""

    product: "forms.ModelChoiceField[Product]" = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), empty_label=None
    )
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=100, initial=1)

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = plan_products(collaboration.plan_id)  # type: ignore[attr-defined]


class SampleForm(forms.Form):
    """A step of a sample."""

    def __init__(self, *args: Any, sample: Sample, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample = sample


class ApproveForm(SampleForm):
    cost = money_field(_("Cost of all pieces"), required=False)
    note = text_field(_("Note"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost"].initial = cost_of(self.sample.product, self.sample.quantity)
        self.fields["cost"].help_text = _("In %(currency)s. Goods and shipping.") % {"currency": self.sample.currency}


class CostForm(SampleForm):
    cost = money_field(_("Cost of all pieces"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost"].initial = self.sample.cost
        self.fields["cost"].help_text = _("In %(currency)s. Goods and shipping.") % {"currency": self.sample.currency}


class ReasonForm(SampleForm):
    reason = text_field(_("Reason"))


class AskAgainForm(SampleForm):
    """Nothing to fill in."""


class ShipForm(SampleForm):
    carrier = forms.CharField(
        label=_("Carrier"), max_length=80, widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"})
    )
    tracking = forms.CharField(label=_("Tracking number"), max_length=120, required=False)
    expected_on = day_field(_("Delivery expected on"), _("If the carrier says so."))
    carriers = CARRIERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("carrier", "tracking", "expected_on"):
            self.fields[name].initial = getattr(self.sample, name)


class DeliverForm(SampleForm):
    delivered_at = moment_field(
        _("Delivered"), required=False, help_text=_("Empty: now. Content is due 14 days later.")
    )


class DefectForm(SampleForm):
    """Accepted or not, what becomes of the piece, and whether another one goes."""

    is_accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Accept: no content is owed for it")), ("no", _("Refuse: the content stays due"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    comes_back = forms.BooleanField(label=_("The creator sends it back"), required=False)
    replace = forms.BooleanField(label=_("Ask for another one"), required=False)
    reason = text_field(_("Reason"))


class ReturnForm(SampleForm):
    restock = forms.BooleanField(label=_("Put it back into stock"), required=False, initial=True)
    reason = text_field(_("Reason"))


class CorrectForm(SampleForm):
    is_fulfilled = forms.TypedChoiceField(
        label=_("Judgement"),
        choices=[("yes", _("Fulfilled")), ("no", _("Not fulfilled"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = text_field(_("Reason"), help_text=_("What you saw that the test does not."))


class BulkShipForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier"), max_length=80)

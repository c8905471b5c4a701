"""Forms of the Creator Health Rating: one rating by hand, and what the list is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.models import Market
from violations.models import HealthBand
from violations.services.health import SCORE_MAX, SOURCE_LENGTH


class HealthForm(forms.Form):
    """What the platform shows on a day."""

    score = forms.IntegerField(
        label=_("Score"), min_value=0, max_value=SCORE_MAX, help_text=_("0 to 1000, as the platform shows it."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    as_of = forms.DateField(
        label=_("As of"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day on which it was shown."), error_messages={"required": _("Choose a day.")},
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=SOURCE_LENGTH, help_text=_("Where it was read, such as Seller Center.")
    )


class HealthFilterForm(forms.Form):
    """The list's query: a market, and a band by the score at which it begins."""

    market = forms.ModelChoiceField(
        Market.objects.none(), label=_("Market"), required=False, empty_label=_("All markets")
    )
    band = forms.TypedChoiceField(label=_("Band"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, bands: list[HealthBand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        market: forms.ModelChoiceField[Market] = self.fields["market"]  # type: ignore[assignment]
        market.queryset = Market.objects.all()
        band: forms.TypedChoiceField = self.fields["band"]  # type: ignore[assignment]
        band.choices = [("", _("All bands")), *((band.floor, str(band)) for band in bands)]

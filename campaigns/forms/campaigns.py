"""Forms of campaigns, their stages and test matrices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from campaigns.models import Campaign, MatrixCell, Product, TestMatrix
from campaigns.rules.matrix import PRODUCTS, STYLE_LENGTH, STYLES
from campaigns.selectors.campaign_choices import currencies, currency_of, owners_for, products_for
from campaigns.services.campaigns import NAMES, CampaignValues
from campaigns.services.stages import StageValues
from campaigns.states.plans import Goal
from creators.selectors.shortlists import shops_of

TEXT_MAX = 4_000
WORD_MAX, WORDS_MAX = 80, 100
STYLES_DEFAULT: tuple[str | Promise, ...] = (
    _("Unboxing"),
    _("Tutorial"),
    _("Before and after"),
    _("Story"),
    _("LIVE demo"),
)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def _text(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=TEXT_MAX, widget=widget, help_text=help_text)


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class CampaignForm(forms.Form):
    """A campaign; shop and currency are chosen once."""

    name = forms.CharField(label=_("Name"), max_length=120)
    shop = forms.ModelChoiceField(Shop.objects.none(), label=_("Shop"), empty_label=None)
    goal = forms.ChoiceField(label=_("Goal"), choices=Goal)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), empty_label=None)
    starts_on = _day(_("Starts on"))
    ends_on = _day(_("Ends on"))
    budget = forms.DecimalField(
        label=_("Budget"), min_value=Decimal(0), max_digits=18, decimal_places=2, required=False,
        help_text=_("Samples and our fees; the platform pays commission. Empty: none."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"))
    audience = _text(_("Audience"), _("Whom the contents are for."))
    content_form = _text(_("Content form"), _("What is to be made, how long, in which tone."))
    talking_points = _text(_("Talking points"), _("One a line; the review checks each."), rows=4)
    forbidden_words = _text(_("Words that must not appear"), _("One a line; the review finds them in scripts."), rows=3)
    usage_rights = _text(_("Usage rights asked"), _("Where, how long and by whom contents may be used."))

    def __init__(self, *args: Any, user: User, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        shops = shops_of(user)
        fields: dict[str, Any] = self.fields
        if campaign is None:
            fields["shop"].queryset = shops
            fields["owner"].queryset = owners_for(shops, user)
            fields["currency"].choices = [(code, code) for code in currencies()]
            first = shops.first()
            self.initial = {"owner": user.pk, "shop": first, "currency": currency_of(first), **self.initial}
        else:
            del fields["shop"], fields["currency"]
            fields["owner"].queryset = owners_for([campaign.shop], campaign.owner)
            words = "\n".join(campaign.forbidden_words)
            self.initial = {name: getattr(campaign, name) for name in NAMES} | {"forbidden_words": words}
            fields["budget"].label = gettext("Budget, %(currency)s") % {"currency": campaign.currency}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        about = ["name", "shop", "goal", "owner", "starts_on", "ends_on", "budget", "currency"]
        brief = ["audience", "content_form", "talking_points", "forbidden_words", "usage_rights"]
        parts = ((gettext("Campaign"), about), (gettext("Brief"), brief))
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in parts]

    def clean_forbidden_words(self) -> list[str]:
        words = _lines(self.cleaned_data["forbidden_words"])
        if len(words) > WORDS_MAX or any(len(word) > WORD_MAX for word in words):
            text = gettext("At most %(most)s words of %(length)s characters each.")
            raise forms.ValidationError(text % {"most": WORDS_MAX, "length": WORD_MAX})
        return words

    def values(self) -> CampaignValues:
        """What was written, once the form is valid."""
        return CampaignValues(**{name: self.cleaned_data[name] for name in NAMES})


class StageForm(forms.Form):
    """A stage of the map and what it is to reach."""

    name = forms.CharField(label=_("Name"), max_length=80)
    starts_on = _day(_("Starts on"))
    ends_on = _day(_("Ends on"))
    goal_invited = forms.IntegerField(label=_("Creators to invite"), min_value=0, max_value=10**6, required=False)
    goal_contents = forms.IntegerField(label=_("Contents to publish"), min_value=0, max_value=10**6, required=False)
    goal_gmv = forms.DecimalField(
        label=_("GMV to reach"), min_value=Decimal(0), max_digits=18, decimal_places=2, required=False,
        help_text=_("Net of refunds, in the campaign's currency. Goals are spread evenly over the stage's days."),
    )  # fmt: skip

    def values(self) -> StageValues:
        """What was written, once the form is valid."""
        return StageValues(**self.cleaned_data)


class MatrixForm(forms.Form):
    """A new test matrix."""

    name = forms.CharField(label=_("Name"), max_length=120)
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(), label=_("Products"),
        widget=forms.SelectMultiple(attrs={"data-tom-select": "", "data-placeholder": _("Add product")}),
    )  # fmt: skip
    styles = forms.CharField(label=_("Content styles"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["products"].queryset = products_for(campaign)
        fields["products"].help_text = gettext("1 to %(most)s; three are usual.") % {"most": PRODUCTS}
        help_text = gettext("One a line, 1 to %(most)s of at most %(length)s characters.")
        fields["styles"].help_text = help_text % {"most": STYLES, "length": STYLE_LENGTH}
        styles = "\n".join(str(style) for style in STYLES_DEFAULT)
        self.initial = {"name": gettext("Test matrix"), "styles": styles, **self.initial}

    def clean_styles(self) -> list[str]:
        return _lines(self.cleaned_data["styles"])


class CellField(forms.ModelChoiceField):
    def label_from_instance(self, cell: Any) -> str:
        return f"{cell.product} × {cell.style}"


class AssignForm(forms.Form):
    """Which rows go into which cell; no cell takes them out."""

    cell = CellField(MatrixCell.objects.none(), label=_("Cell"), required=False, empty_label=_("no cell"))
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, matrix: TestMatrix, keys: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["cell"].queryset = matrix.cells.select_related("product")
        fields["chosen"].choices = [(key, key) for key in keys]

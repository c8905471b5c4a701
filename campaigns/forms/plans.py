"""Forms of plans: the terms, products with commissions, and whom to give seats."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from campaigns.models import PRODUCTS, SEATS, Campaign, Product, TargetedPlan
from campaigns.rules.commissions import HIGHEST, LOWEST
from campaigns.rules.plans import INVITATION_VARIABLES, MESSAGE_MAX, rate_text
from campaigns.rules.variables import LANGUAGES
from campaigns.selectors.plan_choices import open_plans, seats_taken
from campaigns.services.plan_products import ProductLine
from campaigns.services.plans import NAME_MAX, TERMS, PlanTerms
from campaigns.states.plans import CampaignState, ContentForm, SampleRule
from creators.models import Market, Shortlist
from creators.selectors.shortlists import shops_of, shortlists_of

RATE_LABEL = _("Commission, %")
RATE_HELP = _("1–80 %. Below 10 % creators often pass an offer over.")
CREATORS_TEXT_MAX = 60_000
CHOSEN = ("campaign", "owner")


def language_choices() -> list[tuple[str, str]]:
    """The languages of invitations by their names in the language of the page."""
    return [(code, _language_name(code)) for code in LANGUAGES]


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return {"fil": gettext("Filipino"), "ms": gettext("Malay")}.get(code, code)


def rate_field(*, required: bool = True, help_text: Any = RATE_HELP, label: Any = RATE_LABEL) -> Any:
    """A commission in percent; what the product allows is said by the service."""
    widget = forms.NumberInput(attrs={"min": LOWEST, "max": HIGHEST, "step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, min_value=LOWEST, max_value=HIGHEST, max_digits=5, decimal_places=2, required=required,
        widget=widget, help_text=help_text,
    )  # fmt: skip


def money_field(label: Any, help_text: Any) -> forms.DecimalField:
    """An amount that may be left empty."""
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=18, decimal_places=2, required=False, help_text=help_text
    )


class ProductsField(forms.ModelMultipleChoiceField):
    """Products by title, with what tells two of one title apart and the usual commission."""

    def label_from_instance(self, product: Any) -> str:
        parts = [product.title, product.sku or product.platform_id]
        if product.default_commission_rate is not None:
            parts.append(f"{rate_text(product.default_commission_rate)}%")
        return " · ".join(part for part in parts if part)


def products_field(*, required: bool, help_text: Any) -> ProductsField:
    """Several products of a shop, found by typing."""
    widget = forms.SelectMultiple(attrs={"data-tom-select": "", "data-placeholder": _("Add product")})
    return ProductsField(
        Product.objects.none(), label=_("Products"), required=required, widget=widget, help_text=help_text
    )


class PlanForm(forms.Form):
    """The terms of a plan of a shop."""

    name = forms.CharField(label=_("Name"), max_length=NAME_MAX)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("no campaign")
    )
    ends_on = forms.DateField(
        label=_("Ends on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day, in the market of the plan."),
    )  # fmt: skip
    message_language = forms.ChoiceField(label=_("Language of the invitation"), choices=language_choices)
    message = forms.CharField(
        label=_("Invitation"), required=False, max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": MESSAGE_MAX}),
    )  # fmt: skip
    sample_rule = forms.ChoiceField(label=_("Samples"), choices=SampleRule, initial=SampleRule.APPROVAL)
    content_form = forms.ChoiceField(label=_("Content"), choices=ContentForm, initial=ContentForm.VIDEO)
    contents_wanted = forms.IntegerField(label=_("Contents a creator"), min_value=1, max_value=50, initial=1)
    min_views = forms.IntegerField(
        label=_("Views to count as fulfilled"), min_value=0, max_value=2_000_000_000, required=False,
        help_text=_("Empty: views do not matter."),
    )  # fmt: skip
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact e-mail"), required=False)
    budget = money_field(_("Budget"), _("For samples and fees. The platform pays commission itself."))
    expected_gmv = money_field(_("Expected GMV"), _("Net of refunds, by the last day."))
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), empty_label=None)
    field_order: Sequence[str] = ("name", "campaign", "ends_on", "message_language", "owner")

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        # What is written there now stays choosable.
        now = {name: [one.pk] if (one := self.initial.get(name)) and hasattr(one, "pk") else [] for name in CHOSEN}
        active = Q(state=CampaignState.ACTIVE) | Q(pk__in=now["campaign"])
        fields["campaign"].queryset = Campaign.objects.filter(active, shop=shop).order_by("name")
        working = Q(is_active=True, memberships__shop=shop) | Q(pk__in=now["owner"])
        fields["owner"].queryset = User.objects.filter(working).distinct().order_by("name")
        names = ", ".join(f"{{{name}}}" for name in INVITATION_VARIABLES)
        help_text = gettext("Up to %(most)s characters with these filled in: %(names)s.")
        fields["message"].help_text = help_text % {"most": MESSAGE_MAX, "names": names}

    def terms(self) -> PlanTerms:
        """What was written, as the services take it."""
        return PlanTerms(**{name: self.cleaned_data[name] for name in TERMS})


class PlanCreateForm(PlanForm):
    """A new plan: where it is for, and its first products."""

    market = forms.ModelChoiceField(Market.objects.all(), label=_("Market"), empty_label=None)
    products = products_field(
        required=False, help_text=_("Up to 100. Each has its own commission, which you can change afterwards.")
    )
    commission_rate = rate_field(
        required=False, label=_("Commission of these products, %"),
        help_text=_("Empty: the usual one of each. 1–80 %; below 10 % creators often pass an offer over."),
    )  # fmt: skip
    field_order = (
        "name", "market", "ends_on", "products", "commission_rate", "campaign", "message_language", "owner",
    )  # fmt: skip

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, shop=shop, **kwargs)
        fields: Any = self.fields
        fields["products"].queryset = Product.objects.filter(shop=shop).active()

    def clean_products(self) -> Any:
        products = self.cleaned_data["products"]
        if len(products) > PRODUCTS:
            raise forms.ValidationError(gettext("A plan holds at most %(most)s products.") % {"most": PRODUCTS})
        return products

    def lines(self) -> list[ProductLine]:
        return [ProductLine(one, self.cleaned_data["commission_rate"]) for one in self.cleaned_data["products"]]


class ProductAddForm(forms.Form):
    """More products for a plan."""

    products = products_field(required=True, help_text="")
    commission_rate = rate_field(required=False, help_text=_("Empty: the usual one of each."))

    def __init__(self, *args: Any, plan: TargetedPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        inside = plan.plan_products.filter(removed_at__isnull=True).values("product")
        fields["products"].queryset = Product.objects.filter(shop=plan.shop_id).active().exclude(pk__in=inside)

    def lines(self) -> list[ProductLine]:
        return [ProductLine(one, self.cleaned_data["commission_rate"]) for one in self.cleaned_data["products"]]


class CommissionForm(forms.Form):
    commission_rate = rate_field()


class DuplicateForm(forms.Form):
    name = forms.CharField(label=_("Name of the copy"), max_length=NAME_MAX)


class SizedShortlistField(forms.ModelChoiceField):
    """A shortlist with its shop and how many creators are on it."""

    def label_from_instance(self, shortlist: Any) -> str:
        count = ngettext("%(count)s creator", "%(count)s creators", shortlist.size) % {"count": shortlist.size}
        return f"{shortlist.name} · {shortlist.shop} · {count}"


class ChooseForm(forms.Form):
    """Whom to look at: pasted handles, a shortlist, or both."""

    handles = forms.CharField(
        label=_("Handles"), required=False, max_length=CREATORS_TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "@brass_lantern\ntiktok.com/@oat.and.ember"}),
        help_text=_("One a line or with commas: handles, profile links or creator IDs."),
    )  # fmt: skip
    shortlist = SizedShortlistField(
        Shortlist.objects.none(), label=_("Shortlist"), required=False, empty_label=_("none")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shortlist: Any = self.fields["shortlist"]
        shortlist.queryset = shortlists_of(user)


class PlanField(forms.ModelChoiceField):
    """An open plan with its shop, market and seats."""

    def label_from_instance(self, plan: Any) -> str:
        return f"{plan.name} · {plan.shop} · {plan.market_id} · {self.taken.get(plan.pk, 0)} / {SEATS}"

    taken: dict[int, int] = {}


class BulkForm(forms.Form):
    """The plan in which marked creators get seats."""

    plan = PlanField(TargetedPlan.objects.none(), label=_("Plan"), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan: PlanField = self.fields["plan"]  # type: ignore[assignment]
        plan.queryset = open_plans(user)
        plan.taken = seats_taken(list(plan.queryset))


class ShopForm(forms.Form):
    """Which shop a new plan is for."""

    shop = forms.ModelChoiceField(Shop.objects.none(), label=_("Shop"), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shop: forms.ModelChoiceField[Shop] = self.fields["shop"]  # type: ignore[assignment]
        shop.queryset = shops_of(user)


def default_market(shop: Shop) -> Market | None:
    """The market of the shop, chosen beforehand."""
    return Market.objects.filter(pk=shop.market_code).first()

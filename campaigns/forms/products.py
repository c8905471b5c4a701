"""Forms of products: all that is known about one, its stock, a list in a file and the columns of it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from campaigns.models import Product, ProductImport
from campaigns.rules.product_rows import (
    COMMISSION_FIELDS,
    ID_MAX,
    MONEY_FIELDS,
    NOTES_MAX,
    PROBLEMS,
    RATE_FIELDS,
    SKU_MAX,
    TITLE_MAX,
    read_row,
)
from campaigns.selectors.product_lists import Preview, field_choices
from core.ui import SYMBOLS
from creators.models import Category, ExchangeRate, Market
from creators.selectors.shortlists import shops_of

ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"
# What is typed as people write numbers, and read together with the currency.
TYPED = (*MONEY_FIELDS, *RATE_FIELDS, *COMMISSION_FIELDS)
DELTA_MAX = 1_000_000
GROUPS = (
    (_("Product"), ("shop", "title", "platform_id", "sku", "category")),
    (_("Price and costs"), ("price", "currency", "unit_cost", "platform_fee_rate", "tax_rate")),
    (_("Commission"), ("default_commission_rate", "max_commission_rate")),
    (_("Samples"), ("sample_cost", "stock")),
    (_("Compliance"), ("compliance_notes",)),
)


def number_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """An amount or a percentage as people type it: 24.90, 110.000₫, 12,5."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=40, required=required, widget=widget, help_text=help_text)


class ProductForm(forms.Form):
    """A product. Without `product` a new one, which asks for its shop and the first samples too."""

    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop"), empty_label=_("Choose a shop")
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
    platform_id = forms.CharField(
        label=_("Product ID"), max_length=ID_MAX, required=False, help_text=_("As the platform shows it, all digits.")
    )
    sku = forms.CharField(label=_("SKU"), max_length=SKU_MAX, required=False)
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("no category")
    )
    price = number_field(_("Price"), required=True)
    currency = forms.ChoiceField(label=_("Currency"))
    unit_cost = number_field(_("Unit cost"), _("Goods and packing of one piece. Empty: not known."))
    platform_fee_rate = number_field(_("Platform fee, %"), _("Empty: not known."))
    tax_rate = number_field(_("Tax, %"), _("Empty: not known."))
    default_commission_rate = number_field(_("Usual commission, %"), _("1 to 80. Plans begin with it."))
    max_commission_rate = number_field(_("Highest commission, %"), _("No plan of yours goes above it."))
    sample_cost = number_field(_("Cost of a sample"), _("Goods and shipping, booked when one is approved."))
    stock = forms.IntegerField(label=_("Samples in stock"), required=False, min_value=0, max_value=DELTA_MAX, initial=0)
    compliance_notes = forms.CharField(
        label=_("Compliance notes"), max_length=NOTES_MAX, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What may not be said about it, what has to be disclosed. Shown when content is reviewed."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, product: Product | None = None, **kwargs: Any) -> None:
        self.product = product
        if product is not None:
            kwargs["initial"] = _written(product)
        super().__init__(*args, **kwargs)
        if product is not None:
            del self.fields["shop"], self.fields["stock"]
        else:
            self._choose_shop(shops_of(user))
        category: Any = self.fields["category"]
        category.queryset = Category.objects.all()
        category.widget.attrs["data-tom-select"] = ""
        known = {*ExchangeRate.objects.values_list("currency", flat=True), *SYMBOLS}
        self._choices("currency", sorted(known | ({product.currency} if product else set())))

    def _choose_shop(self, shops: Any) -> None:
        shop: Any = self.fields["shop"]
        shop.queryset = shops
        only = list(shops[:2])
        if len(only) == 1:
            self.initial.setdefault("shop", only[0].pk)
        codes = {one.market_code for one in shops}
        market = Market.objects.filter(code__in=codes).first() if len(codes) == 1 else None
        self.initial.setdefault("currency", market.currency if market else "USD")

    def _choices(self, name: str, codes: list[str]) -> None:
        field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
        field.choices = [(code, code) for code in codes]

    def clean(self) -> dict[str, Any]:
        """Numbers become Decimal, rates in percent; an empty field is not known."""
        data = super().clean() or {}
        currency = data.get("currency", "")
        cells = {name: data.get(name, "") for name in (*TYPED, "platform_id")}
        # A missing title is said by its own field.
        row = read_row(cells | {"currency": currency, "title": data.get("title") or "…"}, {}, currency=currency)
        data |= {name: row.values.get(name) for name in TYPED}
        data["platform_id"] = row.values.get("platform_id", "")
        for name, code in row.problems:
            self.add_error(name, str(PROBLEMS[code]))
        return data

    def values(self) -> dict[str, Any]:
        """The values as the services take them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("shop", "stock")}

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(label, [self[name] for name in names if name in self.fields]) for label, names in GROUPS]


def _written(product: Product) -> dict[str, Any]:
    """What is known of a product as people would type it."""
    plain = ("title", "platform_id", "sku", "category", "currency", "compliance_notes")
    return {name: getattr(product, name) for name in plain} | {name: _text(getattr(product, name)) for name in TYPED}


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"


class StockForm(forms.Form):
    """Pieces that came in or went out."""

    direction = forms.ChoiceField(
        label=_("Direction"), choices=[("in", _("came in")), ("out", _("went out"))], initial="in"
    )
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=DELTA_MAX)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    @property
    def delta(self) -> int:
        pieces: int = self.cleaned_data["pieces"]
        return pieces if self.cleaned_data["direction"] == "in" else -pieces


class ProductUploadForm(forms.Form):
    """A list of products in a file, and whose products they are."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Export it again.")},
    )
    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop"), empty_label=_("Choose a shop")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = shops_of(user)
        self.fields["shop"].queryset = shops  # type: ignore[attr-defined]
        only = list(shops[:2])
        if len(only) == 1:
            self.initial.setdefault("shop", only[0].pk)


class ColumnsForm(forms.Form):
    """What each column of a list is read as."""

    def __init__(self, *args: Any, source: ProductImport, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        choices = field_choices()
        for place, header, name in preview.columns:
            field = forms.ChoiceField(label=header or "–", choices=choices, required=False, initial=name)
            self.fields[f"column_{place}"] = field

    def columns(self) -> dict[int, str]:
        """Field by position."""
        return {int(name.removeprefix("column_")): value for name, value in self.cleaned_data.items()}

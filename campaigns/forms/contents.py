"""Forms of contents: drafts, reviews, publication, results."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Shop, User
from campaigns.forms.samples import money_field
from campaigns.models import Content, ContentRound, Product
from campaigns.rules.result_columns import COUNTS, LABELS, MONEY
from campaigns.rules.utm import utm_link
from campaigns.selectors.contents import Item, items_of, products_of, utm_marks_of
from campaigns.states.contents import ContentKind, ResultWindow, Verdict
from creators.selectors.shortlists import shops_of
from violations.forms.blacklist import ACCEPT, TOO_LARGE, day_field, text_field
from violations.forms.entries import moment_field

SCRIPT_MAX = 20_000


class AddForm(forms.Form):
    """One more content than agreed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContentKind.choices)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    due_at = moment_field(_("Due"), required=False)


class ContentForm(forms.Form):
    """A step of a content."""

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        if "product" in self.fields:
            self.fields["product"].queryset = products_of(content)  # type: ignore[attr-defined]
            self.fields["product"].initial = content.product_id


def product_field(label: Any, *, help_text: Any = "") -> "forms.ModelChoiceField[Product]":
    """A product of the content's plan."""
    return forms.ModelChoiceField(
        Product.objects.none(), label=label, required=False, empty_label=_("None"), help_text=help_text
    )


class DraftForm(ContentForm):
    """A link, a file or the script."""

    draft_url = forms.CharField(label=_("Link to the draft"), max_length=500, required=False)
    file = forms.FileField(
        label=_("File"), required=False, max_length=255, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Images, PDF or video, up to 50 MB."),
    )  # fmt: skip
    script = forms.CharField(
        label=_("Script or caption"), max_length=SCRIPT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is read for words that must not appear and for claims."),
    )  # fmt: skip
    note = text_field(_("Note"), required=False)

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large

    def clean_file(self) -> UploadedFile | None:
        if self.is_too_large:
            raise forms.ValidationError(TOO_LARGE)
        file: UploadedFile | None = self.cleaned_data["file"]
        return file


class ReviewForm(forms.Form):
    """The items of the checklist that a person found right, and the verdict."""

    confirmed = forms.TypedMultipleChoiceField(
        label=_("Checklist"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[(Verdict.APPROVED, _("Approve")), (Verdict.CHANGES, _("Ask for changes"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    comments = text_field(
        pgettext_lazy("review", "Comments"), required=False, help_text=_("A request for changes needs them.")
    )

    def __init__(self, *args: Any, draft: ContentRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[Item] = items_of(draft.checklist)
        confirmed: forms.TypedMultipleChoiceField = self.fields["confirmed"]  # type: ignore[assignment]
        confirmed.choices = [(item.place, item.label) for item in self.items]
        confirmed.initial = [item.place for item in self.items if item.passed]

    @property
    def chosen(self) -> list[int]:
        """The places that are ticked as the form stands."""
        return [int(text) for text in self["confirmed"].value() or [] if str(text).isdecimal()]


class PublishForm(ContentForm):
    """Where and since when it is out."""

    url = forms.CharField(label=_("Link"), max_length=500, required=False)
    published_at = moment_field(_("Published"))
    product = product_field(_("Tagged product"), help_text=_("Without a tagged product the sample is not fulfilled."))
    live_minutes = forms.IntegerField(label=_("Minutes of the LIVE"), min_value=0, max_value=10_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.content.kind != ContentKind.LIVE:
            del self.fields["live_minutes"]
        products = list(products_of(self.content)[:2])
        if self.content.published_at:
            self.fields["published_at"].initial = self.content.published_at
            self.fields["url"].initial = self.content.published_url
        elif len(products) == 1:
            self.fields["product"].initial = products[0].pk


class TakeDownForm(ContentForm):
    taken_down_at = moment_field(_("Taken down"), required=False, help_text=_("Empty: now."))
    reason = text_field(_("Reason"))


class EditForm(ContentForm):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    product = product_field(_("Tagged product"))
    due_at = moment_field(_("Due"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "due_at"):
            self.fields[name].initial = getattr(self.content, name)


class CancelForm(ContentForm):
    reason = text_field(_("Reason"))


class ResultForm(ContentForm):
    """The figures of a day or of the first 24 hours; an empty field is not known."""

    window = forms.ChoiceField(label=_("Time"), choices=ResultWindow.choices, initial=ResultWindow.DAY)
    day = day_field(_("Day"), _("In the market of the plan. Not needed for the first 24 hours."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.content.collaboration.plan.currency
        for name in COUNTS:
            widget = forms.NumberInput(attrs={"class": "num", "min": "0"})
            field = forms.IntegerField(label=str(LABELS[name]), min_value=0, required=False, widget=widget)
            self.fields[name] = field
        for name in MONEY:
            self.fields[name] = money_field(f"{LABELS[name]} ({currency})", required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The figures that were written; what was left empty keeps what was said before."""
        named = {name: self.cleaned_data.get(name) for name in (*COUNTS, *MONEY)}
        return {name: value for name, value in named.items() if value is not None}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.values:
            raise forms.ValidationError(_("Write at least one number."))
        return cleaned


class UtmForm(forms.Form):
    """Marks of a link to another site."""

    address = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    source = forms.CharField(label=_("Source"), max_length=80)
    medium = forms.CharField(label=_("Medium"), max_length=80)
    campaign = forms.CharField(label=_("Campaign"), max_length=80)
    content = forms.CharField(label=_("Content"), max_length=80, required=False)

    def __init__(self, data: Any, *, marks_of: Content) -> None:
        super().__init__(data, initial=utm_marks_of(marks_of), prefix="utm")

    def clean_address(self) -> str:
        """An address that marks can be added to."""
        address: str = self.cleaned_data["address"]
        try:
            utm_link(address, source="", medium="", campaign="")
        except ValueError as error:
            raise forms.ValidationError(_("Write a whole address, such as https://shop.example.com/serum.")) from error
        return address


class ResultImportForm(forms.Form):
    """A file of results, and whose they are."""

    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop"), empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Export it again.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops_of(user)  # type: ignore[attr-defined]

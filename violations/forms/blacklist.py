"""Forms of the blacklist: a new entry, the decision of a second person, keeping it longer, taking it off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from creators.selectors.shortlists import shops_of

ACCEPT = ".png,.jpg,.jpeg,.webp,.gif,.pdf,.mp4,.mov,.webm"
TOO_LARGE = _("A file has more than 200 MB; the limit is 50 MB. Cut the video or send a link to it.")
TEXT_MAX = 2_000


def day_field(label: Any, help_text: Any) -> forms.DateField:
    """A day that may be left empty."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def text_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A few lines of text."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=TEXT_MAX, required=required, widget=widget, help_text=help_text)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads; the cleaned value is a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files if one]


class BlacklistForm(forms.Form):
    """Whose list, why, and for how long."""

    shop = forms.ChoiceField(
        label=_("Blacklist"), help_text=_("A shop's own entry counts at once and is seen by that shop only.")
    )
    reason = text_field(_("Reason"), help_text=_("What happened. Everybody who sees the entry reads it."))
    until = day_field(_("Until"), _("Past this day the entry stays and asks for a review. Empty: no end."))
    review_on = day_field(_("Review on"), _("Empty: on the day above, else in 90 days."))
    evidence = FilesField(
        label=_("Evidence"), required=False, max_length=255, widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("Images, PDF or video, up to 50 MB each."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.shops = {str(shop.pk): shop for shop in shops_of(user)}
        choices = [("shared", _("The whole organisation: a second person confirms it"))]
        shop: forms.ChoiceField = self.fields["shop"]  # type: ignore[assignment]
        shop.choices = [*choices, *((key, one.name) for key, one in self.shops.items())]

    def clean_shop(self) -> Shop | None:
        """The shop whose own list it is; None is the organisation's."""
        return self.shops.get(self.cleaned_data["shop"])

    def clean_evidence(self) -> list[Any]:
        if self.is_too_large:
            raise forms.ValidationError(TOO_LARGE)
        files: list[Any] = self.cleaned_data["evidence"]
        return files


class DecisionForm(forms.Form):
    """A second person confirms or refuses."""

    confirm = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Confirm: nobody works with this creator")), ("no", _("Refuse: it stays off the list"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    note = text_field(_("Note"), required=False, help_text=_("A refusal needs one."))


class KeepForm(forms.Form):
    """The entry stays."""

    until = day_field(_("Keep until"), _("Empty: no end."))
    review_on = day_field(_("Review on"), _("Empty: on the day above, else in 90 days."))


class RemovalForm(forms.Form):
    reason = text_field(_("Reason"), help_text=_("Kept with the entry."))

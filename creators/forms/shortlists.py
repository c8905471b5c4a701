"""Forms of shortlists: the list itself, adding creators to one, moving them to another, and of exports."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from core.exports import FORMATS
from creators.models import Shortlist
from creators.selectors.shortlists import shops_of, targets_of
from creators.states import Visibility

# More at once come through the API, call by call.
SELECTED_MAX = 1_000
KEY_MAX = 2**63


def selected_ids(data: QueryDict) -> list[int]:
    """The creators that a query names, in order, once each: `creators=1&creators=2` or `ids=1,2`."""
    texts = [*data.getlist("creators"), *(part for text in data.getlist("ids") for part in text.split(","))]
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20]
    return list(dict.fromkeys(pk for pk in ids if pk < KEY_MAX))[:SELECTED_MAX]


class ShortlistForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the list is for."),
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Visible to"), choices=Visibility.choices, initial=Visibility.SHOP, widget=forms.RadioSelect
    )


class ShortlistCreateForm(ShortlistForm):
    shop = forms.ModelChoiceField(Shop.objects.none(), label=_("Shop"), empty_label=None)
    field_order = ("name", "shop", "note", "visibility")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shop: forms.ModelChoiceField[Shop] = self.fields["shop"]  # type: ignore[assignment]
        shop.queryset = shops_of(user)


class TargetField(forms.ModelChoiceField):
    """A list to put creators on; says its shop and how many of them are on it."""

    def label_from_instance(self, shortlist: Any) -> str:
        label = f"{shortlist.name} · {shortlist.shop}"
        if not shortlist.already:
            return label
        on_it = ngettext("%(count)s already on it", "%(count)s already on it", shortlist.already)
        return f"{label} ({on_it % {'count': shortlist.already}})"


class AddForm(forms.Form):
    """An existing list, or the name and shop of a new one."""

    shortlist = TargetField(
        Shortlist.objects.none(), label=_("Shortlist"), required=False, empty_label=_("A new list, named below")
    )
    new_name = forms.CharField(
        label=_("Name of the new list"), max_length=120, required=False,
        help_text=_("With a name here, a new list is made instead."),
    )  # fmt: skip
    shop = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop of the new list"), required=False, empty_label=None
    )
    note = forms.CharField(
        label=_("Note"), max_length=2_000, required=False, help_text=_("Kept with each creator that is added.")
    )

    def __init__(self, *args: Any, user: User, creator_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: TargetField = self.fields["shortlist"]  # type: ignore[assignment]
        lists.queryset = targets_of(user, creator_ids)
        shop: forms.ModelChoiceField[Shop] = self.fields["shop"]  # type: ignore[assignment]
        shop.queryset = shops_of(user)
        self.initial.setdefault("shortlist", next(iter(lists.queryset), None))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        # The newest list is chosen beforehand; who types a name wants that one.
        if values.get("new_name"):
            values["shortlist"] = None
        if values.get("shortlist") is None and "shortlist" not in self.errors:
            if not values.get("new_name"):
                self.add_error("new_name", gettext("Choose a list above, or name a new one."))
            elif values.get("shop") is None:
                self.add_error("shop", gettext("Choose the shop of the new list."))
        return values


class TransferForm(forms.Form):
    """Where selected creators go."""

    target = TargetField(Shortlist.objects.none(), label=_("To the list"), empty_label=None)

    def __init__(self, *args: Any, user: User, source: Shortlist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: TargetField = self.fields["target"]  # type: ignore[assignment]
        target.queryset = targets_of(user, []).exclude(pk=source.pk)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=2_000, required=False)


class ExportForm(forms.Form):
    """How a file is made."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(name, name.upper()) for name in reversed(FORMATS)],
        initial="xlsx",
        widget=forms.RadioSelect,
        help_text=_("XLSX opens in Excel and holds the definitions of the columns; CSV suits other programs."),
    )
    every = forms.BooleanField(
        label=_("Every column"), required=False, help_text=_("Otherwise the columns that the list shows.")
    )
    contacts = forms.BooleanField(
        label=_("Contacts of your shops"), required=False, help_text=_("The download is recorded under your name.")
    )

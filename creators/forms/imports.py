"""Forms of imports: the file, how it is read, and what a conflict means."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Shop, User
from creators.metrics import GROUP_LABELS, IMPORTED
from creators.models import ExchangeRate, Import, Market
from creators.services.imports import FIELDS
from creators.states import ConflictState, Quality

WINDOWS = (7, 14, 28, 30, 60, 90, 180, 365)
ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"
IDENTITY = (
    "handle",
    "profile_link",
    "external_id",
    "nickname",
    "market",
    "category",
    "language",
    "agency",
    "bio",
    "as_of",
)
CONTACTS = ("email", "contact")
TOO_LARGE = _("The file has more than 200 MB. Split it or save it as CSV.")


def field_choices() -> list[tuple[str | Promise, Any]]:
    """What a column can be read as, in groups."""
    by_group = {
        group: [(metric.key, metric.label) for metric in IMPORTED if metric.group == group] for group in GROUP_LABELS
    }
    by_group["audience"] += [(key, FIELDS[key]) for key in ("male_share", "audience_gender")]
    return [
        ("", _("Left out")),
        (_("Creator"), [(key, FIELDS[key]) for key in IDENTITY]),
        (_("Contacts"), [(key, FIELDS[key]) for key in CONTACTS]),
        *((GROUP_LABELS[group], choices) for group, choices in by_group.items()),
    ]


class ImportUploadForm(forms.Form):
    """The file, and the shop that gets its contacts."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Export it again.")},
    )
    shop = forms.ModelChoiceField(
        Shop.objects.none(),
        label=_("Contacts go to"),
        required=False,
        empty_label=_("No shop: leave contacts out"),
        help_text=_("E-mail addresses belong to one shop. All other values are for everybody."),
    )

    def __init__(self, *args: Any, user: User, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops: forms.ModelChoiceField[Shop] = self.fields["shop"]  # type: ignore[assignment]
        shops.queryset = Shop.objects.visible_to(user).active().order_by("name")
        if is_too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE


class ImportSettingsForm(forms.Form):
    """How a list is read: defaults for all rows, and one field for each column (`column_0`, `column_1` …)."""

    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day on which these numbers were true. Please check it."),
        error_messages={"required": _("Choose a day.")},
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=40,
        help_text=_("The tool or person that the list comes from."),
        error_messages={"required": _("Name the source.")},
    )
    market = forms.ModelChoiceField(
        Market.objects.all(),
        label=_("Market"),
        empty_label=_("Choose a market"),
        error_messages={"required": _("Choose a market.")},
    )
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Of amounts that name none."))
    window_days = forms.TypedChoiceField(
        label=_("Window"),
        coerce=int,
        help_text=_("The days that the numbers cover, where a header names none."),
    )
    quality = forms.TypedChoiceField(
        label=_("Quality"),
        coerce=int,
        choices=[(quality.value, quality.label) for quality in Quality if quality != Quality.EDITED],
        help_text=_("Exact is the platform's own export; other tools estimate."),
    )
    mapping_name = forms.CharField(label=_("Name of the mapping"), max_length=80, required=False)

    def __init__(self, *args: Any, source_import: Import, sheets: list[str], **kwargs: Any) -> None:
        names = ("as_of", "source", "market", "currency", "window_days", "quality", "sheet")
        kwargs["initial"] = {name: getattr(source_import, name) for name in names}
        super().__init__(*args, **kwargs)
        self.mapping = source_import.mapping
        currencies = {source_import.currency, *ExchangeRate.objects.values_list("currency", flat=True)}
        self._choose("currency", [(code, code) for code in sorted(currencies)])
        windows = sorted({source_import.window_days, *WINDOWS})
        self._choose("window_days", [(n, ngettext("%(days)s day", "%(days)s days", n) % {"days": n}) for n in windows])
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(sheet, sheet) for sheet in sheets])
        choices = field_choices()
        for column in self.mapping:
            name = f"column_{column['index']}"
            self.initial[name] = column["field"] or ""
            self.fields[name] = forms.ChoiceField(label=column["header"], choices=choices, required=False)
        self._require_less()

    def _require_less(self) -> None:
        """A column with markets answers for the list, and only the start needs every answer."""
        chosen = {self[f"column_{column['index']}"].value() for column in self.mapping}
        if "market" in chosen:
            market: forms.ModelChoiceField[Market] = self.fields["market"]  # type: ignore[assignment]
            market.required, market.empty_label = False, _("From a column of the list")
        if self.is_bound and self.data.get("action") != "start":
            for name in ("as_of", "source", "market"):
                self.fields[name].required = False

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
        field.choices = choices

    def settings_fields(self) -> list[forms.BoundField]:
        """The defaults of the whole list."""
        names = ("as_of", "source", "market", "currency", "window_days", "quality", "sheet")
        return [self[name] for name in names if name in self.fields]

    def column_field(self, index: int) -> forms.BoundField:
        """The choice of a column."""
        return self[f"column_{index}"]

    def configuration(self) -> dict[str, Any]:
        """The arguments of `import_configure`."""
        data = self.cleaned_data
        return {
            "fields": {column["index"]: data[f"column_{column['index']}"] or None for column in self.mapping},
            "sheet": data.get("sheet"),
            "market": data["market"],
            "source": data["source"],
            "currency": data["currency"],
            "window_days": data["window_days"],
            "quality": data["quality"],
            "as_of": data["as_of"],
        }


class ConflictForm(forms.Form):
    """What a person decides about a handle that came with another id."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in ConflictState if state != ConflictState.OPEN],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

"""Forms of rule books: a new version, its parameters, a rule, a milestone."""

from dataclasses import asdict, fields
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from creators.models import Market
from violations.rules.differences import MilestoneValues, Parameters, RuleValues
from violations.states import Feature, Severity

COUNT_MAX = 1_000
TEXT_MAX = 2_000


def instant_field() -> forms.DateTimeField:
    """An instant to the minute in the time zone of the page."""
    return forms.DateTimeField(
        label=_("In force from"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("After the version before it, and still to come."),
    )


def count_field(label: Any, help_text: Any = "", *, least: int = 1, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=COUNT_MAX, required=required, help_text=help_text)


def features_field(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=Feature.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def text_field(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=TEXT_MAX, required=required, widget=widget, help_text=help_text)


def midnight_after(now: datetime) -> datetime:
    """The next midnight in the time zone of the page."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


class DraftForm(forms.Form):
    """A new version of a book, or the first one of a market."""

    effective_from = instant_field()
    market = forms.ModelChoiceField(
        Market.objects.all(),
        label=_("Market"),
        required=False,
        empty_label=_("All markets: the next version of this book"),
        help_text=_("A book of a market goes before the one for all markets there."),
    )

    def __init__(self, *args: Any, offers_markets: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offers_markets:
            del self.fields["market"]


class ParametersForm(forms.Form):
    """What a book says apart from its rules and milestones."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    effective_from = instant_field()
    strike_count = count_field(_("Strikes that withdraw selling"))
    strike_days = count_field(_("Days withdrawn by strikes"))
    strike_features = features_field(_("Withdrawn by strikes"))
    appeal_days = count_field(
        _("Days to appeal"), _("Until the end of this day after the notice, in the market's time.")
    )
    decision_days = count_field(_("Working days to decide"), _("Then the appeal goes to an admin."))
    repeat_count = count_field(_("Repeats that count as an offence"))
    repeat_days = count_field(_("Days in which repeats count"))

    def __init__(self, data: Any = None, *, parameters: Parameters, is_computed: bool) -> None:
        super().__init__(data, initial=asdict(parameters))
        if not is_computed:
            for name in ("strike_count", "strike_days", "strike_features"):
                del self.fields[name]

    def values(self) -> Parameters:
        """The valid form's values; what it does not ask for stays."""
        return Parameters(**_values(self, fields(Parameters)))


class RuleForm(forms.Form):
    """One rule, in two languages; texts may be finished later."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("For files and the API: late_content. A renamed rule counts as another one."),
    )
    clause = forms.CharField(label=_("Clause"), max_length=40, required=False, help_text=_("As people cite it: H-103."))
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    points = count_field(_("Points"))
    strike = forms.BooleanField(label=_("Counts as a strike"), required=False)
    title_en = forms.CharField(label=_("Title (English)"), max_length=120)
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=120, required=False)
    text_en = text_field(
        _("Text (English)"), required=False, help_text=_("What is forbidden, as the creator reads it.")
    )
    text_zh = text_field(_("Text (Chinese)"), required=False)

    def __init__(self, data: Any = None, *, rule: RuleValues | None = None) -> None:
        super().__init__(data, initial=asdict(rule) if rule else {})

    def values(self) -> RuleValues:
        return RuleValues(**_values(self, fields(RuleValues)))


class MilestoneForm(forms.Form):
    """What happens when the balance reaches a threshold."""

    threshold = count_field(_("Balance"), least=0)
    features = features_field(_("Withdrawn"), _("None: a written warning."))
    days = count_field(
        _("Days"), _("Empty: until a reversal brings the balance below, or an admin lifts it."), required=False
    )
    blocks_seats = forms.BooleanField(label=_("No new seat in a plan while the balance is there"), required=False)
    text_en = text_field(_("Text (English)"), required=False)
    text_zh = text_field(_("Text (Chinese)"), required=False)

    def __init__(self, data: Any = None, *, milestone: MilestoneValues | None = None) -> None:
        super().__init__(data, initial=asdict(milestone) if milestone else {})

    def values(self) -> MilestoneValues:
        return MilestoneValues(**_values(self, fields(MilestoneValues)))


def _values(form: forms.Form, wanted: Any) -> dict[str, Any]:
    given = {one.name: form.cleaned_data.get(one.name, form.initial.get(one.name)) for one in wanted}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}

"""Forms of problems, and of the violation that a breach becomes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.forms.agreements import money_field
from campaigns.models import ProblemFile
from campaigns.services.problems import STEP_MAX, SUMMARY_MAX
from campaigns.states.problems import ProblemKind, ProblemOutcome
from violations.forms.appeals import EvidenceForm
from violations.forms.blacklist import text_field
from violations.forms.entries import LINK_MAX, moment_field, rule_choices
from violations.selectors.drafts import Draft


def due_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class ProblemEditForm(forms.Form):
    """What happened, whose it is, until when."""

    summary = forms.CharField(label=_("What happened"), max_length=SUMMARY_MAX)
    details = text_field(_("Details"), required=False)
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), empty_label=None
    )
    due_on = due_field(_("Due on"))

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners


class ProblemForm(ProblemEditForm, EvidenceForm):
    """A new problem with its kind and its files."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ProblemKind.choices, widget=forms.RadioSelect)
    field_order = ("kind", "summary", "details", "owner", "due_on", "evidence")


class StepForm(forms.Form):
    text = forms.CharField(label=_("Another step"), max_length=STEP_MAX)


class FilesForm(EvidenceForm):
    """More files."""


class OutcomeForm(forms.Form):
    """How it ended; the collaboration can be dropped with it."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ProblemOutcome.choices, widget=forms.RadioSelect)
    note = text_field(_("Note"), help_text=_("What was done or agreed."))
    drop = forms.BooleanField(
        label=_("Drop the collaboration too, for this reason"), required=False,
        help_text=_("Only when it is terminated or dropped. The seat is free again."),
    )  # fmt: skip

    compensation = money_field(
        _("Amount that we pay"), _("Only when it is compensated: it becomes a line of the settlement.")
    )
    field_order = ("outcome", "note", "compensation", "drop")

    def __init__(self, *args: Any, may_drop: bool, currency: str, **kwargs: Any) -> None:
        """Without a currency nothing is paid."""
        super().__init__(*args, **kwargs)
        if not may_drop:
            del self.fields["drop"]
        if not currency:
            del self.fields["compensation"]
        else:
            self.fields["compensation"].label = _("Amount that we pay, in %(currency)s") % {"currency": currency}


class ReopenForm(forms.Form):
    reason = text_field(_("Why it is opened again"))
    due_on = due_field(_("New day"))


class BreachForm(forms.Form):
    """The violation that a breach becomes; creator and shop are those of the collaboration."""

    rule_code = forms.ChoiceField(
        label=_("Rule"),
        widget=forms.Select(attrs={"data-tom-select": "", "data-none": _("No such rule")}),
        error_messages={"required": _("Choose a rule.")},
    )
    effective_at = moment_field(_("When it happened"))
    content_link = forms.CharField(label=_("Content link"), required=False, max_length=LINK_MAX)
    note = text_field(_("Note to the creator"), required=False)
    internal_note = text_field(
        _("Internal note"), required=False, help_text=_("For ops and the shop it came from. The creator never sees it.")
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("Evidence of the problem"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = text_field(_("Why it is logged so late"), required=False)
    repeat_confirmed = forms.BooleanField(label=_("This is another incident"), required=False)

    def __init__(self, *args: Any, draft: Draft, files: Sequence[ProblemFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["rule_code"].choices = rule_choices(draft)
        fields["evidence"].choices = [(one.pk, one.file.name) for one in files]
        if not files:
            del fields["evidence"]
        if not draft.is_late:
            del fields["reason"]
        if draft.preview is None or not draft.preview.repeat:
            del fields["repeat_confirmed"]

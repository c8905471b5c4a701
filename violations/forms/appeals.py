"""Forms of appeals: filing one, what a reviewer asks and decides, the answer, and what the list is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Market
from violations.forms.blacklist import ACCEPT, TOO_LARGE, FilesField, FilesInput, text_field


class EvidenceForm(forms.Form):
    """Several files beside what is written."""

    evidence = FilesField(
        label=_("Evidence"), required=False, max_length=255, widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("Images, PDF or video, up to 50 MB each."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large

    def clean_evidence(self) -> list[Any]:
        if self.is_too_large:
            raise forms.ValidationError(TOO_LARGE)
        files: list[Any] = self.cleaned_data["evidence"]
        return files


class AppealForm(EvidenceForm):
    statement = text_field(_("Statement"), help_text=_("Why the entry should be taken back, in the creator's words."))
    field_order = ("statement", "evidence")


class AnswerForm(EvidenceForm):
    statement = text_field(_("Answer"), required=False)
    field_order = ("statement", "evidence")


class QuestionForm(forms.Form):
    question = text_field(_("What is missing"), help_text=_("The creator is asked in these words."))


class DecisionForm(forms.Form):
    overturn = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("no", _("Uphold: the entry stays")), ("yes", _("Overturn: the entry is taken back"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = text_field(_("Reason"), help_text=_("The creator is told this reason."))


class WithdrawalForm(forms.Form):
    reason = text_field(_("Why it is withdrawn"), required=False)


class AssignForm(forms.Form):
    """Who reviews; the service refuses logger and notifier."""

    reviewer = forms.ModelChoiceField(User.objects.none(), label=_("Reviewer"), empty_label=None)

    def __init__(self, *args: Any, reviewers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewer: forms.ModelChoiceField[User] = self.fields["reviewer"]  # type: ignore[assignment]
        reviewer.queryset = reviewers


class AppealFilterForm(forms.Form):
    """The list's query beside its tab."""

    market = forms.ModelChoiceField(
        Market.objects.none(), label=_("Market"), required=False, empty_label=_("All markets")
    )
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        market: forms.ModelChoiceField[Market] = self.fields["market"]  # type: ignore[assignment]
        market.queryset = Market.objects.all()
        rule: forms.ChoiceField = self.fields["rule"]  # type: ignore[assignment]
        rule.choices = [("", _("All rules")), *rules]

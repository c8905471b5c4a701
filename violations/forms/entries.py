"""Forms of a case: the violation, its notice, measures and lifts, and the reasons that they ask for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from core.models import StoredFile
from creators.models import Creator
from creators.selectors.shortlists import shops_of
from violations.forms.blacklist import ACCEPT, FilesField, FilesInput, text_field
from violations.selectors.drafts import Draft
from violations.services.cases import Incident
from violations.services.notices import NoticeWish
from violations.states import Feature, Measure, NoticeChannel

LINK_MAX = 2_000
LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))


def moment_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    """An instant in the time zone of the page."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "num"})
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


def rule_choices(draft: Draft) -> list[tuple[Any, Any]]:
    """The rules in force at that time by severity, the mildest first."""
    groups = [(one.label, [(rule.code, rule.title) for rule in one.rules]) for one in draft.severities]
    return [("", _("Choose a rule")), *groups]


class PreviewForm(forms.Form):
    """As much of a violation as is written so far; nothing is required, and what cannot be read is left out."""

    creator = forms.ModelChoiceField(Creator.objects.none(), required=False, widget=forms.HiddenInput)
    creator_text = forms.CharField(label=_("Creator"), required=False, max_length=300)
    rule_code: forms.Field = forms.CharField(label=_("Rule"), required=False, max_length=40)
    effective_at = moment_field(_("When it happened"), required=False)
    content_link = forms.CharField(label=_("Content link"), required=False, max_length=LINK_MAX)
    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop it came from"), required=False, empty_label=_("No shop"),
        help_text=_("Its members see the evidence and the internal note."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["creator"].queryset = Creator.objects.visible_to(user).select_related("market")
        fields["shop"].queryset = shops_of(user)

    def written(self) -> dict[str, Any]:
        """The arguments of `selectors.drafts.draft_of`."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in PreviewForm.base_fields if name in self.cleaned_data}


class EntryForm(PreviewForm):
    """A violation and how the creator is told of it; the files come beside it, uploaded before or with it.

    `draft` is what the same values mean: whom they name, and the rules of that time.
    """

    rule_code = forms.ChoiceField(
        label=_("Rule"),
        widget=forms.Select(attrs={"data-tom-select": "", "data-none": _("No such rule")}),
        error_messages={"required": _("Choose a rule.")},
    )
    effective_at = moment_field(_("When it happened"))
    reason = text_field(
        _("Why it is logged so late"), required=False,
        help_text=_("It happened more than 90 days ago: it adds no points, and needs a reason."),
    )  # fmt: skip
    note = text_field(_("Note to the creator"), required=False)
    internal_note = text_field(
        _("Internal note"), required=False, help_text=_("For ops and the shop it came from. The creator never sees it.")
    )
    repeat_confirmed = forms.BooleanField(label=_("This is another incident"), required=False)
    notice_channel = forms.ChoiceField(
        label=_("Tell the creator"),
        required=False,
        choices=[*NoticeChannel.choices, ("", _("Later"))],
        widget=forms.RadioSelect,
    )
    notice_address = forms.EmailField(label=_("E-mail of the creator"), required=False)
    notice_language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    notice_given_at = moment_field(_("Handed over at"), required=False)

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        fields: Any = self.fields
        fields["rule_code"].choices = rule_choices(draft)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.draft.creator is not None:
            values["creator"] = self.draft.creator.creator
        elif self.draft.matches:
            self.add_error("creator_text", _("Choose one of these creators."))
        elif self.draft.text:
            self.add_error("creator_text", _("No creator has this handle or name."))
        else:
            self.add_error("creator_text", _("Name the creator: handle or profile link."))
        return values

    def incident(self, evidence: Sequence[StoredFile]) -> Incident:
        """What `case_open` logs."""
        words = ("creator", "rule_code", "effective_at", "content_link", "note", "internal_note", "shop", "reason")
        values = {name: self.cleaned_data[name] for name in (*words, "repeat_confirmed")}
        return Incident(**values, evidence=evidence)

    def notice(self, proof: StoredFile | None) -> NoticeWish | None:
        """How the creator is told; None for later."""
        return notice_wish(self.cleaned_data, proof, prefix="notice_")


def notice_wish(given: Mapping[str, Any], proof: StoredFile | None, *, prefix: str = "") -> NoticeWish | None:
    """The notice that the fields describe; None when no channel is chosen."""
    channel: str = given[f"{prefix}channel"]
    if not channel:
        return None
    given_at: datetime | None = given[f"{prefix}given_at"]
    address, language = given[f"{prefix}address"], given[f"{prefix}language"] or "en"
    return NoticeWish(channel=channel, address=address, language=language, given_at=given_at, proof=proof)


class NoticeForm(forms.Form):
    """A notice for an entry that is there already."""

    channel = forms.ChoiceField(label=_("Tell the creator"), choices=NoticeChannel.choices, widget=forms.RadioSelect)
    address = forms.EmailField(label=_("E-mail of the creator"), required=False, help_text=_("For a mail."))
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    given_at = moment_field(_("Handed over at"), required=False)
    proof = FilesField(
        label=_("Proof that it was handed over"), required=False, max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPT}), help_text=_("Image, PDF or video, up to 50 MB."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(_("Reason"))


class RequestDecisionForm(forms.Form):
    """A second person confirms or refuses a reversal."""

    note = text_field(_("Note"), required=False, help_text=_("Needed to refuse."))


def evidence_field() -> FilesField:
    """Files that prove a measure or a lift."""
    return FilesField(
        label=_("Evidence"),
        max_length=255,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("Images, PDF or video, up to 50 MB each."),
    )


def features_field(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=Feature.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class MeasureForm(forms.Form):
    """A measure beside the points."""

    measure = forms.ChoiceField(label=_("Measure"), choices=Measure.choices)
    features = features_field(
        _("Withdraws"), _("For limits and withdrawals of selling. Blocking the account withdraws all three.")
    )
    ends_at = moment_field(_("Until"), required=False, help_text=_("Empty: until somebody lifts it."))
    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop it came from"), required=False, empty_label=_("No shop")
    )
    reason = text_field(_("Reason"))
    evidence = evidence_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops_of(user)  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    """Give features back before their time."""

    features = features_field(_("Give back"))
    reason = text_field(_("Reason"))
    evidence = evidence_field()

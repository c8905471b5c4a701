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
from violations.models import Rule, RuleBook
from violations.selectors.picker import creators_named
from violations.services.cases import Incident, NoticeWish
from violations.states import Feature, Measure, NoticeChannel, Severity

LINK_MAX = 2_000
LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))


def moment_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    """An instant in the time zone of the page."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "num"})
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


def rule_choices(rules: Sequence[Rule]) -> list[tuple[Any, Any]]:
    """The rules by severity, the mildest first."""
    groups = [(one.label, [(rule.code, rule.title) for rule in rules if rule.severity == one]) for one in Severity]
    return [("", _("Choose a rule")), *((label, choices) for label, choices in groups if choices)]


class EntryForm(forms.Form):
    """A violation and how the creator is told of it.

    `creator` is a picked one; otherwise `creator_text` names it, and `matches` are those that it may mean. Files that
    were uploaded before come as `uploaded`.
    """

    creator = forms.ModelChoiceField(Creator.objects.none(), required=False, widget=forms.HiddenInput)
    creator_text = forms.CharField(label=_("Creator"), required=False, max_length=200)
    rule_code = forms.ChoiceField(label=_("Rule"))
    effective_at = moment_field(_("When it happened"))
    content_link = forms.CharField(label=_("Content link"), required=False, max_length=LINK_MAX)
    reason = text_field(_("Why it is logged so late"), required=False)
    note = text_field(_("Note to the creator"), required=False)
    internal_note = text_field(_("Internal note"), required=False)
    shop: forms.ModelChoiceField[Shop] = forms.ModelChoiceField(
        None, label=_("Shop it came from"), required=False, empty_label=_("No shop")
    )
    evidence = FilesField(required=False, max_length=255, widget=FilesInput(attrs={"accept": ACCEPT}))
    repeat_confirmed = forms.BooleanField(label=_("This is another incident"), required=False)
    notice_channel = forms.ChoiceField(
        label=_("Tell the creator"),
        required=False,
        choices=[("", _("Later")), *NoticeChannel.choices],
        widget=forms.RadioSelect,
    )
    notice_address = forms.EmailField(label=_("E-mail of the creator"), required=False)
    notice_language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    notice_given_at = moment_field(_("Handed over at"), required=False)
    notice_proof = forms.FileField(
        label=_("Proof that it was handed over"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(
        self, *args: Any, user: User, book: RuleBook | None, uploaded: Sequence[StoredFile] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.uploaded = uploaded
        self.rules = list(book.rules.all()) if book else []
        self.matches: list[Any] = []
        self.user = user
        self.fields["creator"].queryset = Creator.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["rule_code"].choices = rule_choices(self.rules)  # type: ignore[attr-defined]
        self.fields["shop"].queryset = shops_of(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("creator"):
            values["creator"] = self._named(values.get("creator_text", ""))
        return values

    def _named(self, text: str) -> Creator | None:
        """The one creator whom the text names; else the field says what to do."""
        if not text.strip():
            self.add_error("creator_text", _("Name the creator: handle or profile link."))
            return None
        found = creators_named(text, user=self.user)
        if found.exact is not None:
            return found.exact
        self.matches = found.creators
        problem = _("Choose one of these creators.") if found.creators else _("No creator has this handle or name.")
        self.add_error("creator_text", problem)
        return None

    def incident(self, evidence: Sequence[StoredFile]) -> Incident:
        """What `case_open` logs."""
        given = self.cleaned_data
        return Incident(
            creator=given["creator"],
            rule_code=given["rule_code"],
            effective_at=given["effective_at"],
            content_link=given["content_link"],
            note=given["note"],
            internal_note=given["internal_note"],
            shop=given["shop"],
            evidence=evidence,
            reason=given["reason"],
            repeat_confirmed=given["repeat_confirmed"],
        )

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


class PreviewForm(forms.Form):
    """As much of a case as is written so far; nothing is required."""

    creator = forms.ModelChoiceField(Creator.objects.none(), required=False)
    rule_code = forms.CharField(required=False, max_length=40)
    effective_at = moment_field("", required=False)
    content_link = forms.CharField(required=False, max_length=LINK_MAX)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creator"].queryset = Creator.objects.visible_to(user)  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """A notice for an entry that is there already."""

    channel = forms.ChoiceField(label=_("Tell the creator"), choices=NoticeChannel.choices, widget=forms.RadioSelect)
    address = forms.EmailField(label=_("E-mail of the creator"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    given_at = moment_field(_("Handed over at"), required=False)
    proof = forms.FileField(
        label=_("Proof that it was handed over"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


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
        required=False,
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
    shop: forms.ModelChoiceField[Shop] = forms.ModelChoiceField(
        None, label=_("Shop it came from"), required=False, empty_label=_("No shop")
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

"""Forms around a creator's link: sending it, opening it, and what the creator writes on the page behind it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from violations.forms.appeals import EvidenceForm
from violations.forms.blacklist import text_field

LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))
# Enough to prove a point; everybody with a link may upload.
FILES_MOST = 5
TOO_MANY_FILES = _("Add at most 5 files at once.")


class LinkForm(forms.Form):
    """Where the link goes, and in which language."""

    email = forms.EmailField(
        label=_("E-mail of the creator"), help_text=_("The link goes there, and so does each code that opens it.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Creators of other languages get English.")
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("The six digits of the newest mail."),
        error_messages={"required": _("Write the code of the mail.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )  # fmt: skip


class CreatorFilesForm(EvidenceForm):
    """Files from somebody without an account: few at once."""

    def clean_evidence(self) -> list[Any]:
        files = super().clean_evidence()
        if len(files) > FILES_MOST:
            raise forms.ValidationError(TOO_MANY_FILES)
        return files


class CreatorAppealForm(CreatorFilesForm):
    statement = text_field(_("Why is this entry wrong?"), help_text=_("Say what happened and what proves it."))
    field_order = ("statement", "evidence")


class CreatorAnswerForm(CreatorFilesForm):
    statement = text_field(_("Answer"), required=False)
    field_order = ("statement", "evidence")


class ReviewForm(forms.Form):
    text = text_field(_("What should a person look at?"), help_text=_("The answer comes by mail."))

"""Forms of batches: the file, or one violation for a selection of creators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop, User
from creators.selectors.shortlists import shops_of
from violations.forms.blacklist import text_field
from violations.forms.entries import LINK_MAX, moment_field
from violations.models import RuleBook
from violations.states import BatchKind, Severity

ACCEPT = ".csv,.tsv,.txt,.xlsx,.xls,.ods"


class ShopForm(forms.Form):
    shop: "forms.ModelChoiceField[Shop]" = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop it came from"), required=False, empty_label=_("No shop")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops_of(user)  # type: ignore[attr-defined]


class BatchForm(ShopForm):
    """A file of violations or ratings."""

    kind = forms.ChoiceField(choices=BatchKind.choices, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Export it again.")},
    )
    field_order = ("kind", "file", "shop")


class SelectionForm(ShopForm):
    """One violation for several creators."""

    rule_code = forms.ChoiceField(label=_("Rule"))
    effective_at = moment_field(_("When it happened"))
    content_link = forms.CharField(label=_("Content link"), required=False, max_length=LINK_MAX)
    note = text_field(_("Note to the creator"), required=False)
    internal_note = text_field(_("Internal note"), required=False)
    field_order = ("rule_code", "effective_at", "content_link", "note", "internal_note", "shop")

    def __init__(self, *args: Any, book: RuleBook | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = list(book.rules.all()) if book else []
        groups = [(one.label, [(rule.code, rule.title) for rule in rules if rule.severity == one]) for one in Severity]
        chosen = [("", _("Choose a rule")), *((label, choices) for label, choices in groups if choices)]
        self.fields["rule_code"].choices = chosen  # type: ignore[attr-defined]

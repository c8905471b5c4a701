"""Forms that move collaborations, one or several."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.models import Collaboration
from campaigns.rules.transitions import may_move
from campaigns.services.collaborations import moves_open_to
from campaigns.states.collaborations import CollaborationState

TEXT_MAX = 1_000


def _reason() -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    help_text = _("Needed to drop or to put on hold; everybody of the shop reads it.")
    return forms.CharField(label=_("Reason"), max_length=TEXT_MAX, required=False, widget=widget, help_text=help_text)


class MoveForm(forms.Form):
    """Where a collaboration goes: the states that the table allows now."""

    to = forms.ChoiceField(label=_("Move to"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")})
    reason = _reason()

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ChoiceField = self.fields["to"]  # type: ignore[assignment]
        field.choices = [(to.value, to.label) for to in moves_open_to(collaboration)]


class BulkMoveForm(forms.Form):
    """Where several collaborations go: the states that at least one of them may be moved to."""

    to = forms.ChoiceField(label=_("Move to"), error_messages={"required": _("Choose one.")})
    reason = _reason()

    def __init__(self, *args: Any, collaborations: Iterable[Collaboration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(collaborations)
        field: forms.ChoiceField = self.fields["to"]  # type: ignore[assignment]
        field.choices = [("", _("Choose a state")), *((to.value, label(to, found)) for to in open_targets(found))]


def open_targets(found: Sequence[Collaboration]) -> list[CollaborationState]:
    """The states that at least one of the collaborations may be moved to."""
    return [to for to in CollaborationState if any(_may(one, to) for one in found)]


def label(to: CollaborationState, found: Sequence[Collaboration]) -> str:
    """The state, and for how many of the chosen ones it is open."""
    return f"{to.label} ({sum(_may(one, to) for one in found)})"


def _may(one: Collaboration, to: CollaborationState) -> bool:
    return may_move(one.state, to, held_state=one.held_state)


def chosen_ids(data: QueryDict) -> list[int]:
    """The keys of the rows that were picked; what is no key is left out."""
    texts = [part for value in data.getlist("collaborations") for part in value.split(",")]
    return list(dict.fromkeys(int(text) for text in texts if text.isdecimal() and len(text) < 19))

"""The query of the history: a person and a period."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class HistoryFilterForm(forms.Form):
    by = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody"))
    since = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by: forms.ModelChoiceField[User] = self.fields["by"]  # type: ignore[assignment]
        by.queryset = User.objects.order_by("name", "email")

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        # The day after it must exist.
        return until if until != date.max else None

    def wanted(self) -> dict[str, Any]:
        """What can be read of the query: `by`, and the instants `since` and `until` (the end of that day)."""
        self.is_valid()
        values = self.cleaned_data
        return {
            "by": values.get("by"),
            "since": _start(values["since"]) if values.get("since") else None,
            "until": _start(values["until"] + timedelta(days=1)) if values.get("until") else None,
        }


def _start(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

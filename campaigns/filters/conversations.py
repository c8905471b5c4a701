"""The one declaration of the conversations' filters: page and API read it.

Parameters: q (words of messages, or a handle), shop, by (who wrote), days (silent for as many).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Conversation, Message
from campaigns.selectors.conversations import writers_of
from creators.models import Creator

SILENT = ((3, _("3 days")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days")))


class ConversationFilter(FilterSet):
    """Filters of conversations; what cannot be read is not applied, and `errors` says why."""

    q = CharFilter(method="filter_text", max_length=100, label=_("Words or handle"))
    shop = ModelChoiceFilter(queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops"))
    by = ModelChoiceFilter(
        method="filter_by", queryset=User.objects.none(), label=_("Written by"), empty_label=_("everybody")
    )
    days = ChoiceFilter(
        method="filter_days",
        choices=[(str(days), label) for days, label in SILENT],
        label=_("No reply for"),
        empty_label=_("any time"),
    )

    class Meta:
        model = Conversation
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Conversation], *, user: User, at: datetime) -> None:
        self.user, self.at = user, at
        super().__init__(data, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")
            form.fields["by"].queryset = writers_of(self.user)
        return form

    @property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def filter_queryset(self, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def filter_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        words = value.replace("\x00", "").strip()
        # A regular expression without case: that reads the trigram index, where upper case would not.
        said = Message.objects.filter(body__iregex=re.escape(words)).values("conversation")
        creators = Creator.objects.filter(handle__contains=words.removeprefix("@").lower()).values("pk")
        return queryset.filter(Q(pk__in=said) | Q(creator__in=creators)) if words else queryset

    def filter_by(self, queryset: QuerySet, name: str, value: User) -> QuerySet:
        return queryset.filter(Exists(Message.objects.filter(conversation=OuterRef("pk"), by=value)))

    def filter_days(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        silent_since = self.at - timedelta(days=int(value))
        return queryset.filter(unanswered__gt=0, last_out_at__lte=silent_since)

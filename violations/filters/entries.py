"""The one declaration of the ledger's filters: the desk's list and its export read it.

Parameters: market, rule, severity, by (who logged), shop, state, kind, creator, period, since, until. Times are those
of recording, in whole days of the current time zone.
"""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter, MultipleChoiceFilter

from accounts.models import Shop, User
from creators.models import Creator, Market
from creators.rules.handles import parse_handle
from violations.models import Appeal, LedgerEntry, Rule
from violations.states import EntryKind, Severity

# Without a period the list would read years of entries to count them.
PERIODS: dict[str, str | Promise] = {
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("365 days"),
    "all": _("any time"),
}
PERIOD_DEFAULT = "90"
STATES: dict[str, str | Promise] = {
    "counting": _("Counting"),
    "expired": _("Expired"),
    "reversed": _("Reversed"),
    "appealed": _("Appealed"),
}


class EntryForm(forms.Form):
    """The filters' form; the ends of the period must not be crossed."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first one."))
        return values


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFilter(FilterSet):
    """Filters of the ledger. What cannot be read is not applied, and `errors` says why."""

    creator = CharFilter(method="filter_creator", max_length=200, label=_("Creator"))
    market = ModelChoiceFilter(
        method="filter_market", queryset=Market.objects.all(), label=_("Market"), empty_label=_("all markets")
    )
    rule = ChoiceFilter(method="filter_rule", label=_("Rule"), empty_label=_("all rules"))
    severity = MultipleChoiceFilter(method="filter_severity", choices=Severity.choices, label=_("Severity"))
    kind = ChoiceFilter(
        method="filter_kind", choices=EntryKind.choices, label=_("Kind"), empty_label=_("all kinds of entry")
    )
    state = ChoiceFilter(
        method="filter_state", choices=[*STATES.items()], label=_("State"), empty_label=_("all states")
    )
    by = ModelChoiceFilter(
        method="filter_by", queryset=User.objects.order_by("name"), label=_("Logged by"), empty_label=_("everybody")
    )
    shop = ModelChoiceFilter(
        method="filter_shop", queryset=Shop.objects.order_by("name"), label=_("Shop"), empty_label=_("all shops")
    )
    period = ChoiceFilter(
        method="filter_nothing",
        choices=[*PERIODS.items()],
        label=_("Recorded in"),
        empty_label=_("the days chosen here"),
    )
    since = DateFilter(method="filter_nothing", label=_("From day"), widget=_day_input())
    until = DateFilter(method="filter_nothing", label=_("To day"), widget=_day_input())

    class Meta:
        model = LedgerEntry
        form = EntryForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[LedgerEntry], *, user: User, at: datetime) -> None:
        self.user, self.at, self.given = user, at, data
        has_days = data.get("since") or data.get("until")
        asked = data.copy()
        # So that the page shows the period that is applied.
        asked["period"] = "" if has_days else data.get("period") or PERIOD_DEFAULT
        super().__init__(asked, queryset)

    @property
    def form(self) -> forms.Form:
        fresh = not hasattr(self, "_form")
        form = super().form
        if fresh:
            form.fields["rule"].choices = self.rules
            form.fields["shop"].queryset = Shop.objects.visible_to(self.user).order_by("name")
        return form

    @cached_property
    def rules(self) -> list[tuple[str, str]]:
        """Code and title of every rule of a published book, by the newest book that has it."""
        rules = Rule.objects.filter(book__state="published", book__is_computed=True).order_by("book__effective_from")
        titles = {rule.code: rule.title for rule in rules}
        return sorted(titles.items(), key=lambda one: one[1])

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is applied: the readable values that were given, and the usual period where no days were given."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def begins_at(self) -> datetime | None:
        """The first instant of the period; None: from the beginning."""
        if "since" in self.values:
            return _midnight(self.values["since"])
        days = self.values.get("period", PERIOD_DEFAULT if self.errors else "all")
        return None if days == "all" else self.at - timedelta(days=int(days))

    @property
    def ends_before(self) -> datetime | None:
        """The first instant behind the period."""
        return _midnight(self.values["until"] + timedelta(days=1)) if "until" in self.values else None

    def filter_queryset(self, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        for name, value in self.values.items():
            queryset = self.filters[name].filter(queryset, value)
        if self.begins_at is not None:
            queryset = queryset.filter(recorded_at__gte=self.begins_at)
        return queryset.filter(recorded_at__lt=self.ends_before) if self.ends_before is not None else queryset

    def filter_nothing(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset

    def filter_creator(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        handle, problem = parse_handle(value)
        accounts = Creator.objects.filter(handle=handle) if handle and not problem else Creator.objects.none()
        return queryset.filter(creator__in=list(accounts.values_list("pk", flat=True)))

    def filter_market(self, queryset: QuerySet, name: str, value: Market) -> QuerySet:
        return queryset.filter(creator__market=value)

    def filter_rule(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        # By keys: there is an index over them and none over the codes.
        return queryset.filter(rule__in=list(Rule.objects.filter(code=value).values_list("pk", flat=True)))

    def filter_severity(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        return queryset.filter(severity__in=value)

    def filter_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(kind=value)

    def filter_by(self, queryset: QuerySet, name: str, value: User) -> QuerySet:
        return queryset.filter(recorded_by=value)

    def filter_shop(self, queryset: QuerySet, name: str, value: Shop) -> QuerySet:
        return queryset.filter(shop=value)

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        violations = queryset.filter(kind=EntryKind.VIOLATION)
        answered = Exists(LedgerEntry.objects.filter(answers=OuterRef("pk"), recorded_at__lte=self.at))
        if value == "counting":
            return violations.filter(~answered, expires_at__gt=self.at, effective_at__lte=self.at)
        if value == "expired":
            return violations.filter(~answered, expires_at__lte=self.at)
        if value == "reversed":
            return violations.filter(answered)
        return violations.filter(Exists(Appeal.objects.filter(entry=OuterRef("pk"))))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def entry_filter(
    data: QueryDict,
    queryset: QuerySet[LedgerEntry] | None = None,
    *,
    user: User,
    at: datetime,
) -> EntryFilter:
    """The filter of a query over the entries that the person may see; read `.qs`, `.values`, `.errors`."""
    return EntryFilter(data, LedgerEntry.objects.visible_to(user) if queryset is None else queryset, user=user, at=at)

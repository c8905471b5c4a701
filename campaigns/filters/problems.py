"""The one declaration of the filters of problems: the page and the API read it.

Parameters: state (open when nothing is said, all), kind, owner, shop, overdue, handed.
"""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from accounts.models import Shop, User
from campaigns.models import Problem
from campaigns.selectors.problems import problems_shown
from campaigns.states.problems import ProblemKind, ProblemState

ALL = "all"
CHECK = forms.CheckboxInput


class ProblemFilter(FilterSet):
    """Filters of problems; those that are open unless a state is asked for."""

    state = ChoiceFilter(
        method="filter_state",
        choices=[*ProblemState.choices, (ALL, _("Open and ended"))],
        label=_("State"),
        empty_label=None,
    )
    kind = ChoiceFilter(choices=ProblemKind.choices, label=_("Kind"), empty_label=_("all kinds"))
    owner = ModelChoiceFilter(queryset=User.objects.none(), label=_("Owner"), empty_label=_("everybody"))
    shop = ModelChoiceFilter(
        field_name="collaboration__shop", queryset=Shop.objects.none(), label=_("Shop"), empty_label=_("all shops")
    )
    overdue = BooleanFilter(method="filter_overdue", label=_("Overdue"), widget=CHECK)
    handed = BooleanFilter(method="filter_handed", label=_("With ops"), widget=CHECK)

    class Meta:
        model = Problem
        fields = ("state", "kind", "owner", "shop", "overdue", "handed")

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        own = Problem.objects.visible_to(user)
        self.filters["owner"].queryset = User.objects.filter(pk__in=own.values("owner")).order_by("name")
        self.filters["shop"].queryset = Shop.objects.filter(pk__in=own.values("collaboration__shop")).order_by("name")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the state narrows the list."""
        return any(self.data.get(name) for name in ("kind", "owner", "shop", "overdue"))

    def filter_state(self, problems: QuerySet[Problem], name: str, value: str) -> QuerySet[Problem]:
        return problems if value == ALL else problems.filter(state=value)

    def filter_overdue(self, problems: Any, name: str, value: bool) -> Any:
        return problems.overdue(today=self.today) if value else problems

    def filter_handed(self, problems: Any, name: str, value: bool) -> Any:
        return problems.handed() if value else problems


def problem_filter(query: QueryDict, *, user: User, today: date) -> ProblemFilter:
    """The filter over what the user may read; open ones, or of any state when what waits for ops is asked for."""
    given = query.copy()
    if given.get("state") not in (*ProblemState.values, ALL):
        given["state"] = ALL if given.get("handed") else ProblemState.OPEN
    return ProblemFilter(given, queryset=problems_shown(user), user=user, today=today)

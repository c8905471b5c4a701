"""How appeals end: the rate of overturned entries for each rule, logger and market."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Market
from violations.models import Appeal, Rule
from violations.states import AppealState

# Under so many decisions a rate says little, and is greyed.
FEW = 5


@dataclass(frozen=True)
class Outcome:
    """The decided appeals of one rule, logger or market; `rate` is overturned ÷ decided."""

    label: str
    decided: int
    overturned: int

    @property
    def rate(self) -> float:
        return self.overturned / self.decided

    @property
    def is_few(self) -> bool:
        return self.decided < FEW


@dataclass(frozen=True)
class OutcomeTable:
    title: str | Promise
    # The head of the first column.
    head: str | Promise
    rows: list[Outcome]


def outcome_tables(user: User) -> list[OutcomeTable]:
    """Rates by rule, by logger and by market, the most decisions first. Open and withdrawn appeals do not count."""
    markets = {market.pk: str(market) for market in Market.objects.all()}
    return [
        OutcomeTable(_("By rule"), _("Rule"), _rows(user, "entry__rule_code", rule_titles())),
        OutcomeTable(_("By logger"), _("Logger"), _rows(user, "entry__recorded_by", _loggers(user))),
        OutcomeTable(_("By market"), _("Market"), _rows(user, "entry__creator__market", markets)),
    ]


def rule_titles() -> dict[str, str]:
    """The titles of all rules by code, in the newest words; the last published book last."""
    rules = Rule.objects.filter(book__state="published").order_by("book__effective_from", "book__version", "points")
    return {rule.code: rule.title for rule in rules}


def _rows(user: User, column: str, labels: Mapping[Any, str]) -> list[Outcome]:
    decided = Appeal.objects.visible_to(user).filter(state__in=(AppealState.UPHELD, AppealState.OVERTURNED))
    overturned = Count("pk", filter=Q(state=AppealState.OVERTURNED))
    counts = decided.order_by().values_list(column).annotate(decided=Count("pk"), overturned=overturned)
    rows = [Outcome(labels.get(key) or str(key), number, won) for key, number, won in counts]
    return sorted(rows, key=lambda row: (-row.decided, row.label))


def _loggers(user: User) -> dict[int, str]:
    appealed = Appeal.objects.visible_to(user).order_by().values("entry__recorded_by")
    return {one.pk: str(one) for one in User.objects.filter(pk__in=appealed)}

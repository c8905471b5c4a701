from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from violations.states import BookState

if TYPE_CHECKING:
    from accounts.models import User
    from violations.models import RuleBook


class RuleBookQuerySet(models.QuerySet["RuleBook"]):
    def visible_to(self, user: User) -> RuleBookQuerySet:
        """Rule books belong to the organisation: everybody reads them."""
        return self

    def published(self) -> RuleBookQuerySet:
        return self.filter(state=BookState.PUBLISHED)

    def in_force(self, *, market_code: str, at: datetime) -> RuleBookQuerySet:
        """The published computed books of the market at the instant; the first one is in force.

        A book of the market goes before one for all markets, then the latest to take effect.
        """
        ours = Q(market=market_code) | Q(market=None)
        found = self.published().filter(ours, is_computed=True, effective_from__lte=at)
        return found.order_by(F("market").asc(nulls_last=True), "-effective_from", "-version")

    def latest_by_market(self, *, at: datetime) -> RuleBookQuerySet:
        """The published computed book of each market in force at the instant; market None is for all others."""
        found = self.published().filter(is_computed=True, effective_from__lte=at)
        # By the column: "market" alone would sort by the order of the markets.
        return found.order_by("market_id", "-effective_from", "-version").distinct("market_id")

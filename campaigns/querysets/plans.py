from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.plans import PLAN_OPEN, PlanState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Seat, TargetedPlan


class TargetedPlanQuerySet(models.QuerySet["TargetedPlan"]):
    def visible_to(self, user: User) -> TargetedPlanQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def running(self) -> TargetedPlanQuerySet:
        return self.filter(state=PlanState.RUNNING)

    def open(self) -> TargetedPlanQuerySet:
        """Plans that take seats."""
        return self.filter(state__in=PLAN_OPEN)


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: User) -> SeatQuerySet:
        """Those of the user's shops."""
        return self.filter(plan__shop__in=Shop.objects.visible_to(user))

    def taken(self) -> SeatQuerySet:
        return self.filter(released_at__isnull=True)

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Shop
from accounts.states import Permission
from campaigns.states.problems import ProblemState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Problem


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> ProblemQuerySet:
        """Those of the user's shops; who logs violations also sees the breaches that any shop handed over."""
        own = Q(collaboration__shop__in=Shop.objects.visible_to(user))
        handed = Q(handed_at__isnull=False) if user.can(Permission.VIOLATION_LOG) else Q()
        return self.filter(own | handed)

    def of_shops_of(self, user: User) -> ProblemQuerySet:
        """Those that the user may work on: of their own shops."""
        return self.filter(collaboration__shop__in=Shop.objects.visible_to(user))

    def open(self) -> ProblemQuerySet:
        return self.filter(state=ProblemState.OPEN)

    def overdue(self, *, today: date) -> ProblemQuerySet:
        """Open ones whose day is over."""
        return self.open().filter(due_on__lt=today)

    def handed(self) -> ProblemQuerySet:
        """Breaches that wait for ops: handed over, and no violation is logged yet."""
        return self.filter(handed_at__isnull=False, entry__isnull=True)

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.problems import ProblemState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Problem


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> ProblemQuerySet:
        """Those of the user's shops."""
        return self.filter(collaboration__shop__in=Shop.objects.visible_to(user))

    def open(self) -> ProblemQuerySet:
        return self.filter(state=ProblemState.OPEN)

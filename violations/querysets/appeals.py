from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from violations.states import APPEAL_OPEN

if TYPE_CHECKING:
    from accounts.models import User
    from violations.models import Appeal


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> AppealQuerySet:
        """Appeals belong to the organisation like the ledger; their files are for deciders and the filer."""
        return self

    def open(self) -> AppealQuerySet:
        return self.filter(state__in=APPEAL_OPEN)

    def overdue(self, *, at: datetime) -> AppealQuerySet:
        """Open ones whose time to decide is over: an admin decides them."""
        return self.open().filter(due_at__lte=at)

    def by_time_left(self) -> AppealQuerySet:
        return self.order_by("due_at", "pk")

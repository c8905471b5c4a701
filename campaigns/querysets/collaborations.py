from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.collaborations import ACTIVE, AGREED, ENDED, CollaborationState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Collaboration


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, user: User) -> CollaborationQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def open(self) -> CollaborationQuerySet:
        """Not over; those on hold too."""
        return self.exclude(state__in=ENDED)

    def active(self) -> CollaborationQuerySet:
        return self.filter(state__in=ACTIVE)

    def agreed(self) -> CollaborationQuerySet:
        """The creator said yes, and the work is not over."""
        return self.filter(state__in=AGREED)

    def on_hold(self) -> CollaborationQuerySet:
        return self.filter(state=CollaborationState.ON_HOLD)

    def overdue(self, *, at: datetime) -> CollaborationQuerySet:
        """Those whose next step is late; what is on hold is never late."""
        return self.active().filter(due_at__lte=at)

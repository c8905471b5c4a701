from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.samples import SAMPLE_OPEN, SampleState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Sample


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, user: User) -> SampleQuerySet:
        """Those of the user's shops."""
        return self.filter(collaboration__shop__in=Shop.objects.visible_to(user))

    def open(self) -> SampleQuerySet:
        return self.filter(state__in=SAMPLE_OPEN)

    def to_decide(self) -> SampleQuerySet:
        return self.filter(state=SampleState.REQUESTED)

    def to_ship(self) -> SampleQuerySet:
        return self.filter(state=SampleState.APPROVED)

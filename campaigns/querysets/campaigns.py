from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.plans import CampaignState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Campaign, TestMatrix


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: User) -> CampaignQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def active(self) -> CampaignQuerySet:
        return self.filter(state=CampaignState.ACTIVE)


class TestMatrixQuerySet(models.QuerySet["TestMatrix"]):
    def visible_to(self, user: User) -> TestMatrixQuerySet:
        """Those of the user's shops."""
        return self.filter(campaign__shop__in=Shop.objects.visible_to(user))

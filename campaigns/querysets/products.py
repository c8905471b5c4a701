from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.plans import ProductState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Product, ProductImport


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User) -> ProductQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def active(self) -> ProductQuerySet:
        return self.filter(state=ProductState.ACTIVE)


class ProductImportQuerySet(models.QuerySet["ProductImport"]):
    def visible_to(self, user: User) -> ProductImportQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

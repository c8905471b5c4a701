from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Shop

if TYPE_CHECKING:
    from accounts.models import User
    from violations.models import Batch


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> BatchQuerySet:
        """Batches without a shop are everybody's who logs; those of a shop are its members'."""
        return self.filter(Q(shop=None) | Q(shop__in=Shop.objects.visible_to(user)))

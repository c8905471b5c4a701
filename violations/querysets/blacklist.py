from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Shop
from creators.models import Creator
from violations.states import BlacklistState

if TYPE_CHECKING:
    from accounts.models import User
    from violations.models import BlacklistEntry


class BlacklistQuerySet(models.QuerySet["BlacklistEntry"]):
    def visible_to(self, user: User) -> BlacklistQuerySet:
        """The organisation's list, and those of the user's shops."""
        return self.filter(Q(shop=None) | Q(shop__in=Shop.objects.visible_to(user)))

    def active(self) -> BlacklistQuerySet:
        """In force: also past its `until`, which only asks for a review."""
        return self.filter(state=BlacklistState.ACTIVE)

    def proposed(self) -> BlacklistQuerySet:
        return self.filter(state=BlacklistState.PROPOSED)

    def due_for_review(self, *, on: date) -> BlacklistQuerySet:
        return self.active().filter(Q(review_on__lte=on) | Q(until__lt=on))

    def about(self, creator_ids: Sequence[int]) -> BlacklistQuerySet:
        """Entries of these creators and of the other accounts of the same persons."""
        persons = Creator.objects.filter(pk__in=creator_ids, person__isnull=False).values("person")
        return self.filter(Q(creator__in=creator_ids) | Q(creator__person__in=persons))

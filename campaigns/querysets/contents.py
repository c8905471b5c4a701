from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Shop
from campaigns.states.contents import ContentState

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Content, ResultImport


class ContentQuerySet(models.QuerySet["Content"]):
    def visible_to(self, user: User) -> ContentQuerySet:
        """Those of the user's shops."""
        return self.filter(collaboration__shop__in=Shop.objects.visible_to(user))

    def in_review(self) -> ContentQuerySet:
        return self.filter(state=ContentState.IN_REVIEW)

    def published(self) -> ContentQuerySet:
        return self.filter(state=ContentState.PUBLISHED)


class ResultImportQuerySet(models.QuerySet["ResultImport"]):
    def visible_to(self, user: User) -> ResultImportQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

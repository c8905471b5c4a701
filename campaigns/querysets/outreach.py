from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Shop
from campaigns.states.outreach import MessageState
from creators.models import Creator

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models import Conversation, DoNotContact, Message, MessageTemplate


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def visible_to(self, user: User) -> MessageTemplateQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))

    def current(self) -> MessageTemplateQuerySet:
        return self.filter(archived_at__isnull=True)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> ConversationQuerySet:
        """Those of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """Those of the user's shops."""
        return self.filter(conversation__shop__in=Shop.objects.visible_to(user))

    def waiting(self) -> MessageQuerySet:
        return self.filter(state=MessageState.WAITING)


class DoNotContactQuerySet(models.QuerySet["DoNotContact"]):
    def visible_to(self, user: User) -> DoNotContactQuerySet:
        """The organisation's, and those of the user's shops."""
        return self.filter(Q(shop=None) | Q(shop__in=Shop.objects.visible_to(user)))

    def in_force(self) -> DoNotContactQuerySet:
        return self.filter(removed_at__isnull=True)

    def about(self, creator_ids: Collection[int]) -> DoNotContactQuerySet:
        """Those of the creators, and of other accounts of the same persons."""
        persons = Creator.objects.filter(pk__in=creator_ids, person__isnull=False).values("person")
        return self.filter(Q(creator__in=creator_ids) | Q(creator__person__in=persons))

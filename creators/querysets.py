"""Reads of the directory in the words of the business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from accounts.models import Shop, User
from creators.states import Visibility

if TYPE_CHECKING:
    from creators.models import Creator, CreatorContact, CreatorFacts, Import, Shortlist, ShortlistEntry


class CreatorQuerySet(models.QuerySet["Creator"]):
    def visible_to(self, user: User) -> CreatorQuerySet:
        """The directory belongs to the organisation: every member sees every creator."""
        return self


class FactsQuerySet(models.QuerySet["CreatorFacts"]):
    def visible_to(self, user: User) -> FactsQuerySet:
        """The directory belongs to the organisation: every member sees every creator."""
        return self


class CreatorContactQuerySet(models.QuerySet["CreatorContact"]):
    def visible_to(self, user: User) -> CreatorContactQuerySet:
        """Contacts of the user's shops."""
        return self.filter(shop__in=Shop.objects.visible_to(user))


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> ImportQuerySet:
        """Imports into the directory are everybody's; those of a shop are its members'."""
        return self.filter(Q(shop=None) | Q(shop__in=Shop.objects.visible_to(user)))


class ShortlistQuerySet(models.QuerySet["Shortlist"]):
    def visible_to(self, user: User) -> ShortlistQuerySet:
        """The shop-wide lists of the user's shops and the user's own."""
        mine = Q(owner=user) | Q(visibility=Visibility.SHOP)
        return self.filter(mine, shop__in=Shop.objects.visible_to(user))

    def with_sizes(self) -> ShortlistQuerySet:
        return self.annotate(size=Count("entries"))


class ShortlistEntryQuerySet(models.QuerySet["ShortlistEntry"]):
    def visible_to(self, user: User) -> ShortlistEntryQuerySet:
        from creators.models import Shortlist

        return self.filter(shortlist__in=Shortlist.objects.visible_to(user))

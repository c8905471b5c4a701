"""Shortlists: the creators that a shop keeps an eye on."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from creators.querysets import ShortlistEntryQuerySet, ShortlistQuerySet
from creators.states import VISIBILITY_LOOKS, Visibility


@pghistory.track(pghistory.UpdateEvent(), fields=["name", "note", "visibility"], model_name="ShortlistEvent")
class Shortlist(models.Model):
    """A named list of creators; private to its owner or open to its shop."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="shortlists", verbose_name=_("Shop"))
    name = models.CharField(_("Name"), max_length=120)
    note = models.TextField(_("Note"), blank=True)
    visibility = models.CharField(_("Visible to"), max_length=10, choices=Visibility, default=Visibility.SHOP)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint("shop", "owner", Lower("name"), name="shortlist_name_once_an_owner_and_shop"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="shortlist_visibility_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shortlist_detail", args=[self.pk])

    @property
    def look(self) -> object:
        return VISIBILITY_LOOKS[self.visibility]


class ShortlistEntry(models.Model):
    """A creator on a shortlist, with who put it there and why."""

    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="entries")
    creator = models.ForeignKey("creators.Creator", models.PROTECT, related_name="shortlist_entries")
    note = models.TextField(_("Note"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ShortlistEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["shortlist", "creator"], name="shortlistentry_creator_once")]

    def __str__(self) -> str:
        return f"{self.shortlist_id}: {self.creator_id}"

"""Creators with whom nobody, or one shop, works."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from core.models import StoredFile
from core.states import Look
from creators.models import Creator
from violations.querysets import BlacklistQuerySet
from violations.states import BLACKLIST_LOOKS, BLACKLIST_OPEN, BlacklistState


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["state", "reason", "until", "review_on", "removal_reason"],
    model_name="BlacklistEntryEvent",
)
class BlacklistEntry(models.Model):
    """Shared in the organisation (no shop; a second person confirms it) or a shop's own.

    It follows the person: accounts linked as one person share it. `until` never ends it by itself: it asks for a
    review.
    """

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="blacklist_entries")
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Shop"))
    state = models.CharField(max_length=10, choices=BlacklistState)
    reason = models.TextField(_("Reason"))
    until = models.DateField(_("Until"), null=True, blank=True)
    review_on = models.DateField(_("Review on"), null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removal_reason = models.TextField(blank=True)

    objects = BlacklistQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "shop"],
                condition=Q(state__in=BLACKLIST_OPEN),
                nulls_distinct=False,
                name="blacklist_once_a_shop",
            ),
            models.CheckConstraint(condition=Q(state__in=BlacklistState.values), name="blacklist_state_known"),
            models.CheckConstraint(
                condition=Q(shop__isnull=False)
                | Q(state=BlacklistState.PROPOSED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="blacklist_shared_needs_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=BlacklistState.REMOVED) | (Q(removed_at__isnull=False) & ~Q(removal_reason="")),
                name="blacklist_removed_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="blacklist_has_reason"),
        ]
        indexes = [models.Index(fields=["review_on"], condition=Q(state="active"), name="blacklist_review")]

    def __str__(self) -> str:
        return f"{self.creator} {self.state}"

    @property
    def look(self) -> Look:
        return BLACKLIST_LOOKS[self.state]


class BlacklistEvidence(models.Model):
    """A file that shows why."""

    entry = models.ForeignKey(BlacklistEntry, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name

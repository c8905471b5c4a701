"""The link by which a creator without an account sees own points and appeals."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from creators.models import Creator
from violations.querysets import CreatorLinkQuerySet


@pghistory.track(pghistory.UpdateEvent(), fields=["revoked_at", "revoked_by"], model_name="CreatorLinkEvent")
class CreatorLink(models.Model):
    """A signed link; only the SHA-256 of its secret is stored. It opens with a code sent to `email`."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    language = models.CharField(max_length=10)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = CreatorLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True) | Q(revoked_at__isnull=False),
                name="creatorlink_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.created_at:%Y-%m-%d}"


class LinkCode(models.Model):
    """A one-time code of six digits for a link; stored as a keyed digest, valid ten minutes, five tries."""

    link = models.ForeignKey(CreatorLink, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="linkcode_tries_max_5")]

    def __str__(self) -> str:
        return str(self.link_id)

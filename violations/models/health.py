"""The platform's own Creator Health Rating, imported and never computed by us."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from creators.models import Creator


class HealthRating(models.Model):
    """What the platform said on a day: 0 to 1000, low is bad."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="health_ratings", db_index=False)
    score = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=60)
    batch = models.ForeignKey("violations.Batch", models.SET_NULL, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "as_of", "source"], name="healthrating_once_a_day_and_source"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1000), name="healthrating_0_to_1000"),
        ]
        indexes = [
            models.Index(fields=["creator", "-as_of"], name="healthrating_newest"),
            # The list is read along it: without it every page sorts all ratings.
            models.Index(fields=["score", "id"], name="healthrating_score"),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.score}"

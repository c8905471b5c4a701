"""What the API takes and says about the Creator Health Rating."""

from typing import Any

from rest_framework import serializers

from creators.models import Creator
from violations.models import HealthRating
from violations.selectors.health import RatingLine
from violations.services.health import SCORE_MAX, SOURCE_LENGTH


class HealthSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator = serializers.IntegerField(help_text="The key of the creator; see creators/{id}/.")
    market = serializers.CharField()
    handle = serializers.CharField()
    score = serializers.IntegerField(help_text="0 to 1000, as the platform said; low is bad.")
    band = serializers.CharField(allow_blank=True, help_text="By the scheme in force today; blank when there is none.")
    as_of = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class HealthInputSerializer(serializers.Serializer):
    """A rating of a day; the same day and source again replaces it."""

    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    score = serializers.IntegerField(min_value=0, max_value=SCORE_MAX)
    as_of = serializers.DateField()
    source = serializers.CharField(max_length=SOURCE_LENGTH)  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            creator: Any = self.fields["creator"]
            creator.queryset = Creator.objects.visible_to(self.context["request"].user).select_related("market")


def health_output(rating: HealthRating, line: RatingLine) -> dict[str, Any]:
    """A rating, read with its creator, and its line, as `HealthSerializer` declares it."""
    return {
        "id": rating.pk,
        "creator": rating.creator_id,
        "market": rating.creator.market_id,
        "handle": rating.creator.handle,
        "score": line.score,
        "band": line.band,
        "as_of": line.as_of,
        "source": line.source,
        "recorded_by": str(rating.recorded_by),
        "recorded_at": rating.recorded_at,
    }

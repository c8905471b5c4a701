"""The platform's own Creator Health Rating, as it was read or imported; never computed by us."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from creators.models import Creator
from violations.models import Batch, HealthRating

SCORE_MAX = 1000
SOURCE_LENGTH = 60


@transaction.atomic
def rating_record(
    *, creator: Creator, score: int, as_of: date, source: str, by: User, at: datetime, batch: Batch | None = None
) -> HealthRating:
    """Keep what the platform said on a day (0 to 1000); the same day and source again replaces it.

    Raises DomainError `score_out_of_range`, `day_in_future` (in the creator's market), `source_missing`.
    Source: rule book house-2024, chr-2026.
    """
    if not 0 <= score <= SCORE_MAX:
        text = _("Write a whole number from 0 to 1000.")
        raise DomainError("score_out_of_range", text, fields={"score": text})
    if as_of > at.astimezone(ZoneInfo(creator.market.time_zone)).date():
        text = _("A rating cannot be of a day in the future.")
        raise DomainError("day_in_future", text, fields={"as_of": text})
    if not (source := " ".join(source.split())[:SOURCE_LENGTH]):
        text = _("Say where the rating was read, such as Seller Center.")
        raise DomainError("source_missing", text, fields={"source": text})
    values = {"score": score, "batch": batch, "recorded_by": by, "recorded_at": at}
    rating, _is_new = HealthRating.objects.update_or_create(
        creator=creator, as_of=as_of, source=source, defaults=values
    )
    return rating

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from accounts.rules import secret_digest

if TYPE_CHECKING:
    from violations.models import CreatorLink


class CreatorLinkQuerySet(models.QuerySet["CreatorLink"]):
    def usable(self, *, at: datetime) -> CreatorLinkQuerySet:
        """Links that are neither revoked nor expired at the instant."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def with_secret(self, secret: str) -> CreatorLinkQuerySet:
        return self.filter(digest=secret_digest(secret))

"""Whose jobs and files are whose."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from core.models import Job, StoredFile

# Core knows permissions only as text: who manages people may look after everybody's jobs and files.
ALL = "user.manage"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> JobQuerySet:
        """The jobs that the user started; all of them for admins."""
        return self if user.can(ALL) else self.filter(actor=user)


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: Any) -> StoredFileQuerySet:
        """The files that the user brought or had made; all of them for admins."""
        return self if user.can(ALL) else self.filter(uploaded_by=user)

    def unexpired(self, *, at: datetime) -> StoredFileQuerySet:
        """The files that are still kept at the instant."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=at))

"""Reads of the ops desk."""

from django.core.cache import cache

from accounts.models import User
from violations.models import Appeal

MINUTE = 60


def open_appeals(user: User) -> int:
    """How many appeals wait for a decision, at most a minute old: it stands beside the navigation of every page."""
    found: int | None = cache.get("desk.open_appeals")
    if found is None:
        found = Appeal.objects.visible_to(user).open().count()
        cache.set("desk.open_appeals", found, MINUTE)
    return found

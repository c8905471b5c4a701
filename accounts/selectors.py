"""What was changed on people and shops, from the history that the database keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from accounts.models import Shop, User
from accounts.states import RoleCode

HISTORY_ROWS = 20


@dataclass(frozen=True)
class Change:
    """A row after one of its changes: when, by whom (None when the shell did it), its values in words."""

    at: datetime
    by: User | None
    shown: str
    is_active: bool


def user_changes(user: User) -> list[Change]:
    """The newest 20 changes of a person's name, address, role or account, newest first."""
    return _changes("UserEvent", user.pk, lambda row: (row.name, str(RoleCode(row.role).label), row.email))


def shop_changes(shop: Shop) -> list[Change]:
    """The newest 20 changes of a shop, newest first."""
    return _changes("ShopEvent", shop.pk, lambda row: (row.name, row.market_code))


def _changes(model: str, key: int, words: Callable[[Any], tuple[str, ...]]) -> list[Change]:
    events = apps.get_model("accounts", model)._default_manager.filter(pgh_obj_id=key)
    rows = list(events.select_related("pgh_context").order_by("-pgh_id")[:HISTORY_ROWS])
    actors = [row.pgh_context.metadata.get("user") if row.pgh_context else None for row in rows]
    people = User.objects.in_bulk([actor for actor in actors if actor])
    return [
        Change(row.pgh_created_at, people.get(actor), ", ".join(words(row)), row.is_active)
        for row, actor in zip(rows, actors, strict=True)
    ]

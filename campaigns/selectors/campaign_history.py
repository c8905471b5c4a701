"""What was changed in a campaign, from the history that the database keeps."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Campaign
from campaigns.models.campaigns import TRACKED
from campaigns.states.plans import CAMPAIGN_LOOKS, Goal
from core.ui import format_day, format_money

LONG = 80


@dataclass(frozen=True)
class Change:
    """A field that got another value; `field` "" is the campaign's beginning."""

    at: datetime
    by: User | None
    field: str
    before: str = ""
    after: str = ""


def changes_of(campaign: Campaign) -> list[Change]:
    """The changes, newest first; the beginning is the last one."""
    events = apps.get_model("campaigns", "CampaignEvent")._default_manager.filter(pgh_obj_id=campaign.pk)
    rows = list(events.select_related("pgh_context").order_by("pgh_id"))
    actors = [row.pgh_context.metadata.get("user") if row.pgh_context else None for row in rows]
    people = User.objects.in_bulk({*filter(None, actors), *(row.owner_id for row in rows)})
    changes = [Change(campaign.created_at, campaign.created_by, "")]
    for before, after, actor in zip(rows, rows[1:], actors[1:], strict=False):
        changes += [
            Change(after.pgh_created_at, people.get(actor), *_told(campaign, name, before, after, people))
            for name in TRACKED
            if _value(before, name) != _value(after, name)
        ]
    return changes[::-1]


def _told(campaign: Campaign, name: str, before: Any, after: Any, people: dict[int, User]) -> tuple[str, str, str]:
    field: Any = Campaign._meta.get_field(name)
    label = _("State") if name == "state" else str(field.verbose_name)
    old, new = (_text(campaign, name, _value(row, name), people) for row in (before, after))
    return label, old, new


def _value(row: Any, name: str) -> Any:
    return getattr(row, "owner_id" if name == "owner" else name)


def _text(campaign: Campaign, name: str, value: Any, people: dict[int, User]) -> str:
    if name == "owner":
        return str(people.get(value, "–"))
    if name == "state":
        return str(CAMPAIGN_LOOKS[value].label)
    if name == "goal":
        return str(Goal(value).label)
    language = get_language() or "en"
    if isinstance(value, Decimal):
        return format_money(value, campaign.currency, language)
    if isinstance(value, date):
        return format_day(value, language, timezone.localdate())
    text = ", ".join(value) if isinstance(value, list) else str(value or "")
    return (text if len(text) <= LONG else f"{text[: LONG - 1]}…") or "–"

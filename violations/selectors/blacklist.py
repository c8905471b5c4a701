"""Reads of the blacklist: its tabs, one entry with what became of it, and what is due for review."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from creators.models import Creator
from violations.models import BlacklistEntry
from violations.querysets import BlacklistQuerySet
from violations.states import BLACKLIST_LOOKS, BlacklistState

Tab = Literal["active", "proposed", "due", "ended"]
TABS: tuple[Tab, ...] = ("active", "proposed", "due", "ended")
ENDED = (BlacklistState.REMOVED, BlacklistState.REFUSED)


@dataclass(frozen=True)
class Change:
    """What somebody did to an entry, in words; `origin` is the network address it came from, when it is known."""

    at: datetime
    by: User | None
    what: str
    note: str = ""
    origin: str = ""


def accounts_of(creator: Creator) -> QuerySet[Creator]:
    """The creator and the other accounts of the same person: the blacklist follows the person."""
    if creator.person_id is None:
        return Creator.objects.filter(pk=creator.pk)
    return Creator.objects.filter(Q(pk=creator.pk) | Q(person=creator.person_id))


def blacklist_of(user: User, *, tab: Tab, handle: str = "", on: date) -> BlacklistQuerySet:
    """The entries that the user sees under a tab, those that are reviewed first on top; `handle` is a part of one."""
    found = _tab(BlacklistEntry.objects.visible_to(user), tab, on)
    if handle := handle.strip().lstrip("@").lower():
        found = found.filter(creator__handle__contains=handle)
    order = ("-pk",) if tab in ("proposed", "ended") else ("review_on", "pk")
    return found.select_related("creator__market", "shop", "proposed_by", "decided_by", "removed_by").order_by(*order)


def tab_counts(user: User, *, on: date) -> dict[Tab, int]:
    """How many entries each tab holds for the user."""
    visible = BlacklistEntry.objects.visible_to(user).order_by()
    return {tab: _tab(visible, tab, on).count() for tab in TABS}


def _tab(entries: BlacklistQuerySet, tab: Tab, on: date) -> BlacklistQuerySet:
    if tab == "active":
        return entries.active()
    if tab == "proposed":
        return entries.proposed()
    if tab == "due":
        return entries.due_for_review(on=on)
    return entries.filter(state__in=ENDED)


def changes_of(entry: BlacklistEntry) -> list[Change]:
    """What became of an entry, newest first, from the history that the database keeps."""
    begun = Change(entry.proposed_at, entry.proposed_by, first_words(entry), entry.reason)
    changes, before = [begun], first_state(entry)
    for place, (event, actor, origin) in enumerate(_events(entry)):
        if place == 0 and event.state == before:
            changes = [replace(begun, origin=origin)]
        else:
            at, what, note = _told(entry, event, before)
            changes.append(Change(at, actor, what, note, origin))
        before = event.state
    return changes[::-1]


def _events(entry: BlacklistEntry) -> Iterator[tuple[Any, User | None, str]]:
    """The stored changes of an entry, oldest first, with who made them and from where."""
    events = apps.get_model("violations", "BlacklistEntryEvent")._default_manager.filter(pgh_obj_id=entry.pk)
    rows = list(events.select_related("pgh_context").order_by("pgh_id"))
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    people = User.objects.in_bulk([actor for context in contexts if (actor := context.get("user"))])
    for row, context in zip(rows, contexts, strict=True):
        yield row, people.get(context.get("user")), context.get("address", "")


def first_state(entry: BlacklistEntry) -> str:
    """The state in which an entry begins."""
    return BlacklistState.PROPOSED if entry.shop_id is None else BlacklistState.ACTIVE


def first_words(entry: BlacklistEntry) -> str:
    """How an entry began."""
    if entry.shop is None:
        return _("Proposed for the shared blacklist")
    return _("Put on the blacklist of %(shop)s") % {"shop": entry.shop}


def _told(entry: BlacklistEntry, event: Any, before: str) -> tuple[datetime, str, str]:
    """When a change was made, what it did, and the reason that was given."""
    stored: datetime = event.pgh_created_at
    if event.state == before:
        what = _("Kept until %(day)s") % {"day": event.until.isoformat()} if event.until else _("Kept without an end")
        return stored, what, ""
    if event.state == BlacklistState.REMOVED:
        return entry.removed_at or stored, str(BLACKLIST_LOOKS[event.state].label), event.removal_reason
    what = _("Confirmed") if event.state == BlacklistState.ACTIVE else str(BLACKLIST_LOOKS[event.state].label)
    return entry.decided_at or stored, what, entry.decision_note

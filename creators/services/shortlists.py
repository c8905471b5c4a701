"""Shortlists of a shop and the creators on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from core.errors import DomainError
from creators.models import Shortlist, ShortlistEntry
from creators.states import Visibility

# Creators and list are locked against deletion; in order of key, so that two people never wait for each other.
ADD = """
INSERT INTO creators_shortlistentry (shortlist_id, creator_id, note, added_by_id, added_at)
SELECT l.id, c.id, %s, %s, %s FROM creators_creator c, creators_shortlist l
WHERE c.id = ANY(%s) AND l.id = %s ORDER BY c.id FOR KEY SHARE
ON CONFLICT (shortlist_id, creator_id) DO NOTHING"""
# The notes of entries go along.
COPY = """
INSERT INTO creators_shortlistentry (shortlist_id, creator_id, note, added_by_id, added_at)
SELECT l.id, e.creator_id, e.note, %s, %s FROM creators_shortlistentry e, creators_shortlist l
WHERE e.shortlist_id = %s AND e.creator_id = ANY(%s) AND l.id = %s ORDER BY e.creator_id FOR KEY SHARE
ON CONFLICT (shortlist_id, creator_id) DO NOTHING"""


@dataclass(frozen=True)
class AddResult:
    """How many creators were added to a list, and how many were on it already."""

    added: int
    already: int


@transaction.atomic
def shortlist_create(
    *, shop: Shop, name: str, by: User, note: str = "", visibility: str = Visibility.SHOP
) -> Shortlist:
    """Create an empty list that `by` owns. Raises DomainError `name_missing`, `name_taken`, `shop_closed`."""
    if not shop.is_active:
        raise DomainError("shop_closed", _("This shop is closed. Choose another one."), status=409)
    shortlist = Shortlist(
        shop=shop, name=_name(name), note=note.strip(), visibility=visibility, owner=by, created_at=timezone.now()
    )
    _save(shortlist)
    return shortlist


@transaction.atomic
def shortlist_update(
    *,
    shortlist: Shortlist,
    by: User,
    name: str | None = None,
    note: str | None = None,
    visibility: str | None = None,
) -> Shortlist:
    """Change what is given. Raises DomainError `name_missing`, `name_taken`, `not_owner` (for the visibility)."""
    locked = Shortlist.objects.select_for_update(no_key=True).get(pk=shortlist.pk)
    if visibility is not None and visibility != locked.visibility:
        _check_owner(locked, by)
        locked.visibility = visibility
    if name is not None:
        locked.name = _name(name)
    if note is not None:
        locked.note = note.strip()
    _save(locked)
    return locked


@transaction.atomic
def shortlist_delete(*, shortlist: Shortlist, by: User) -> None:
    """Delete the list with its entries; the creators stay. Raises DomainError `not_owner`."""
    locked = Shortlist.objects.select_for_update().get(pk=shortlist.pk)
    _check_owner(locked, by)
    locked.delete()


@transaction.atomic
def entries_add(*, shortlist: Shortlist, creator_ids: Sequence[int], by: User, note: str = "") -> AddResult:
    """Put creators on the list; those on it already stay as they are, whoever added them and however at once.

    Raises DomainError `nothing_to_add` when none of the creators, or the list, exists.
    """
    ids = sorted(set(creator_ids))
    added = _insert(ADD, [note.strip(), by.pk, timezone.now(), ids, shortlist.pk])
    present = ShortlistEntry.objects.filter(shortlist=shortlist, creator__in=ids).count()
    if not present:
        raise DomainError("nothing_to_add", _("Choose at least one creator of the directory."))
    return AddResult(added, present - added)


@transaction.atomic
def shortlist_create_with(
    *, shop: Shop, name: str, creator_ids: Sequence[int], by: User, note: str = ""
) -> tuple[Shortlist, AddResult]:
    """Create a list with these creators on it. Raises what `shortlist_create` and `entries_add` raise."""
    shortlist = shortlist_create(shop=shop, name=name, by=by)
    return shortlist, entries_add(shortlist=shortlist, creator_ids=creator_ids, by=by, note=note)


@transaction.atomic
def entry_update(*, entry: ShortlistEntry, note: str, by: User) -> ShortlistEntry:
    """Change the note of an entry. Raises DomainError `entry_gone`."""
    locked = ShortlistEntry.objects.select_for_update(no_key=True).filter(pk=entry.pk).first()
    if locked is None:
        raise DomainError("entry_gone", _("Somebody removed this creator from the list. Reload the page."), status=409)
    locked.note = note.strip()
    locked.save(update_fields=["note"])
    return locked


@transaction.atomic
def entries_remove(*, shortlist: Shortlist, creator_ids: Sequence[int], by: User) -> int:
    """Take creators off the list; returns how many were on it. Removing twice is no error."""
    removed, _each = ShortlistEntry.objects.filter(shortlist=shortlist, creator__in=creator_ids).delete()
    return removed


@transaction.atomic
def entries_copy(*, source: Shortlist, target: Shortlist, creator_ids: Sequence[int], by: User) -> AddResult:
    """Put creators of one list on another too, with their notes.

    Raises DomainError `same_list`, and `nothing_to_add` when none of the creators is on the source any more.
    """
    if source.pk == target.pk:
        raise DomainError(
            "same_list", _("Choose another list than this one."), fields={"target": _("This is the same list.")}
        )
    ids = sorted(set(creator_ids))
    present = source.entries.filter(creator__in=ids).count()
    if not present:
        raise DomainError("nothing_to_add", _("Select creators of this list first."))
    added = _insert(COPY, [by.pk, timezone.now(), source.pk, ids, target.pk])
    return AddResult(added, present - added)


@transaction.atomic
def entries_move(*, source: Shortlist, target: Shortlist, creator_ids: Sequence[int], by: User) -> AddResult:
    """Put creators on another list and take them off this one. Raises what `entries_copy` raises."""
    list(source.entries.filter(creator__in=creator_ids).order_by("creator").select_for_update())
    result = entries_copy(source=source, target=target, creator_ids=creator_ids, by=by)
    entries_remove(shortlist=source, creator_ids=creator_ids, by=by)
    return result


def may_own(shortlist: Shortlist, user: User) -> bool:
    """Whether the user may delete the list and change who sees it: its owner, and admins."""
    return shortlist.owner_id == user.pk or user.role_class.all_shops


def _check_owner(shortlist: Shortlist, by: User) -> None:
    if not may_own(shortlist, by):
        message = _("Only %(owner)s and admins can delete this list or change who sees it.")
        raise DomainError("not_owner", message % {"owner": shortlist.owner}, status=403)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise DomainError("name_missing", _("Give the list a name."), fields={"name": _("Give the list a name.")})
    return name


def _save(shortlist: Shortlist) -> None:
    """Save; an owner has one list of a name in a shop, which the database checks."""
    try:
        with transaction.atomic():
            shortlist.save()
    except IntegrityError as error:
        if "shortlist_name_once" not in str(error):
            raise
        message = _("%(owner)s already has a list named %(name)s in this shop. Choose another name.")
        text = message % {"owner": shortlist.owner, "name": shortlist.name}
        raise DomainError("name_taken", text, fields={"name": text}, status=409) from error


def _insert(sql: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)

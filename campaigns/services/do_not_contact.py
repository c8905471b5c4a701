"""Creators who do not want to be written to: by one shop, or by the whole organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import DoNotContact
from campaigns.services.conversations import check_member
from core.errors import DomainError
from core.jobs import advisory_lock
from creators.models import Creator


@transaction.atomic
def do_not_contact_add(*, creator: Creator, shop: Shop | None, reason: str, by: User, at: datetime) -> DoNotContact:
    """Nobody of the shop (None: of the organisation) writes to the person any more, nor gives it a seat.

    Raises DomainError `reason_missing`, `unwanted_already` (409), `not_member` (403), `not_allowed` (403).
    """
    _check_may(shop, by)
    reason = _reason(reason)
    # Who is writing at this instant comes first, or finds the entry.
    advisory_lock(f"contact-{creator.pk}")
    if DoNotContact.objects.in_force().filter(creator=creator, shop=shop).exists():
        raise DomainError("unwanted_already", _("%(creator)s is on this list.") % {"creator": creator}, status=409)
    return DoNotContact.objects.create(creator=creator, shop=shop, reason=reason, added_by=by, added_at=at)


@transaction.atomic
def do_not_contact_remove(*, entry: DoNotContact, reason: str, by: User, at: datetime) -> DoNotContact:
    """The creator may be written to again.

    Raises DomainError `reason_missing`, `unwanted_ended` (409), `not_member` (403), `not_allowed` (403).
    """
    _check_may(entry.shop, by)
    reason = _reason(reason)
    held = DoNotContact.objects.select_for_update().get(pk=entry.pk)
    if held.removed_at is not None:
        raise DomainError("unwanted_ended", _("This entry was removed before. Reload the page."), status=409)
    held.removed_by, held.removed_at, held.removed_because = by, at, reason
    held.save(update_fields=["removed_by", "removed_at", "removed_because"])
    return held


def may_change(shop: Shop | None, user: User) -> bool:
    """Whether the user may change entries of the shop, or of the organisation for None."""
    return user.can(Permission.OUTREACH_SETTINGS if shop is None else Permission.OUTREACH_SEND)


def _check_may(shop: Shop | None, by: User) -> None:
    if shop is not None:
        check_member(shop=shop, by=by)
    if not may_change(shop, by):
        raise DomainError("not_allowed", by.refusal(Permission.OUTREACH_SETTINGS), status=403)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        message = _("Say why.")
        raise DomainError("reason_missing", message, fields={"reason": message})
    return reason[:300]

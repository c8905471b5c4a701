"""The blacklist: the organisation's, which two persons decide, and each shop's own. Nothing ever ends by itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
import structlog
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Shop, User
from accounts.states import Permission, RoleCode
from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator
from creators.services.standings import blacklist_publish
from violations.models import BlacklistEntry, BlacklistEvidence
from violations.selectors.blacklist import accounts_of
from violations.states import BLACKLIST_OPEN, BLACKLIST_TRANSITIONS, BlacklistState

REVIEW_AFTER = timedelta(days=90)
REVIEWERS = (RoleCode.ADMIN, RoleCode.ACCOUNT_MANAGER)
MAILED_ROWS = 50
MARK_SECONDS = 2 * 86400

log = structlog.get_logger()


def blacklist_propose(
    *,
    creator: Creator,
    reason: str,
    by: User,
    at: datetime,
    until: date | None = None,
    review_on: date | None = None,
    evidence: Sequence[StoredFile] = (),
) -> BlacklistEntry:
    """Propose the person for the organisation's list; it counts when a second person confirms it.

    `review_on` None: `until`, else in 90 days. Raises DomainError `reason_missing`, `until_in_past`,
    `review_in_past`, `blacklisted_already` (409).
    """
    what: dict[str, Any] = {"reason": reason, "until": until, "review_on": review_on, "evidence": evidence}
    return _add(creator=creator, shop=None, state=BlacklistState.PROPOSED, by=by, at=at, **what)


def blacklist_add(
    *,
    creator: Creator,
    shop: Shop,
    reason: str,
    by: User,
    at: datetime,
    until: date | None = None,
    review_on: date | None = None,
    evidence: Sequence[StoredFile] = (),
) -> BlacklistEntry:
    """Put the person on the shop's own list, at once. Raises what `blacklist_propose` raises, and `not_member`."""
    if not Shop.objects.visible_to(by).filter(pk=shop.pk).exists():
        raise DomainError("not_member", _("Only members of the shop can change its blacklist."), status=403)
    what: dict[str, Any] = {"reason": reason, "until": until, "review_on": review_on, "evidence": evidence}
    return _add(creator=creator, shop=shop, state=BlacklistState.ACTIVE, by=by, at=at, **what)


@transaction.atomic
def blacklist_decide(*, entry: BlacklistEntry, confirm: bool, by: User, at: datetime, note: str = "") -> BlacklistEntry:
    """Confirm or refuse a proposal for the organisation's list; a refusal says why.

    Raises DomainError `second_person_needed` (403), `note_missing`, `decided_already` (409).
    """
    held = _held(entry)
    wanted = BlacklistState.ACTIVE if confirm else BlacklistState.REFUSED
    if held.state != BlacklistState.PROPOSED or wanted not in BLACKLIST_TRANSITIONS[held.state]:
        text = _("This proposal was decided before: %(state)s. Reload the page.") % {"state": held.look.label}
        raise DomainError("decided_already", text, status=409)
    if held.proposed_by_id == by.pk:
        text = _("You proposed it. The organisation's blacklist needs a second person: ask somebody else.")
        raise DomainError("second_person_needed", text, status=403)
    if not confirm and not note.strip():
        raise DomainError("note_missing", _("Say why it is refused."), fields={"note": _("Say why it is refused.")})
    held.state, held.decided_by, held.decided_at, held.decision_note = wanted, by, at, note.strip()
    return _save(held, by, ["state", "decided_by", "decided_at", "decision_note"])


@transaction.atomic
def blacklist_remove(*, entry: BlacklistEntry, reason: str, by: User, at: datetime) -> BlacklistEntry:
    """Take the person off the list.

    Raises DomainError `reason_missing`, `not_blacklisted` (409), `not_allowed` (403).
    """
    held = _held_in_force(entry, by)
    if not reason.strip():
        raise _missing("reason", _("Say why the creator comes off the list."))
    held.state, held.removed_by, held.removed_at, held.removal_reason = BlacklistState.REMOVED, by, at, reason.strip()
    return _save(held, by, ["state", "removed_by", "removed_at", "removal_reason"])


@transaction.atomic
def blacklist_keep(
    *, entry: BlacklistEntry, until: date | None, by: User, at: datetime, review_on: date | None = None
) -> BlacklistEntry:
    """Keep the person on the list until a day, or without an end, and review it later.

    Raises DomainError `until_in_past`, `review_in_past`, `not_blacklisted` (409), `not_allowed` (403).
    """
    held = _held_in_force(entry, by)
    held.until, held.review_on = until, _review_day(until, review_on, timezone.localdate(at))
    return _save(held, by, ["until", "review_on"])


def reviews_mail(*, at: datetime) -> int:
    """Tell admins and account managers what is due for review in the lists they see; once a day each.

    Returns how many mails went out. An address that refuses is logged and tried again by the next call.
    """
    today = timezone.localdate(at)
    sent = 0
    for user in User.objects.active().filter(role__in=REVIEWERS).order_by("pk"):
        due = BlacklistEntry.objects.visible_to(user).due_for_review(on=today)
        entries = list(due.select_related("creator", "shop").order_by("review_on", "pk")[:MAILED_ROWS])
        mark = f"blacklist-reviews-{today}-{user.pk}"
        if not entries or not cache.add(mark, 1, MARK_SECONDS):
            continue
        try:
            _review_mail(user, entries, due.count())
        except OSError as error:
            cache.delete(mark)
            log.warning("blacklist_review_not_mailed", user=user.pk, error=str(error))
        else:
            sent += 1
    return sent


def _review_mail(user: User, entries: list[BlacklistEntry], total: int) -> None:
    with translation.override(user.language):
        subject = ngettext("%(count)s blacklist entry to review", "%(count)s blacklist entries to review", total)
        context = {"entries": entries, "more": total - len(entries), "path": reverse("blacklist_list")}
        text = render_to_string("violations/mail/blacklist_reviews.txt", context)
        send_mail(subject % {"count": total}, text, None, [user.email])


def may_change(entry: BlacklistEntry, user: User) -> bool:
    """Whether the user may take an entry off its list, or keep it longer; who does not see it may not either."""
    return user.can(Permission.BLACKLIST_DECIDE if entry.shop_id is None else Permission.BLACKLIST_PROPOSE)


@transaction.atomic
def _add(
    *,
    creator: Creator,
    shop: Shop | None,
    state: BlacklistState,
    reason: str,
    until: date | None,
    review_on: date | None,
    by: User,
    at: datetime,
    evidence: Sequence[StoredFile],
) -> BlacklistEntry:
    if not reason.strip():
        raise _missing("reason", _("Say why nobody should work with this creator."))
    review_on = _review_day(until, review_on, timezone.localdate(at))
    ids = _accounts_lock(creator)
    _check_not_listed(ids, shop)
    entry = BlacklistEntry(creator=creator, shop=shop, state=state, reason=reason.strip(), until=until)
    entry.review_on, entry.proposed_by, entry.proposed_at = review_on, by, at
    with pghistory.context(user=by.pk):
        entry.save()
        # Row history holds changes only; with this first row it says from where an entry came, too.
        pghistory.create_event(entry, label="update")
    if evidence:
        BlacklistEvidence.objects.bulk_create([BlacklistEvidence(entry=entry, file=file) for file in evidence])
        # An upload that nothing takes is swept; these are kept.
        StoredFile.objects.filter(pk__in=[file.pk for file in evidence]).update(expires_at=None)
    return entry


def _held(entry: BlacklistEntry) -> BlacklistEntry:
    """The entry under its lock, behind the lock of its person: two entries of one person change one by one."""
    _accounts_lock(entry.creator)
    return BlacklistEntry.objects.select_for_update(of=("self",)).select_related("shop").get(pk=entry.pk)


def _held_in_force(entry: BlacklistEntry, by: User) -> BlacklistEntry:
    held = _held(entry)
    if not may_change(held, by):
        raise DomainError("not_allowed", by.refusal(Permission.BLACKLIST_DECIDE), status=403)
    if BlacklistState.REMOVED not in BLACKLIST_TRANSITIONS[held.state]:
        text = _("This entry is not in force: %(state)s. Reload the page.") % {"state": held.look.label}
        raise DomainError("not_blacklisted", text, status=409)
    return held


def _accounts_lock(creator: Creator) -> list[int]:
    """The keys of all accounts of the person, held until the transaction ends; ledger entries do not wait for it."""
    accounts = accounts_of(creator).select_for_update(of=("self",), no_key=True)
    return list(accounts.order_by("pk").values_list("pk", flat=True))


def _save(entry: BlacklistEntry, by: User, fields: list[str]) -> BlacklistEntry:
    """Save a change, and mark the accounts of the person by what the organisation's list now says."""
    with pghistory.context(user=by.pk):
        entry.save(update_fields=fields)
    if entry.shop_id is None:
        ids = list(accounts_of(entry.creator).values_list("pk", flat=True))
        is_listed = BlacklistEntry.objects.about(ids).active().filter(shop=None).exists()
        blacklist_publish(creator_ids=ids, is_blacklisted=is_listed)
    return entry


def _check_not_listed(ids: list[int], shop: Shop | None) -> None:
    found = BlacklistEntry.objects.about(ids).filter(shop=shop, state__in=BLACKLIST_OPEN).first()
    if found is None:
        return
    if found.state == BlacklistState.PROPOSED:
        text = _("This creator is proposed already and waits for a second person.")
    else:
        text = _("This creator is on this blacklist already. Keep that entry longer instead.")
    raise DomainError("blacklisted_already", text, status=409)


def _review_day(until: date | None, review_on: date | None, today: date) -> date:
    """When to look at the entry again: as asked, else at its end, else in 90 days."""
    if until is not None and until <= today:
        text = _("Choose a day after today. Leave it empty for no end.")
        raise DomainError("until_in_past", text, fields={"until": text})
    if review_on is not None and review_on <= today:
        text = _("Choose a day after today.")
        raise DomainError("review_in_past", text, fields={"review_on": text})
    return review_on or until or today + REVIEW_AFTER


def _missing(field: str, text: str) -> DomainError:
    fields: dict[str, Any] = {field: text}
    return DomainError("reason_missing", text, fields=fields)

"""Counting contacts: the week's quota of a shop, and the messages before a reply.

Lock order: collaboration, week of the shop, creator (a named lock that shops share), conversation, message.
"""

from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Conversation, QuotaTier, QuotaWeek, ShopSettings, WeekContact
from campaigns.rules.quota import week_bounds, week_starts_on
from campaigns.selectors.limits import blocks_of
from campaigns.services.conversations import conversation_hold
from campaigns.services.settings import settings_of
from campaigns.states.outreach import MESSAGE_COUNTED, Direction
from core.errors import DomainError
from core.jobs import advisory_lock
from creators.models import Creator


def week_hold(*, shop: Shop, at: datetime) -> QuotaWeek:
    """The shop's week of the instant with the limit that holds now, held until the transaction ends.

    A limit that was lowered below what is used lets nobody else in, and takes nobody out.
    """
    starts_on = week_starts_on(at, shop.time_zone)
    QuotaWeek.objects.get_or_create(shop=shop, starts_on=starts_on)
    week = QuotaWeek.objects.select_for_update().get(shop=shop, starts_on=starts_on)
    tier = settings_of(shop=shop).tier
    limit = tier.weekly_limit if tier else None
    held_limit = None if limit is None else max(limit, week.used)
    if week.weekly_limit != held_limit:
        week.weekly_limit = held_limit
        week.save(update_fields=["weekly_limit"])
    return week


@transaction.atomic
def contact_take(*, shop: Shop, creator: Creator, at: datetime) -> Conversation:
    """Count one message of the shop to the creator; returns their conversation, held until the transaction ends.

    Raises DomainError (409) `do_not_contact`, `too_many_followers`, `contacted_recently`, `five_unanswered`,
    `quota_used`.
    """
    week = week_hold(shop=shop, at=at)
    # Two shops that write at the same instant: the second sees the contact of the first.
    advisory_lock(f"contact-{creator.pk}")
    conversation = conversation_hold(shop=shop, creator=creator)
    refusal = blocks_of(shop, [creator.pk], at=at).get(creator.pk)
    if refusal is not None:
        raise DomainError(refusal.code, refusal.message, status=409)
    if conversation.connected_at is None:
        _count(week, creator, at)
    conversation.first_out_at = conversation.first_out_at or at
    conversation.last_out_at = at
    conversation.unanswered += 1
    conversation.save(update_fields=["first_out_at", "last_out_at", "unanswered"])
    return conversation


def contact_hold(*, conversation: Conversation, at: datetime) -> tuple[QuotaWeek, Conversation]:
    """The week of the instant and the conversation, held in this order until the transaction ends."""
    week = week_hold(shop=conversation.shop, at=at)
    return week, conversation_hold(shop=conversation.shop, creator=conversation.creator)


def contact_give_back(*, week: QuotaWeek, conversation: Conversation) -> Conversation:
    """Count a held conversation anew after a message did not reach the creator; both rows are held by the caller."""
    reached = conversation.messages.filter(direction=Direction.OUT, state__in=MESSAGE_COUNTED)
    moments = reached.aggregate(first=Min("created_at"), last=Max("created_at"))
    open_ones = reached.filter(created_at__gt=conversation.last_in_at) if conversation.last_in_at else reached
    conversation.first_out_at, conversation.last_out_at = moments["first"], moments["last"]
    conversation.unanswered = open_ones.count()
    conversation.save(update_fields=["first_out_at", "last_out_at", "unanswered"])
    start, end = week_bounds(week.starts_on, conversation.shop.time_zone)
    if not reached.filter(created_at__gte=start, created_at__lt=end).exists():
        gone, _models = WeekContact.objects.filter(week=week, creator=conversation.creator_id).delete()
        week.used -= gone
        week.save(update_fields=["used"])
    return conversation


@transaction.atomic
def tier_save(
    *,
    name: str,
    weekly_limit: int | None,
    max_followers: int | None,
    gmv_from_usd: Decimal | None,
    by: User,
    tier: QuotaTier | None = None,
) -> QuotaTier:
    """Add a tier to the organisation's list, or change `tier`. An empty limit is unmetered.

    Raises DomainError `tier_name_taken`.
    """
    held = QuotaTier.objects.select_for_update().get(pk=tier.pk) if tier else QuotaTier()
    if tier is None:
        held.position = (QuotaTier.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    held.name, held.weekly_limit, held.max_followers = name.strip(), weekly_limit, max_followers
    held.gmv_from_usd = gmv_from_usd
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            held.save()
    except IntegrityError as error:
        text = _("Another tier has this name.")
        raise DomainError("tier_name_taken", text, fields={"name": text}) from error
    return held


@transaction.atomic
def tier_remove(*, tier: QuotaTier, by: User) -> None:
    """Take a tier off the list. Raises DomainError `tier_in_use` while a shop is in it."""
    held = QuotaTier.objects.select_for_update().get(pk=tier.pk)
    if ShopSettings.objects.filter(tier=held).exists():
        text = _("Shops are in this tier. Put them into another one first.")
        raise DomainError("tier_in_use", text, status=409)
    with pghistory.context(user=by.pk):
        held.delete()


def _count(week: QuotaWeek, creator: Creator, at: datetime) -> None:
    """The same creator counts once a week."""
    _contact, is_new = WeekContact.objects.get_or_create(week=week, creator=creator, defaults={"at": at})
    if is_new:
        week.used += 1
        week.save(update_fields=["used"])

"""What limits outreach: the week's quota of a shop, and why a creator cannot be written to now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Conversation, DoNotContact, QuotaTier, QuotaWeek, ShopSettings
from campaigns.models.outreach import BEFORE_REPLY
from campaigns.rules.quota import ReplyStats, week_bounds, week_starts_on
from campaigns.selectors.outreach import reply_stats_of_shops
from campaigns.selectors.seating import Refusal
from core.ui import format_number
from creators.models import Creator, CreatorFacts


@dataclass(frozen=True)
class Quota:
    """A shop's week: how many creators, not yet connected, were contacted; `limit` None is unmetered."""

    used: int
    limit: int | None
    ends_at: datetime
    time_zone: str
    tier: QuotaTier | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def percent(self) -> float:
        if not self.limit:
            return 100 if self.limit == 0 else 0
        return min(100.0, 100 * self.used / self.limit)


def settings_read(shop: Shop) -> ShopSettings:
    """What the shop has decided; the defaults, not stored, where it has decided nothing."""
    return ShopSettings.objects.select_related("tier").filter(shop=shop).first() or ShopSettings(shop=shop)


def quota_of(shop: Shop, *, at: datetime) -> Quota:
    """The quota of the week of the instant, Sunday to Sunday in the shop's time."""
    starts_on = week_starts_on(at, shop.time_zone)
    used = QuotaWeek.objects.filter(shop=shop, starts_on=starts_on).values_list("used", flat=True).first() or 0
    tier = settings_read(shop).tier
    ends_at = week_bounds(starts_on, shop.time_zone)[1]
    return Quota(used, tier.weekly_limit if tier else None, ends_at, shop.time_zone, tier)


def blocks_of(shop: Shop, creator_ids: Sequence[int], *, at: datetime) -> dict[int, Refusal]:
    """Why the shop cannot write to these creators now, by creator; who may be written to is left out.

    The quota that is left goes to the first ones. Codes: `do_not_contact`, `too_many_followers`,
    `contacted_recently`, `five_unanswered`, `quota_used`. The number of queries does not grow with the creators.
    """
    rows = {one.creator_id: one for one in Conversation.objects.filter(shop=shop, creator__in=creator_ids)}
    connected = {creator_id for creator_id, one in rows.items() if one.connected_at is not None}
    strangers = [one for one in creator_ids if one not in connected]
    found = _quota_used(shop, strangers, at)
    found |= _unanswered(rows)
    found |= _recently(shop, strangers, at)
    found |= _too_large(shop, strangers)
    return found | unwanted(shop, creator_ids)


def unwanted(shop: Shop, creator_ids: Collection[int]) -> dict[int, Refusal]:
    """Who does not want to be written to by the shop or by anybody; the wish of one account holds for the person's."""
    entries = DoNotContact.objects.in_force().about(creator_ids).filter(Q(shop=None) | Q(shop=shop))
    rows = list(entries.values_list("creator", "creator__person", "reason"))
    persons = dict(Creator.objects.filter(pk__in=creator_ids).values_list("pk", "person")) if rows else {}
    text = _("Does not want to be contacted: %(reason)s")
    return {
        creator_id: Refusal("do_not_contact", text % {"reason": reason})
        for account, person, reason in rows
        for creator_id, own in persons.items()
        if creator_id == account or (person is not None and own == person)
    }


def contacted_by_others(
    shop_ids: Collection[int], creator_ids: Collection[int], *, at: datetime, days: int
) -> set[int]:
    """Creators whom a shop other than these contacted in the last days without a reply to that shop."""
    fresh = Conversation.objects.exclude(shop__in=shop_ids).filter(
        creator__in=creator_ids, last_out_at__gt=at - timedelta(days=days)
    )
    silent = fresh.filter(Q(last_in_at__isnull=True) | Q(last_in_at__lt=F("last_out_at")))
    return set(silent.values_list("creator", flat=True))


def _too_large(shop: Shop, creator_ids: Collection[int]) -> dict[int, Refusal]:
    tier = settings_read(shop).tier
    if tier is None or tier.max_followers is None:
        return {}
    large = CreatorFacts.objects.filter(creator__in=creator_ids, followers__gte=tier.max_followers)
    text = _("The tier %(tier)s of the shop reaches creators below %(most)s followers only.")
    refusal = Refusal("too_many_followers", text % {"tier": tier, "most": format_number(tier.max_followers)})
    return dict.fromkeys(large.values_list("creator", flat=True), refusal)


def _recently(shop: Shop, creator_ids: Collection[int], at: datetime) -> dict[int, Refusal]:
    days = settings_read(shop).cool_down_days
    text = _("Contacted recently: wait until the cool-down of %(days)s days is over, or for a reply.")
    refusal = Refusal("contacted_recently", text % {"days": days})
    return dict.fromkeys(contacted_by_others([shop.pk], creator_ids, at=at, days=days), refusal)


def _unanswered(rows: dict[int, Conversation]) -> dict[int, Refusal]:
    text = _("%(most)s messages without a reply: wait for one before you write again.") % {"most": BEFORE_REPLY}
    refusal = Refusal("five_unanswered", text)
    return {
        creator_id: refusal for creator_id, one in rows.items() if one.unanswered >= BEFORE_REPLY and not one.is_exempt
    }


def _quota_used(shop: Shop, strangers: Sequence[int], at: datetime) -> dict[int, Refusal]:
    quota = quota_of(shop, at=at)
    if quota.left is None or quota.limit is None:
        return {}
    week = QuotaWeek.objects.filter(shop=shop, starts_on=week_starts_on(at, shop.time_zone))
    counted = set(week.filter(contacts__creator__in=strangers).values_list("contacts__creator", flat=True))
    new = [one for one in dict.fromkeys(strangers) if one not in counted]
    text = _(
        "No place left in the shop's weekly quota: %(used)s of %(limit)s new creators used. "
        "It resets on Sunday, 00:00 (%(zone)s)."
    )
    places = {"used": format_number(quota.used), "limit": format_number(quota.limit), "zone": quota.time_zone}
    return dict.fromkeys(new[quota.left :], Refusal("quota_used", text % places))


@dataclass(frozen=True)
class ShopLimits:
    """A shop with its settings, the quota of the week and how creators answer."""

    shop: Shop
    settings: ShopSettings
    quota: Quota
    replies: ReplyStats


def shop_limits(user: User, *, at: datetime) -> list[ShopLimits]:
    """The user's open shops by name."""
    shops = list(Shop.objects.visible_to(user).active().order_by("name"))
    replies = reply_stats_of_shops([shop.pk for shop in shops], at=at)
    return [ShopLimits(shop, settings_read(shop), quota_of(shop, at=at), replies[shop.pk]) for shop in shops]

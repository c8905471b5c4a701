"""What a shop has decided for itself."""

from typing import Any

import pghistory
from django.db import transaction

from accounts.models import Shop, User
from campaigns.models import QuotaTier, ShopSettings


def settings_of(*, shop: Shop) -> ShopSettings:
    """The settings of a shop, made with their defaults when it is the first time."""
    return ShopSettings.objects.select_related("tier").get_or_create(shop=shop)[0]


@transaction.atomic
def outreach_limits_update(
    *, shop: Shop, tier: QuotaTier | None, cool_down_days: int, reply_days: int, remind_days: int, by: User
) -> ShopSettings:
    """Change the tier and the days of outreach of a shop; a change of tier holds for the running week at once."""
    settings_of(shop=shop)
    held = ShopSettings.objects.select_for_update().get(shop=shop)
    wanted: dict[str, Any] = {
        "tier": tier, "cool_down_days": cool_down_days, "reply_days": reply_days, "remind_days": remind_days,
    }  # fmt: skip
    for name, value in wanted.items():
        setattr(held, name, value)
    with pghistory.context(user=by.pk):
        held.save(update_fields=[*wanted])
    return held

"""What a shop has decided for itself."""

from accounts.models import Shop
from campaigns.models import ShopSettings


def settings_of(*, shop: Shop) -> ShopSettings:
    """The settings of a shop, made with their defaults when it is the first time."""
    return ShopSettings.objects.select_related("tier").get_or_create(shop=shop)[0]

"""Messages that tests of outreach send for themselves, through the real services."""

from datetime import timedelta
from typing import Any

from accounts.models import Shop, User
from campaigns.models import Message, QuotaTier, ShopSettings
from campaigns.services.conversations import reply_log
from campaigns.services.messages import message_send
from campaigns.services.settings import settings_of
from creators.models import Creator
from tests.factories import make_creator, make_shop, make_user
from tests.plans import NOON

DAY = timedelta(days=1)


def make_seller(**fields: Any) -> tuple[User, Shop]:
    """A seller and the shop of the seller."""
    seller = make_user()
    return seller, make_shop([seller], **fields)


def write(shop: Shop, by: User, creator: Creator | None = None, **options: Any) -> Message:
    """A message of the shop, in TikTok chat; every text is another one."""
    number = Message.objects.count()
    values: dict[str, Any] = {"channel": "chat", "body": f"Hello {number}", "at": NOON} | options
    return message_send(shop=shop, creator=creator or make_creator(), by=by, **values)


def mail_to(shop: Shop, by: User, creator: Creator | None = None, **options: Any) -> Message:
    """A mail of the shop that waits to be sent."""
    values = {"channel": "mail", "subject": "Barrier serum", "address": "lantern@example.com"} | options
    return write(shop, by, creator, **values)


def answer(message: Message, *, at: Any, **options: Any) -> Message:
    """The creator's reply to a message, logged by its writer."""
    values: dict[str, Any] = {"body": "Yes, please.", "channel": "chat", "received_at": at, "at": at} | options
    assert message.by is not None
    return reply_log(conversation=message.conversation, by=message.by, **values)


def put_into_tier(shop: Shop, **fields: Any) -> ShopSettings:
    """The shop in a tier of its own."""
    settings = settings_of(shop=shop)
    settings.tier = QuotaTier.objects.create(name=f"Tier of {shop.pk}", **fields)
    settings.save()
    return settings

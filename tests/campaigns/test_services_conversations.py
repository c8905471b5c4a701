"""Replies logged by hand, templates, the list of who wants no contact, and limits of shops."""

from datetime import timedelta

import pytest

from campaigns.models import Conversation, DoNotContact, QuotaTier, Reminder
from campaigns.services.conversations import conversation_open, reply_log
from campaigns.services.do_not_contact import do_not_contact_add, do_not_contact_remove
from campaigns.services.quota import tier_remove, tier_save
from campaigns.services.settings import outreach_limits_update, settings_of
from campaigns.services.templates import template_archive, template_save
from core.errors import DomainError
from tests.campaigns.outreach import DAY, answer, make_seller, write
from tests.factories import make_creator, make_file, make_user
from tests.plans import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refused(act, **options) -> str:
    with pytest.raises(DomainError) as error:
        act(**options)
    return error.value.code


# --- Replies


def test_a_reply_connects_and_closes_reminders():
    seller, shop = make_seller()
    reply = answer(write(shop, seller), at=NOON + HOUR, files=[make_file(seller)])
    conversation = Conversation.objects.get()
    assert (conversation.connected_at, conversation.first_reply_at, conversation.last_in_at) == (NOON + HOUR,) * 3
    assert conversation.unanswered == 0
    assert (reply.state, reply.direction, reply.files.count()) == ("received", "in", 1)
    assert Reminder.objects.get().done_at == NOON + HOUR


def test_a_reply_that_is_logged_late_leaves_later_messages_open():
    seller, shop = make_seller()
    first = write(shop, seller)
    write(shop, seller, first.conversation.creator, at=NOON + 2 * DAY)
    reply_log(
        conversation=first.conversation,
        body="Yes",
        channel="chat",
        received_at=NOON + DAY,
        by=seller,
        at=NOON + 3 * DAY,
    )
    conversation = Conversation.objects.get()
    assert (conversation.unanswered, conversation.first_reply_at) == (1, NOON + DAY)
    assert Reminder.objects.filter(done_at=None).count() == 1


def test_who_writes_first_is_connected_without_a_reply_time():
    seller, shop = make_seller()
    conversation = conversation_open(shop=shop, creator=make_creator(), by=seller)
    reply_log(conversation=conversation, body="Hi!", channel="chat", received_at=NOON, by=seller, at=NOON)
    conversation.refresh_from_db()
    assert (conversation.connected_at, conversation.first_reply_at) == (NOON, None)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"channel": "pigeon"}, "channel_unknown"),
        ({"body": " "}, "body_missing"),
        ({"received_at": NOON + HOUR}, "received_in_future"),
        ({"by": None}, "not_member"),
    ],
)
def test_replies_that_are_refused(options, code):
    seller, shop = make_seller()
    conversation = conversation_open(shop=shop, creator=make_creator(), by=seller)
    values = {"body": "Yes", "channel": "chat", "received_at": NOON, "by": seller, "at": NOON} | options
    values["by"] = values["by"] or make_user()
    assert refused(reply_log, conversation=conversation, **values) == code


def test_a_stranger_opens_no_conversation():
    _seller, shop = make_seller()
    assert refused(conversation_open, shop=shop, creator=make_creator(), by=make_user()) == "not_member"


# --- Templates


def make_template(shop, by, **options):
    values = {"name": "First contact", "stage": "invitation", "language": "en", "body": "Hi {creator}", "at": NOON}
    return template_save(shop=shop, by=by, **values | options)


def test_a_template_is_written_changed_and_archived():
    seller, shop = make_seller()
    template = make_template(shop, seller, subject="For {creator}")
    changed = make_template(shop, seller, template=template, body="Hello {creator} of {shop}")
    assert (changed.pk, changed.body, changed.created_by) == (template.pk, "Hello {creator} of {shop}", seller)
    assert template_archive(template=template, by=seller, at=NOON).archived_at == NOON
    assert refused(template_archive, template=template, by=seller, at=NOON) == "template_archived"
    make_template(shop, seller)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"body": "Hi {nickname}"}, "variable_unknown"),
        ({"subject": "{price}"}, "variable_unknown"),
        ({"body": ""}, "body_missing"),
        ({"stage": "later"}, "stage_unknown"),
        ({"language": "xx"}, "language_unknown"),
    ],
)
def test_templates_that_are_refused(options, code):
    seller, shop = make_seller()
    assert refused(make_template, shop=shop, by=seller, **options) == code


def test_a_name_is_there_once_in_a_language():
    seller, shop = make_seller()
    make_template(shop, seller)
    make_template(shop, seller, language="vi")
    assert refused(make_template, shop=shop, by=seller, name="first  CONTACT") == "template_name_taken"
    assert refused(make_template, shop=shop, by=make_user()) == "not_member"


# --- Do not contact


def test_an_entry_is_added_and_removed_with_a_reason():
    seller, shop = make_seller()
    entry = do_not_contact_add(creator=make_creator(), shop=shop, reason="Asked us.", by=seller, at=NOON)
    assert (
        refused(do_not_contact_add, creator=entry.creator, shop=shop, reason="Again.", by=seller, at=NOON)
        == "unwanted_already"
    )
    assert refused(do_not_contact_remove, entry=entry, reason=" ", by=seller, at=NOON) == "reason_missing"
    removed = do_not_contact_remove(entry=entry, reason="Changed their mind.", by=seller, at=NOON + DAY)
    assert (removed.removed_by, removed.removed_because) == (seller, "Changed their mind.")
    assert refused(do_not_contact_remove, entry=entry, reason="Again.", by=seller, at=NOON) == "unwanted_ended"
    assert not DoNotContact.objects.in_force().exists()


def test_the_organisations_list_is_not_a_sellers():
    seller, shop = make_seller()
    options = {"creator": make_creator(), "reason": "Asked us.", "at": NOON}
    assert refused(do_not_contact_add, shop=None, by=seller, **options) == "not_allowed"
    assert refused(do_not_contact_add, shop=shop, by=make_user(), **options) == "not_member"
    entry = do_not_contact_add(shop=None, by=make_user("account_manager"), **options)
    assert refused(do_not_contact_remove, entry=entry, reason="No.", by=seller, at=NOON) == "not_allowed"


# --- Tiers and limits


def make_tier(**options):
    values = {"name": "Tier 1", "weekly_limit": 50, "max_followers": None, "gmv_from_usd": None}
    return tier_save(by=make_user("account_manager"), **values | options)


def test_tiers_are_added_changed_and_removed():
    tier = make_tier()
    other = make_tier(name="Tier 2", weekly_limit=None)
    assert other.position > tier.position
    assert make_tier(tier=tier, weekly_limit=70).weekly_limit == 70
    assert refused(make_tier, name="Tier 2") == "tier_name_taken"
    tier_remove(tier=other, by=make_user("admin"))
    assert [one.name for one in QuotaTier.objects.all()] == ["Tier 1"]


def test_a_tier_with_shops_stays():
    tier = make_tier()
    _seller, shop = make_seller()
    days = {"cool_down_days": 21, "reply_days": 5, "remind_days": 2}
    outreach_limits_update(shop=shop, tier=tier, by=make_user("admin"), **days)
    stored = settings_of(shop=shop)
    assert (stored.tier, stored.cool_down_days, stored.reply_days, stored.remind_days) == (tier, 21, 5, 2)
    assert refused(tier_remove, tier=tier, by=make_user("admin")) == "tier_in_use"

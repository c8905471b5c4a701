"""Reminders, and telling account managers once."""

import pytest
from django.core import mail

from campaigns.models import Reminder
from campaigns.services.reminders import conversation_escalate, reminder_add, reminder_finish, reminders_escalate
from core.errors import DomainError
from tests.campaigns.outreach import DAY, answer, make_seller, write
from tests.factories import make_shop, make_user
from tests.plans import NOON

pytestmark = pytest.mark.django_db


def make_team():
    seller, manager = make_user(), make_user("account_manager", language="zh-hans")
    return seller, manager, make_shop([seller, manager])


def refused(act, **options) -> str:
    with pytest.raises(DomainError) as error:
        act(**options)
    return error.value.code


def test_a_silent_creator_is_told_to_account_managers_once():
    seller, manager, shop = make_team()
    for _ in range(2):
        write(shop, seller)
    assert reminders_escalate(at=NOON + 5 * DAY) == 0
    assert reminders_escalate(at=NOON + 6 * DAY) == 2
    assert reminders_escalate(at=NOON + 7 * DAY) == 0
    assert [one.to for one in mail.outbox] == [[manager.email]]
    assert mail.outbox[0].body.count("/outreach/conversations/") == 2


def test_a_follow_up_is_not_told_again_before_a_reply():
    seller, _manager, shop = make_team()
    message = write(shop, seller)
    reminders_escalate(at=NOON + 6 * DAY)
    write(shop, seller, message.conversation.creator, at=NOON + 7 * DAY)
    assert reminders_escalate(at=NOON + 20 * DAY) == 0
    answer(message, at=NOON + 21 * DAY)
    write(shop, seller, message.conversation.creator, at=NOON + 22 * DAY)
    assert reminders_escalate(at=NOON + 28 * DAY) == 1


def test_a_reply_or_a_shop_without_manager_tells_nobody():
    seller, _manager, shop = make_team()
    answer(write(shop, seller), at=NOON + DAY)
    other, other_shop = make_seller()
    write(other_shop, other)
    assert reminders_escalate(at=NOON + 30 * DAY) == 0
    assert mail.outbox == []


def test_one_conversation_is_escalated_by_hand():
    seller, manager, shop = make_team()
    conversation = write(shop, seller).conversation
    write(shop, seller)
    reminder = conversation_escalate(conversation=conversation, note="Festival starts.", by=seller, at=NOON)
    assert refused(conversation_escalate, conversation=conversation, by=seller, at=NOON) == "escalated_already"
    assert reminders_escalate(at=NOON, reminder_id=reminder.pk) == 1
    assert reminders_escalate(at=NOON, reminder_id=reminder.pk) == 0
    assert [one.to for one in mail.outbox] == [[manager.email]]
    assert "Festival starts." in mail.outbox[0].body


def test_escalation_needs_an_account_manager_and_a_member():
    seller, shop = make_seller()
    conversation = write(shop, seller).conversation
    assert refused(conversation_escalate, conversation=conversation, by=seller, at=NOON) == "no_account_manager"
    assert refused(conversation_escalate, conversation=conversation, by=make_user(), at=NOON) == "not_member"


def test_a_mail_server_that_is_away_loses_the_mail_and_nothing_else(settings):
    settings.EMAIL_BACKEND = "tests.campaigns.test_services_deliveries.Broken"
    seller, _manager, shop = make_team()
    write(shop, seller)
    assert reminders_escalate(at=NOON + 6 * DAY) == 1


def test_a_reminder_by_hand_is_added_and_finished():
    seller, shop = make_seller()
    conversation = write(shop, seller).conversation
    reminder = reminder_add(conversation=conversation, due_at=NOON + DAY, note="Ask again", by=seller, at=NOON)
    assert refused(reminder_add, conversation=conversation, due_at=NOON, by=seller, at=NOON) == "due_in_past"
    reminder_finish(reminder=reminder, by=seller, at=NOON + DAY)
    assert reminder_finish(reminder=reminder, by=seller, at=NOON + 2 * DAY).done_at == NOON + DAY
    assert refused(reminder_finish, reminder=Reminder.objects.first(), by=make_user(), at=NOON) == "not_member"

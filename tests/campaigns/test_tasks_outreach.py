import pytest
from django.core import mail

from campaigns.tasks.outreach import message_deliver_task, messages_wake_task, reminders_escalate_task
from tests.campaigns.outreach import mail_to, make_seller
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_tasks_send_wake_and_tell():
    seller, shop = make_seller()
    shop.members.add(make_user("account_manager"))
    message = mail_to(shop, seller)
    messages_wake_task()
    message_deliver_task(message.pk)
    assert len(mail.outbox) == 1
    reminders_escalate_task()
    assert len(mail.outbox) == 2
    reminders_escalate_task(message.reminders.get().pk)
    assert len(mail.outbox) == 2

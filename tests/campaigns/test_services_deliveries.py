"""Mails to creators: out at most once, whatever happens on the way."""

import os
import signal
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections

from campaigns.models import Conversation, Message, QuotaWeek, Reminder
from campaigns.services.deliveries import message_confirm, message_deliver, message_resend, messages_wake
from campaigns.services.do_not_contact import do_not_contact_add
from core.errors import DomainError
from tests.campaigns.outreach import DAY, mail_to, make_seller, put_into_tier, write
from tests.factories import make_creator, make_file, make_user
from tests.plans import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=30)


class Broken(EmailBackend):
    """A server that fails as it is told."""

    error: BaseException = OSError()

    def send_messages(self, messages):
        raise self.error


class Taken(EmailBackend):
    """A server that takes the mail; the worker dies before it hears so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


class Deadly(BaseEmailBackend):
    """Writes each mail to a file, then kills its own process."""

    path = ""

    def send_messages(self, messages):
        with open(self.path, "a", encoding="utf-8") as file:
            file.writelines(f"{one.to[0]}\n" for one in messages)
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    return Broken


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def cut_off(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state="sending", sending_at=NOON)


def test_a_mail_says_who_writes_and_where_answers_go(settings):
    settings.INBOUND_ADDRESS = "reply@desk.example"
    seller, shop = make_seller(name="Lumen Skin")
    message = mail_to(shop, seller, body="Hello @amy")

    assert message_deliver(message_id=message.pk, at=LATER)

    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == (["lantern@example.com"], "Barrier serum", "Hello @amy")
    assert "Lumen Skin" in sent.from_email
    assert sent.extra_headers["Message-ID"] == message.mail_id
    assert sent.reply_to[0].startswith(f"reply+{message.conversation_id}-")
    assert (fresh(message).state, fresh(message).at) == ("sent", LATER)


def test_without_a_mail_in_address_the_writer_gets_the_answer():
    seller, shop = make_seller()
    message_deliver(message_id=mail_to(shop, seller).pk, at=LATER)
    assert mail.outbox[0].reply_to == [seller.email]


def test_a_second_mail_continues_the_thread_with_its_files():
    seller, shop = make_seller()
    creator = make_creator()
    first = mail_to(shop, seller, creator)
    second = mail_to(shop, seller, creator, files=[make_file(seller)])
    message_deliver(message_id=second.pk, at=LATER)
    assert mail.outbox[0].extra_headers["In-Reply-To"] == first.mail_id
    assert mail.outbox[0].attachments[0][0] == "list.csv"


def test_a_mail_goes_out_once():
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    assert message_deliver(message_id=message.pk, at=LATER)
    assert not message_deliver(message_id=message.pk, at=LATER)
    assert len(mail.outbox) == 1


def test_waiting_mails_are_asked_for_and_chat_is_not():
    seller, shop = make_seller()
    mail_to(shop, seller)
    write(shop, seller)
    assert messages_wake() == 1


def test_a_worker_that_dies_behind_the_server_sends_nothing_twice(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Taken"
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    with pytest.raises(KeyboardInterrupt):
        message_deliver(message_id=message.pk, at=NOON)
    assert fresh(message).state == "sending"
    assert messages_wake() == 0
    assert not message_deliver(message_id=message.pk, at=LATER)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_sends_nothing_twice(settings, tmp_path):
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    settings.EMAIL_BACKEND = f"{__name__}.Deadly"
    Deadly.path = str(tmp_path / "mails")
    # The child must not share the parent's connection.
    connections.close_all()
    child = os.fork()
    if child == 0:
        message_deliver(message_id=message.pk, at=NOON)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    assert fresh(message).state == "sending"
    assert messages_wake() == 0
    assert not message_deliver(message_id=message.pk, at=LATER)
    assert (tmp_path / "mails").read_text() == "lantern@example.com\n"
    assert message_confirm(message=fresh(message), by=seller, at=LATER).state == "sent"


def test_a_refused_mail_failed_and_counts_no_more(broken):
    broken.error = SMTPRecipientsRefused({"lantern@example.com": (550, b"no such mailbox")})
    seller, shop = make_seller()
    message = mail_to(shop, seller)

    assert not message_deliver(message_id=message.pk, at=LATER)

    assert fresh(message).state == "failed"
    assert "no such mailbox" in fresh(message).error
    conversation = Conversation.objects.get()
    counted = (conversation.first_out_at, conversation.last_out_at, conversation.unanswered)
    assert counted == (None, None, 0)
    assert QuotaWeek.objects.get().used == 0
    assert Reminder.objects.get().done_at == LATER


def test_a_failed_mail_leaves_what_else_was_written_counted(broken):
    broken.error = ConnectionRefusedError()
    seller, shop = make_seller()
    creator = make_creator()
    write(shop, seller, creator)
    message_deliver(message_id=mail_to(shop, seller, creator, at=NOON + DAY).pk, at=NOON + DAY)
    conversation = Conversation.objects.get()
    assert (conversation.last_out_at, conversation.unanswered, QuotaWeek.objects.get().used) == (NOON, 1, 1)


def test_a_silent_server_leaves_it_unsure(broken):
    broken.error = TimeoutError("timed out")
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    assert not message_deliver(message_id=message.pk, at=LATER)
    assert fresh(message).state == "sending"


def test_an_unsure_mail_is_confirmed_or_sent_again():
    seller, shop = make_seller()
    first, second = mail_to(shop, seller), mail_to(shop, seller)
    cut_off(first)
    cut_off(second)
    assert message_confirm(message=fresh(first), by=seller, at=LATER).at == NOON
    assert message_resend(message=fresh(second), by=seller, at=LATER).state == "waiting"
    assert message_deliver(message_id=second.pk, at=LATER)
    assert QuotaWeek.objects.get().used == 2


def test_a_failed_mail_counts_again_when_it_is_sent_again(broken):
    broken.error = ConnectionRefusedError()
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=1)
    message = mail_to(shop, seller)
    message_deliver(message_id=message.pk, at=NOON)
    other = write(shop, seller)
    with pytest.raises(DomainError) as error:
        message_resend(message=fresh(message), by=seller, at=LATER)
    assert error.value.code == "quota_used"
    next_week = NOON + 7 * DAY
    message_resend(message=fresh(message), by=seller, at=next_week)
    assert (fresh(message).state, fresh(message).created_at) == ("waiting", next_week)
    assert [week.used for week in QuotaWeek.objects.order_by("starts_on")] == [1, 1]
    assert other.conversation_id != message.conversation_id


@pytest.mark.parametrize("act", [message_confirm, message_resend])
def test_a_mail_that_is_going_out_just_now_is_left_alone(act):
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    cut_off(message)
    with pytest.raises(DomainError) as error:
        act(message=fresh(message), by=seller, at=NOON + timedelta(minutes=4))
    assert error.value.code == "message_not_unsure"


def test_a_message_that_was_settled_meanwhile_is_not_sent_again():
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    message.state = "failed"
    with pytest.raises(DomainError) as error:
        message_resend(message=message, by=seller, at=LATER)
    assert error.value.code == "message_not_unsure"


def test_strangers_settle_nothing():
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    cut_off(message)
    for act in (message_confirm, message_resend):
        with pytest.raises(DomainError) as error:
            act(message=fresh(message), by=make_user(), at=LATER)
        assert error.value.code == "not_member"


def test_who_asks_for_no_contact_meanwhile_gets_no_mail():
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    creator = message.conversation.creator
    do_not_contact_add(creator=creator, shop=shop, reason="Asked us to stop.", by=seller, at=NOON)
    assert not message_deliver(message_id=message.pk, at=LATER)
    assert (fresh(message).state, mail.outbox, QuotaWeek.objects.get().used) == ("failed", [], 0)
    assert "Asked us to stop." in fresh(message).error

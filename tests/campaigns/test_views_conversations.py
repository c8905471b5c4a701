"""Pages of conversations, as seller, reader and stranger."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Conversation, Message, Reminder
from tests.campaigns.outreach import answer, mail_to, make_seller, write
from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.plans import make_collaboration

pytestmark = pytest.mark.django_db
LIST = "/outreach/conversations/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def text(response) -> str:
    return response.content.decode()


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def team():
    return make_seller()


def ago(**past):
    return timezone.now() - timedelta(**past)


def test_the_list_holds_what_the_person_sees(client, team):
    seller, shop = team
    write(shop, seller, make_creator("brass_lantern"), at=ago(days=2))
    other, other_shop = make_seller()
    write(other_shop, other, make_creator("tin_lantern"))
    page = text(sign_in(client, seller).get(LIST))
    assert "@brass_lantern" in page
    assert "2 days" in page
    assert "@tin_lantern" not in page


def test_an_empty_list_says_how_to_begin(client):
    assert "Nobody was written to yet" in text(sign_in(client, make_user()).get(LIST))


def test_tabs_part_what_waits_from_what_is_to_answer(client, team):
    seller, shop = team
    write(shop, seller, make_creator("waiting_one"), at=ago(days=4))
    answer(write(shop, seller, make_creator("answered_one"), at=ago(days=2)), at=ago(days=1))
    failed = mail_to(shop, seller, make_creator("failed_one"), at=ago(hours=1))
    Message.objects.filter(pk=failed.pk).update(state="failed", error="no such mailbox")
    sign_in(client, seller)
    shown = {
        tab: {
            handle
            for handle in ("waiting_one", "answered_one", "failed_one")
            if f"@{handle}" in text(client.get(LIST, {"tab": tab}))
        }
        for tab in ("all", "answer", "waiting", "due", "trouble")
    }
    assert shown["all"] == {"waiting_one", "answered_one", "failed_one"}
    assert shown["answer"] == {"answered_one"}
    assert shown["waiting"] == {"waiting_one", "failed_one"}
    assert shown["due"] == {"waiting_one"}
    assert shown["trouble"] == {"failed_one"}


def test_the_list_finds_words_handles_writers_and_the_silent(client, team):
    seller, shop = team
    write(shop, seller, make_creator("brass_lantern"), body="The Barrier serum 50%", at=ago(days=8))
    write(shop, seller, make_creator("tin_lantern"), body="Oat milk 补水", at=ago(days=1))
    sign_in(client, seller)

    def found(**query) -> list[str]:
        page = text(client.get(LIST, query))
        return [handle for handle in ("brass_lantern", "tin_lantern") if f"@{handle}" in page]

    assert found(q="barrier SERUM") == ["brass_lantern"]
    assert found(q="50%") == ["brass_lantern"]
    assert found(q="补水") == ["tin_lantern"]
    assert found(q="@TIN") == ["tin_lantern"]
    assert found(q=".*") == []
    assert found(days="7") == ["brass_lantern"]
    assert found(by=seller.pk, shop=shop.pk) == ["brass_lantern", "tin_lantern"]
    assert "No conversation fits this choice" in text(client.get(LIST, {"q": "nothing"}))


def test_a_conversation_shows_messages_limits_and_collaborations(client):
    accepted = make_collaboration(state="invited")
    write(accepted.shop, accepted.owner, accepted.creator, body="Hello there", at=timezone.now())
    page = text(sign_in(client, accepted.owner).get(Conversation.objects.get().get_absolute_url()))
    for part in ("Hello there", "1 of 5 messages", str(accepted.plan), "Mark"[:4].lower()):
        assert part in page
    assert str(accepted.owner) in page


def test_a_mail_is_sent_from_the_page_with_variables_and_files(client, team):
    seller, shop = team
    conversation = write(shop, seller, make_creator("brass_lantern"), at=ago(days=1)).conversation
    form = {
        "channel": "mail",
        "address": "lantern@example.com",
        "subject": "For {creator}",
        "body": "Hi {creator}, {shop} here",
        "evidence": SimpleUploadedFile("one.png", PNG),
    }
    url = reverse("message_create", args=[conversation.pk])
    response = sign_in(client, seller).post(url, form, follow=True)
    assert messages(response) == ["The mail is on its way."]
    message = Message.objects.get(channel="mail")
    assert (message.subject, message.body) == ("For @brass_lantern", f"Hi @brass_lantern, {shop} here")
    assert message.files.count() == 1
    download = client.get(reverse("message_file", args=[message.files.get().pk]))
    assert b"".join(download.streaming_content) == PNG
    assert download["Content-Security-Policy"] == "sandbox"


def test_what_is_refused_stands_in_the_form(client, team):
    seller, shop = team
    conversation = write(shop, seller, at=ago(days=1)).conversation
    url = reverse("message_create", args=[conversation.pk])
    sign_in(client, seller)
    response = client.post(url, {"channel": "mail", "subject": "Hi", "body": "Hello"})
    assert response.status_code == 422
    assert "No e-mail address is known." in response.context["message_form"].errors["address"][0]
    response = client.post(url, {"channel": "chat", "body": "Join {plan}"})
    assert "{plan}" in response.context["message_form"].errors["body"][0]


def test_the_limit_of_five_is_said_before_one_writes(client, team):
    seller, shop = team
    creator = make_creator()
    for hours in range(5, 0, -1):
        message = write(shop, seller, creator, at=ago(hours=hours))
    page = sign_in(client, seller).get(message.conversation.get_absolute_url())
    assert "5 messages without a reply" in text(page)
    response = client.post(reverse("message_create", args=[message.conversation_id]), {"channel": "chat", "body": "Hi"})
    assert response.status_code == 422
    assert "wait for one" in text(response)


def test_a_reply_is_filed_from_the_page(client, team):
    seller, shop = team
    conversation = write(shop, seller, at=ago(days=1)).conversation
    when = timezone.localtime(ago(hours=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"body": "Yes, please", "channel": "chat", "received_at": when}
    response = sign_in(client, seller).post(reverse("reply_log", args=[conversation.pk]), form, follow=True)
    assert messages(response) == ["Reply filed. The creator counts as connected."]
    assert "Yes, please" in text(response)
    conversation.refresh_from_db()
    assert conversation.unanswered == 0


def test_reminders_are_added_done_and_escalated(client):
    seller, manager = make_user(), make_user("account_manager")
    shop = make_shop([seller, manager])
    conversation = write(shop, seller, at=ago(days=1)).conversation
    sign_in(client, seller)
    day = timezone.localdate() + timedelta(days=2)
    response = client.post(
        reverse("reminder_create", args=[conversation.pk]),
        {"due_on": day.isoformat(), "note": "Ask again"},
        follow=True,
    )
    assert messages(response) == ["You will be reminded."]
    reminder = Reminder.objects.get(note="Ask again")
    assert timezone.localtime(reminder.due_at).hour == 9
    client.post(reverse("reminder_finish", args=[reminder.pk]))
    reminder.refresh_from_db()
    assert reminder.done_at is not None
    url = reverse("conversation_escalate", args=[conversation.pk])
    assert "told by mail" in messages(client.post(url, {"note": ""}, follow=True))[-1]
    assert client.post(url, {"note": ""}).status_code == 422
    yesterday = timezone.localdate() - timedelta(days=1)
    response = client.post(reverse("reminder_create", args=[conversation.pk]), {"due_on": yesterday.isoformat()})
    assert response.context["reminder_form"].errors["due_on"] == ["Choose a day after today."]


def test_an_unsure_mail_is_settled_on_the_page(client, team):
    seller, shop = team
    first, second = mail_to(shop, seller, at=ago(days=1)), mail_to(shop, seller, at=ago(days=1))
    Message.objects.update(state="sending", sending_at=ago(hours=2))
    page = text(sign_in(client, seller).get(first.conversation.get_absolute_url()))
    assert "Unsure whether it went" in page
    response = client.post(reverse("message_confirm", args=[first.pk]), follow=True)
    assert messages(response) == ["Noted: the mail was sent."]
    response = client.post(reverse("message_resend", args=[second.pk]), follow=True)
    assert messages(response) == ["The mail is on its way again."]
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "waiting"]


def test_a_reader_sees_no_buttons(client, team):
    _seller, shop = team
    viewer = make_user("viewer")
    shop.members.add(viewer)
    message = write(shop, _seller, at=ago(days=1))
    page = text(sign_in(client, viewer).get(message.conversation.get_absolute_url()))
    assert reverse("message_create", args=[message.conversation_id]) not in page
    assert reverse("reminder_finish", args=[Reminder.objects.get().pk]) not in page


def test_the_section_of_a_collaboration_offers_the_invitation():
    from django.template.loader import render_to_string

    from campaigns.selectors.sections.messages import section_of

    seated = make_collaboration()
    found = section_of(seated, seated.owner, timezone.now())
    page = render_to_string("campaigns/section_messages.html", found | {"collaboration": seated})
    assert f"?collaborations={seated.pk}" in page
    assert "Nobody wrote to this creator" in page
    write(seated.shop, seated.owner, seated.creator, body="Hello there", at=ago(days=1))
    found = section_of(seated, seated.owner, timezone.now())
    assert "Hello there" in render_to_string("campaigns/section_messages.html", found | {"collaboration": seated})

"""Writing to one or many creators from one page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Message
from campaigns.services.templates import template_save
from creators.models import CreatorContact
from tests.campaigns.outreach import make_seller, put_into_tier, write
from tests.factories import make_creator, make_user, sign_in
from tests.plans import NOON, make_collaboration, make_creators, make_plan, seat_all

pytestmark = pytest.mark.django_db
COMPOSE = "/outreach/compose/"


def text(response) -> str:
    return response.content.decode()


def give_address(collaboration) -> None:
    CreatorContact.objects.create(
        creator=collaboration.creator,
        shop=collaboration.shop,
        kind="email",
        value=f"{collaboration.creator.handle}@example.com",
        added_at=NOON,
    )


@pytest.fixture
def plan():
    return make_plan(message="Hello {creator}, {commission} of {products} until {ends_on}", rate="12.50")


def make_template(plan, language="en", body="Hi {creator} of {plan}", **options):
    values = {"name": "First contact", "stage": "invitation", "subject": "For {creator}"} | options
    return template_save(shop=plan.shop, language=language, body=body, by=plan.owner, at=NOON, **values)


def send(client, plan, collaborations, **options):
    form = {"text": "plan", "stage": "invitation", "channel": "mail", "subject": "", "body": "", "do": "send"}
    form["pick"] = [one.creator_id for one in collaborations]
    return client.post(f"{COMPOSE}?plan={plan.pk}", form | options, follow=True)


def test_the_invitation_of_the_plan_is_filled_for_each(client, plan):
    first, second = seat_all(plan, [make_creator("brass_lantern"), make_creator("tin_lantern")])
    give_address(first)
    page = text(sign_in(client, plan.owner).get(COMPOSE, {"plan": plan.pk}))
    title = plan.plan_products.get().product.title
    assert f"Hello @brass_lantern, 12.5% of {title} until 14 Dec 2026" in page
    assert "brass_lantern@example.com" in page
    assert "No e-mail address is known." in page
    assert "1 of 2 can be sent" in page
    assert second.state == "seated"


def test_templates_come_in_the_creators_language_else_in_english(client, plan):
    make_template(plan)
    make_template(plan, "vi", "Chào {creator}")
    seated = seat_all(plan, [make_creator("lan", language="vi"), make_creator("somchai", language="th")])
    page = text(sign_in(client, plan.owner).get(COMPOSE, {"plan": plan.pk}))
    assert "Chào @lan" in page
    assert f"Hi @somchai of {plan}" in page
    assert "no text in th" in page
    assert len(seated) == 2


def test_a_template_without_a_fitting_text_blocks(client, plan):
    make_template(plan, "vi", "Chào {creator}")
    seat_all(plan, [make_creator(language="th")])
    assert "none in English" in text(sign_in(client, plan.owner).get(COMPOSE, {"plan": plan.pk}))


def test_28_are_sent_and_2_are_blocked_with_their_reasons(client, plan):
    seated = seat_all(plan, make_creators(30))
    for one in seated[:28]:
        give_address(one)
    response = send(sign_in(client, plan.owner), plan, seated)
    page = text(response)
    assert response.status_code == 422
    assert "28 mails are on their way. 2 were not sent." in page
    assert page.count("No e-mail address is known.") == 2
    assert seated[0].creator.handle not in page
    assert plan.collaborations.filter(state="invited").count() == 28
    # Sending the same page again sends nothing twice.
    send(client, plan, seated)
    assert Message.objects.count() == 28


def test_who_could_not_be_ticked_is_told_as_blocked(client, plan):
    first, second = seat_all(plan, make_creators(2))
    give_address(first)
    page = text(send(sign_in(client, plan.owner), plan, [first]))
    assert "1 mail is on its way. 1 was not sent." in page
    assert f"@{second.creator.handle}" in page
    assert f"@{first.creator.handle}" not in page


def test_the_quota_stops_a_bulk_invitation_where_it_ends(client, plan):
    put_into_tier(plan.shop, weekly_limit=2)
    seated = seat_all(plan, make_creators(3))
    sign_in(client, plan.owner)
    assert "2 of 3 can be sent" in text(
        client.post(
            f"{COMPOSE}?plan={plan.pk}", {"text": "plan", "stage": "invitation", "channel": "chat", "do": "preview"}
        )
    )
    page = text(send(client, plan, seated, channel="chat"))
    assert "2 marked as sent. 1 was not sent." in page
    assert "2 of 2 new creators used" in page


def test_who_is_not_ticked_gets_nothing(client, plan):
    seated = seat_all(plan, make_creators(2))
    sign_in(client, plan.owner)
    page = text(send(client, plan, [], channel="chat"))
    assert "Nobody was chosen" in page
    assert not Message.objects.exists()
    assert len(seated) == 2


def test_one_creator_is_written_to_in_ones_own_words(client):
    seller, shop = make_seller()
    creator = make_creator("brass_lantern")
    url = f"{COMPOSE}?creator={creator.pk}&shop={shop.pk}"
    sign_in(client, seller)
    assert "Write a text, then look at the preview" in text(client.get(url))
    form = {"text": "own", "stage": "other", "channel": "chat", "body": "Hi {creator}", "do": "preview"}
    assert "Hi @brass_lantern" in text(client.post(url, form))
    form |= {"do": "send", "pick": [creator.pk]}
    response = client.post(url, form)
    message = Message.objects.get()
    assert response.url == message.conversation.get_absolute_url()
    assert (message.body, message.state) == ("Hi @brass_lantern", "sent")


def test_unknown_and_empty_variables_are_named(client):
    seller, shop = make_seller()
    url = f"{COMPOSE}?creator={make_creator().pk}&shop={shop.pk}"
    form = {"text": "own", "stage": "other", "channel": "chat", "body": "Hi {nickname}", "do": "preview"}
    sign_in(client, seller)
    assert "Nothing fills {nickname}." in text(client.post(url, form))
    assert "Nothing fills {plan} here" in text(client.post(url, form | {"body": "Join {plan}"}))
    client.post(url, form | {"body": "Join {plan}", "do": "send"})
    assert not Message.objects.exists()


def test_a_reminder_is_offered_to_who_is_invited(client, plan):
    collaboration = make_collaboration(plan, state="invited")
    make_template(plan, stage="reminder", name="Ask again", body="Hi again")
    page = text(sign_in(client, plan.owner).get(COMPOSE, {"collaborations": collaboration.pk}))
    assert "Hi again" in page


def test_one_shop_at_a_time_and_not_too_many(client, monkeypatch):
    admin = make_user("admin")
    first, second = make_collaboration(), make_collaboration()
    sign_in(client, admin)
    both = f"{first.pk},{second.pk}"
    assert "one shop at a time" in text(client.get(COMPOSE, {"collaborations": both}))
    monkeypatch.setattr("campaigns.views.compose.SEND_MAX", 1)
    assert client.get(COMPOSE, {"collaborations": both}).status_code == 400
    plan = make_plan()
    seat_all(plan, make_creators(2))
    assert "at most 1 creators" in text(client.get(COMPOSE, {"plan": plan.pk}))
    assert {"several_shops", "too_many_chosen", "no_shop"}


def test_who_works_for_no_shop_is_told_so(client):
    response = sign_in(client, make_user()).get(COMPOSE, {"creator": make_creator().pk})
    assert response.status_code == 400
    assert "You work for no shop yet" in text(response)


def test_others_collaborations_shops_and_plans_are_not_there(client, plan):
    collaboration = make_collaboration(plan)
    sign_in(client, make_seller()[0])
    assert client.get(COMPOSE, {"collaborations": collaboration.pk}).status_code == 400
    assert client.get(COMPOSE, {"plan": plan.pk}).status_code == 404
    query = {"creator": collaboration.creator_id, "shop": plan.shop_id}
    assert client.get(COMPOSE, query).status_code == 404
    assert client.get(COMPOSE, {"creator": "x"}).status_code == 404


def test_a_creator_who_wrote_first_gets_a_conversation(client):
    seller, shop = make_seller()
    creator = make_creator()
    response = sign_in(client, seller).post(
        reverse("conversation_open"), {"creator": creator.pk, "shop": shop.pk}, follow=True
    )
    assert "No message yet." in text(response)
    assert response.context["conversation"].creator == creator


def test_a_creator_who_was_written_to_before_goes_on(client):
    seller, shop = make_seller()
    creator = make_creator()
    write(shop, seller, creator, at=timezone.now())
    url = reverse("message_compose") + f"?creator={creator.pk}&shop={shop.pk}"
    assert sign_in(client, seller).get(url).status_code == 200

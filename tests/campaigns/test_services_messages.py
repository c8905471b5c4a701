"""What is refused, counted and moved when a creator is written to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Conversation, QuotaWeek, Reminder
from campaigns.services.do_not_contact import do_not_contact_add
from campaigns.services.quota import week_hold
from core.errors import DomainError
from creators.models import Person
from tests.campaigns.outreach import DAY, answer, mail_to, make_seller, put_into_tier, write
from tests.factories import make_creator, make_file, make_user
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db


def refused(act, *args, **options) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **options)
    return error.value.code


def conversation_of(message) -> Conversation:
    return Conversation.objects.get(pk=message.conversation_id)


def test_a_mail_waits_and_a_chat_message_is_sent():
    seller, shop = make_seller()
    mail, chat = mail_to(shop, seller), write(shop, seller)
    assert (mail.state, mail.at, mail.mail_id.startswith("<")) == ("waiting", None, True)
    assert (chat.state, chat.at, chat.mail_id) == ("sent", NOON, "")


def test_a_message_opens_the_conversation_and_reminds_its_writer():
    seller, shop = make_seller()
    message = write(shop, seller)
    conversation = conversation_of(message)
    moments = (conversation.first_out_at, conversation.last_out_at, conversation.unanswered)
    assert moments == (NOON, NOON, 1)
    reminder = Reminder.objects.get()
    assert (reminder.for_user, reminder.message, reminder.due_at) == (seller, message, NOON + 3 * DAY)


def test_the_next_message_takes_the_place_of_the_reminder():
    seller, shop = make_seller()
    creator = make_creator()
    write(shop, seller, creator)
    write(shop, seller, creator, at=NOON + DAY)
    assert [one.done_at for one in Reminder.objects.order_by("pk")] == [NOON + DAY, None]


def test_files_go_along_and_are_kept():
    seller, shop = make_seller()
    file = make_file(seller)
    file.expires_at = timezone.now()
    file.save()
    message = mail_to(shop, seller, files=[file])
    file.refresh_from_db()
    assert (message.files.get().file, file.expires_at) == (file, None)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"channel": "pigeon"}, "channel_unknown"),
        ({"body": "  "}, "body_missing"),
        ({"body": "Join {plan}"}, "variable_left"),
        ({"channel": "mail", "subject": "Hi", "address": ""}, "address_missing"),
        ({"channel": "mail", "subject": "", "address": "a@example.com"}, "subject_missing"),
    ],
)
def test_texts_that_are_refused(options, code):
    seller, shop = make_seller()
    assert refused(write, shop, seller, **options) == code


def test_only_members_write_and_only_for_open_shops():
    seller, shop = make_seller()
    assert refused(write, shop, make_user()) == "not_member"
    shop.is_active = False
    shop.save()
    assert refused(write, shop, seller) == "shop_closed"


def test_a_second_click_sends_nothing_twice():
    seller, shop = make_seller()
    creator = make_creator()
    write(shop, seller, creator, body="Hello")
    assert refused(write, shop, seller, creator, body="Hello ", at=NOON + timedelta(minutes=9)) == "message_repeated"
    write(shop, seller, creator, body="Hello", at=NOON + timedelta(minutes=10))
    assert conversation_of(Reminder.objects.first()).unanswered == 2


# --- Invitations


def test_an_invitation_moves_its_collaboration():
    collaboration = make_collaboration()
    options = {"creator": collaboration.creator, "collaboration": collaboration, "stage": "invitation"}
    message = mail_to(collaboration.shop, collaboration.owner, **options)
    collaboration.refresh_from_db()
    assert (collaboration.state, collaboration.invited_at) == ("invited", NOON)
    assert message.collaboration == collaboration
    assert list(collaboration.moves.values_list("to_state", flat=True)) == ["seated", "invited"]


def test_another_message_moves_nothing():
    collaboration = make_collaboration()
    write(collaboration.shop, collaboration.owner, collaboration.creator, collaboration=collaboration, stage="other")
    collaboration.refresh_from_db()
    assert collaboration.state == "seated"


def test_a_refused_invitation_moves_nothing():
    collaboration = make_collaboration()
    put_into_tier(collaboration.shop, weekly_limit=0)
    options = {"collaboration": collaboration, "stage": "invitation"}
    assert refused(write, collaboration.shop, collaboration.owner, collaboration.creator, **options) == "quota_used"
    collaboration.refresh_from_db()
    assert collaboration.state == "seated"


def test_nobody_is_invited_twice_or_into_a_plan_that_does_not_run():
    invited = make_collaboration(state="invited")
    options = {"creator": invited.creator, "collaboration": invited, "stage": "invitation"}
    assert refused(write, invited.shop, invited.owner, **options) == "already_invited"
    draft = make_collaboration(make_plan(state="draft"))
    options = {"creator": draft.creator, "collaboration": draft, "stage": "invitation"}
    assert refused(write, draft.shop, draft.owner, **options) == "plan_not_running"


def test_who_was_blacklisted_since_is_not_invited():
    from violations.services.blacklist import blacklist_add

    seated = make_collaboration()
    blacklist_add(creator=seated.creator, shop=seated.shop, reason="Rude.", by=seated.owner, at=timezone.now())
    options = {"creator": seated.creator, "collaboration": seated, "stage": "invitation", "at": timezone.now()}
    assert refused(write, seated.shop, seated.owner, **options) == "creator_barred"


def test_a_collaboration_of_somebody_else_is_refused():
    seated = make_collaboration()
    assert refused(write, seated.shop, seated.owner, make_creator(), collaboration=seated) == "wrong_collaboration"


# --- The week's quota


def test_the_quota_counts_distinct_creators_on_sending():
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=2)
    first = make_creator()
    write(shop, seller, first)
    write(shop, seller, first, at=NOON + DAY)
    mail_to(shop, seller)
    assert QuotaWeek.objects.get().used == 2
    assert refused(write, shop, seller) == "quota_used"
    assert QuotaWeek.objects.get().used == 2


def test_a_new_week_begins_on_sunday_in_the_shops_time():
    seller, shop = make_seller(time_zone="Asia/Ho_Chi_Minh")
    put_into_tier(shop, weekly_limit=1)
    write(shop, seller)
    sunday = NOON.replace(day=28, hour=17)
    assert refused(write, shop, seller, at=sunday - timedelta(minutes=1)) == "quota_used"
    write(shop, seller, at=sunday)


def test_connected_creators_are_exempt():
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=1)
    message = write(shop, seller)
    answer(message, at=NOON + DAY)
    write(shop, seller, message.conversation.creator, at=NOON + 8 * DAY)
    assert QuotaWeek.objects.order_by("starts_on").last().used == 0


def test_an_empty_limit_is_unmetered():
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=None)
    for _ in range(3):
        write(shop, seller)
    assert (QuotaWeek.objects.get().used, QuotaWeek.objects.get().weekly_limit) == (3, None)


def test_a_lowered_limit_takes_nobody_out():
    seller, shop = make_seller()
    settings = put_into_tier(shop, weekly_limit=None)
    for _ in range(3):
        write(shop, seller)
    settings.tier.weekly_limit = 1
    settings.tier.save()
    assert refused(write, shop, seller) == "quota_used"
    assert (week_hold(shop=shop, at=NOON).used, week_hold(shop=shop, at=NOON).weekly_limit) == (3, 3)


def test_a_tier_limits_the_followers():
    seller, shop = make_seller()
    put_into_tier(shop, max_followers=20_000)
    assert refused(write, shop, seller, make_creator(followers=20_000)) == "too_many_followers"
    write(shop, seller, make_creator(followers=19_999))


# --- Five messages before a reply


def test_the_sixth_message_waits_for_a_reply():
    seller, shop = make_seller()
    creator = make_creator()
    for number in range(5):
        message = write(shop, seller, creator, at=NOON + number * DAY)
    assert refused(write, shop, seller, creator, at=NOON + 5 * DAY) == "five_unanswered"
    answer(message, at=NOON + 6 * DAY)
    write(shop, seller, creator, at=NOON + 7 * DAY)
    assert conversation_of(message).unanswered == 1


def test_accepted_collaborations_are_exempt_from_the_five():
    accepted = make_collaboration(state="accepted")
    for number in range(7):
        message = write(accepted.shop, accepted.owner, accepted.creator, at=NOON + number * DAY)
    assert conversation_of(message).unanswered == 7


# --- Cool-down


def test_a_contact_of_another_shop_cools_down_and_names_nobody():
    seller, shop = make_seller()
    other, other_shop = make_seller(name="Rival of ours")
    creator = make_creator()
    write(other_shop, other, creator)
    with pytest.raises(DomainError) as error:
        write(shop, seller, creator, at=NOON + 13 * DAY)
    assert error.value.code == "contacted_recently"
    assert "Contacted recently" in str(error.value)
    assert "Rival" not in str(error.value)
    assert str(other) not in str(error.value)
    write(shop, seller, creator, at=NOON + 14 * DAY)


def test_a_reply_to_the_other_shop_ends_the_cool_down():
    seller, shop = make_seller()
    other, other_shop = make_seller()
    message = write(other_shop, other)
    answer(message, at=NOON + DAY)
    write(shop, seller, message.conversation.creator, at=NOON + 2 * DAY)


def test_ones_own_follow_up_is_no_new_contact():
    seller, shop = make_seller()
    creator = make_creator()
    write(shop, seller, creator)
    write(shop, seller, creator, at=NOON + DAY)


def test_who_is_connected_is_written_to_whatever_others_do():
    seller, shop = make_seller()
    other, other_shop = make_seller()
    message = write(shop, seller)
    answer(message, at=NOON + DAY)
    write(other_shop, other, message.conversation.creator, at=NOON + 2 * DAY)
    write(shop, seller, message.conversation.creator, at=NOON + 3 * DAY)


# --- Do not contact


def test_who_wants_no_contact_gets_none_on_any_account():
    seller, shop = make_seller()
    person = Person.objects.create(created_by=seller, created_at=NOON)
    first, second = make_creator(person=person), make_creator(person=person)
    do_not_contact_add(creator=first, shop=shop, reason="Asked us to stop.", by=seller, at=NOON)
    assert refused(write, shop, seller, first) == refused(write, shop, seller, second) == "do_not_contact"
    other, other_shop = make_seller()
    write(other_shop, other, second)


def test_the_organisations_list_holds_for_every_shop():
    seller, shop = make_seller()
    creator = make_creator()
    manager = make_user("account_manager")
    do_not_contact_add(creator=creator, shop=None, reason="Asked us to stop.", by=manager, at=NOON)
    assert refused(write, shop, seller, creator) == "do_not_contact"

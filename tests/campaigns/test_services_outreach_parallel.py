"""Many who write at the same instant, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from campaigns.models import Conversation, Message, QuotaWeek
from campaigns.services.deliveries import message_deliver
from core.errors import DomainError
from tests.campaigns.outreach import mail_to, make_seller, put_into_tier, write
from tests.factories import make_creator
from tests.plans import NOON, make_plan, seat_all

pytestmark = pytest.mark.django_db(transaction=True)


def together(calls: Sequence[Callable[[], object]]) -> list[object]:
    """What each call returns, or the code of its refusal; all begin at once."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=30)
            return call()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_parallel_invitations_never_exceed_the_quota():
    plan = make_plan()
    put_into_tier(plan.shop, weekly_limit=5)
    seated = seat_all(plan, [make_creator() for _ in range(12)])
    found = together(
        [
            lambda one=one, number=number: write(
                plan.shop, plan.owner, one.creator, collaboration=one, stage="invitation", body=f"Hello {number}"
            )
            for number, one in enumerate(seated)
        ]
    )
    assert found.count("quota_used") == 7
    assert (QuotaWeek.objects.get().used, Message.objects.count()) == (5, 5)
    assert sorted(plan.collaborations.values_list("state", flat=True)).count("invited") == 5


def test_parallel_messages_to_one_creator_stop_at_five():
    seller, shop = make_seller()
    creator = make_creator()
    found = together(
        [lambda number=number: write(shop, seller, creator, body=f"Hello {number}") for number in range(9)]
    )
    assert found.count("five_unanswered") == 4
    assert (Conversation.objects.get().unanswered, QuotaWeek.objects.get().used) == (5, 1)


def test_two_shops_at_one_instant_reach_a_creator_once():
    sellers = [make_seller() for _ in range(4)]
    creator = make_creator()
    found = together([lambda seller=seller, shop=shop: write(shop, seller, creator) for seller, shop in sellers])
    assert found.count("contacted_recently") == 3
    assert Message.objects.count() == 1


def test_workers_at_one_mail_send_it_once():
    seller, shop = make_seller()
    message = mail_to(shop, seller)
    found = together([lambda: message_deliver(message_id=message.pk, at=NOON) for _ in range(6)])
    assert found.count(True) == len(mail.outbox) == 1

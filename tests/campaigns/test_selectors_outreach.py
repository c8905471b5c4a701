"""Reply figures, last contacts, drafts: what lists and pages read."""

from datetime import timedelta

import pytest

from campaigns.selectors.conversations import last_contact_of, reminders_due
from campaigns.selectors.limits import blocks_of, quota_of
from campaigns.selectors.outreach import reply_stats_of_creators, reply_stats_of_shops
from tests.campaigns.outreach import DAY, answer, make_seller, put_into_tier, write
from tests.factories import make_creator, make_user
from tests.plans import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + 14 * DAY


def test_reply_figures_of_shops_and_creators():
    seller, shop = make_seller()
    _other, silent_shop = make_seller()
    first = write(shop, seller)
    answer(first, at=NOON + timedelta(hours=4))
    write(shop, seller)
    write(shop, seller, at=NOON + DAY)
    stats = reply_stats_of_shops([shop.pk, silent_shop.pk], at=LATER)
    figures = (stats[shop.pk].contacts, stats[shop.pk].replies, stats[shop.pk].median_hours)
    assert figures == (2, 1, 4.0)
    assert stats[silent_shop.pk].rate is None
    creator = first.conversation.creator_id
    assert reply_stats_of_creators([creator], at=LATER)[creator].rate == 1


def test_last_contacts_name_ones_own_shop_only():
    seller, shop = make_seller()
    other, other_shop = make_seller(name="Rival of ours")
    own, theirs, nobody = make_creator(), make_creator(), make_creator()
    write(shop, seller, own)
    write(other_shop, other, theirs)
    found = last_contact_of([own.pk, theirs.pk, nobody.pk], seller, NOON + DAY)
    assert (found[own.pk].at, found[own.pk].text) == (NOON, "by your shop")
    assert (found[theirs.pk].at, found[theirs.pk].text) == (None, "contacted recently")
    assert nobody.pk not in found
    assert theirs.pk not in last_contact_of([theirs.pk], seller, LATER)
    assert last_contact_of([theirs.pk], make_user("admin"), NOON + DAY)[theirs.pk].at == NOON


def test_blocks_take_as_many_queries_for_one_as_for_many(django_assert_num_queries):
    seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=1, max_followers=20_000)
    creators = [make_creator(followers=5) for _ in range(4)]
    write(shop, seller, creators[0])
    with django_assert_num_queries(9):
        found = blocks_of(shop, [one.pk for one in creators], at=NOON)
    assert {found[one.pk].code for one in creators[1:]} == {"quota_used"}
    assert creators[0].pk not in found


def test_a_quota_of_nought_is_full():
    _seller, shop = make_seller()
    put_into_tier(shop, weekly_limit=0)
    quota = quota_of(shop, at=NOON)
    assert (quota.left, quota.percent) == (0, 100)


def test_due_reminders_are_ones_own():
    seller, shop = make_seller()
    write(shop, seller)
    assert not reminders_due(seller, at=NOON + 2 * DAY)
    assert reminders_due(seller, at=NOON + 3 * DAY).count() == 1
    assert not reminders_due(make_user("admin"), at=NOON + 3 * DAY)

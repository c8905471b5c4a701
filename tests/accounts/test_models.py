import pytest
from django.db import IntegrityError

from accounts.models import ApiToken, Invitation, Membership, Shop, User
from accounts.states import Permission
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db


def test_a_closed_account_holds_no_permission():
    assert make_user("admin").can(Permission.USER_MANAGE)
    assert not make_user("admin", is_active=False).can(Permission.USER_MANAGE)


def test_names_in_words():
    user, shop = User(email="a@example.com"), Shop(name="Lumi")
    assert str(user) == "a@example.com"
    assert str(User(email="a@example.com", name="Bo")) == "Bo"
    assert str(Membership(user=user, shop=shop)) == "a@example.com – Lumi"
    assert str(ApiToken(name="Sheet", prefix="cd_abcde")) == "Sheet (cd_abcde…)"
    assert str(Invitation(email="n@example.com")) == "n@example.com"


@pytest.mark.parametrize("fields", [{"email": "A@example.com"}, {"role": "king"}])
def test_the_database_refuses_broken_users(fields):
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(**{"email": "a@example.com", "role": "ops"} | fields)])


def test_shops_are_seen_by_members_and_admins():
    member, stranger = make_user("account_manager"), make_user("seller")
    shop = make_shop([member])
    assert list(Shop.objects.visible_to(member)) == [shop]
    assert not Shop.objects.visible_to(stranger).exists()
    assert list(Shop.objects.visible_to(make_user("admin"))) == [shop]


def test_active_leaves_out_what_is_closed():
    shop = make_shop()
    make_shop(is_active=False)
    assert list(Shop.objects.active()) == [shop]


def test_users_are_found_by_any_spelling_of_the_address():
    user = make_user(email="a@example.com")
    assert User.objects.get_by_natural_key("A@Example.com") == user
    assert User.objects.by_email(" A@Example.com").get() == user

import pytest
from django.urls import reverse

from accounts.models import Membership, Shop
from tests.factories import make_shop, make_user, sign_in

pytestmark = pytest.mark.django_db
SHOP = {"name": "Lumi VN", "market_code": "vn", "time_zone": "Asia/Ho_Chi_Minh"}


def test_shop_list_counts_members(client):
    make_shop([make_user(), make_user()], name="Lumi US")
    page = sign_in(client, make_user("admin")).get(reverse("shop_list")).content.decode()
    assert "Lumi US" in page
    assert 'data-l="Members">2<' in page


def test_shop_create_leads_to_its_members(client):
    response = sign_in(client, make_user("admin")).post(reverse("shop_create"), SHOP)
    shop = Shop.objects.get()
    assert (shop.market_code, shop.time_zone) == ("VN", "Asia/Ho_Chi_Minh")
    assert response["Location"] == reverse("shop_edit", args=[shop.pk])


@pytest.mark.parametrize("market", ["USA", "1A", ""])
def test_shop_create_refuses_what_is_no_country(client, market):
    response = sign_in(client, make_user("admin")).post(reverse("shop_create"), SHOP | {"market_code": market})
    assert response.status_code == 200
    assert not Shop.objects.exists()


def test_shop_create_refuses_a_second_name(client):
    make_shop(name="Lumi VN")
    response = sign_in(client, make_user("admin")).post(reverse("shop_create"), SHOP)
    assert b"There is a shop of this name already" in response.content


def test_shop_edit_saves_and_shows_the_change(client):
    shop = make_shop(name="Old")
    url = reverse("shop_edit", args=[shop.pk])
    sign_in(client, make_user("admin", name="Mei")).post(url, SHOP)
    shop.refresh_from_db()
    assert (shop.name, shop.is_active) == ("Lumi VN", False)
    assert "Lumi VN, VN" in client.get(url).content.decode()


def test_members_are_added_and_removed(client):
    shop, person, admin = make_shop(), make_user(), make_user("admin")
    sign_in(client, admin).post(reverse("membership_add", args=[shop.pk]), {"user": person.pk})
    assert Membership.objects.get(user=person).added_by == admin
    assert person.email.encode() in client.get(reverse("shop_edit", args=[shop.pk])).content
    client.post(reverse("membership_remove", args=[shop.pk, person.pk]))
    assert not Membership.objects.exists()


def test_membership_add_offers_only_active_strangers(client):
    member = make_user()
    shop = make_shop([member])
    sign_in(client, make_user("admin"))
    response = client.post(reverse("membership_add", args=[shop.pk]), {"user": member.pk}, follow=True)
    assert b"Choose a person of the list." in response.content


def test_membership_remove_of_a_stranger_says_so(client):
    shop, person = make_shop(), make_user(name="Bo")
    response = sign_in(client, make_user("admin")).post(reverse("membership_remove", args=[shop.pk, person.pk]))
    assert response.status_code == 400
    assert b"Bo is no member of this shop." in response.content


def test_shop_edit_refuses_a_taken_name(client):
    shop = make_shop()
    make_shop(name="Lumi VN")
    response = sign_in(client, make_user("admin")).post(reverse("shop_edit", args=[shop.pk]), SHOP)
    assert b"There is a shop of this name already" in response.content

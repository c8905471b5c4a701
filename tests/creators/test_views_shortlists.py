"""Pages of shortlists and the comparison, as owner, team mate, reader and stranger."""

import pytest
from django.urls import reverse

from creators.models import Creator, Shortlist
from creators.states import Visibility
from tests.factories import make_creator, make_shop, make_shortlist, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    return make_shop([seller], name="Brass Kettle")


def text(response) -> str:
    return response.content.decode()


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_list_shows_own_and_shop_wide_lists_only(client, seller, shop):
    mate = make_user()
    make_shortlist(shop, mate, name="Of the shop", creators=[make_creator()])
    make_shortlist(shop, mate, name="Of the mate", visibility=Visibility.PRIVATE)
    make_shortlist(make_shop([mate]), mate, name="Of others")
    page = text(sign_in(client, seller).get(reverse("shortlist_list")))
    assert "Of the shop" in page
    assert "Of the mate" not in page
    assert "Of others" not in page


def test_list_narrows_to_a_shop(client, seller, shop):
    make_shortlist(shop, seller, name="Kettle list")
    other = make_shop([seller])
    make_shortlist(other, seller, name="Other list")
    page = text(sign_in(client, seller).get(reverse("shortlist_list"), {"shop": other.pk}))
    assert "Other list" in page
    assert "Kettle list" not in page


def test_list_without_a_shop_says_what_to_do(client):
    page = text(sign_in(client, make_user()).get(reverse("shortlist_list")))
    assert "Ask an admin to add you to one." in page
    assert reverse("shortlist_create") not in page


def test_list_reads_no_more_with_more_lists(client, seller, shop, django_assert_max_num_queries):
    for _number in range(12):
        make_shortlist(shop, seller, creators=[make_creator()])
    sign_in(client, seller)
    with django_assert_max_num_queries(8):
        client.get(reverse("shortlist_list"))


def test_create_makes_a_list(client, seller, shop):
    data = {"name": "Summer", "shop": shop.pk, "visibility": "private", "note": "soap"}
    response = sign_in(client, seller).post(reverse("shortlist_create"), data, follow=True)
    shortlist = Shortlist.objects.get()
    assert response.redirect_chain == [(shortlist.get_absolute_url(), 302)]
    assert (shortlist.owner, shortlist.visibility, shortlist.note) == (seller, "private", "soap")


def test_create_for_another_shop_is_refused(client, seller, shop):
    data = {"name": "Summer", "shop": make_shop().pk, "visibility": "shop"}
    sign_in(client, seller).post(reverse("shortlist_create"), data)
    assert not Shortlist.objects.exists()


def test_create_with_a_name_in_use_says_so_under_the_field(client, seller, shop):
    make_shortlist(shop, seller, name="Summer")
    data = {"name": "Summer", "shop": shop.pk, "visibility": "shop"}
    response = sign_in(client, seller).post(reverse("shortlist_create"), data)
    assert "already has a list named Summer" in response.context["form"].errors["name"][0]


def test_create_without_a_shop_says_what_to_do(client):
    assert "Ask an admin" in text(sign_in(client, make_user()).get(reverse("shortlist_create")))


def test_detail_shows_facts_notes_and_who(client, seller, shop):
    mate = make_user(name="Wren Halloway")
    shortlist = make_shortlist(shop, mate, creators=[make_creator("tinlantern", followers=541_900)])
    shortlist.entries.update(note="soap on Fridays")
    page = text(sign_in(client, seller).get(shortlist.get_absolute_url()))
    for shown in ("@tinlantern", "541.9K", "soap on Fridays", "Wren Halloway"):
        assert shown in page


def test_detail_of_a_creator_without_facts(client, seller, shop):
    creator = make_creator("tinlantern")
    shortlist = make_shortlist(shop, seller, creators=[creator])
    creator.facts.delete()
    assert "@tinlantern" in text(sign_in(client, seller).get(shortlist.get_absolute_url()))


def test_detail_sorts_by_a_metric_with_unknown_values_last(client, seller, shop):
    creators = [make_creator("low", followers=10), make_creator("none"), make_creator("high", followers=900)]
    shortlist = make_shortlist(shop, seller, creators=creators)
    sign_in(client, seller)
    handles = {
        order: [
            row.creator.handle
            for row, _cells, _marks in client.get(shortlist.get_absolute_url(), {"ordering": order}).context["lines"]
        ]
        for order in ("followers", "-followers", "added_at", "", "rubbish")
    }
    assert handles == {
        "followers": ["low", "high", "none"],
        "-followers": ["high", "low", "none"],
        "added_at": ["high", "none", "low"],
        "": ["high", "none", "low"],
        "rubbish": ["high", "none", "low"],
    }


def test_detail_reads_no_more_with_more_creators(client, seller, shop, django_assert_max_num_queries):
    shortlist = make_shortlist(shop, seller, creators=[make_creator(followers=9) for _number in range(20)])
    sign_in(client, seller)
    with django_assert_max_num_queries(12):
        client.get(shortlist.get_absolute_url())


@pytest.mark.parametrize("name", ["shortlist_detail", "shortlist_edit", "shortlist_delete", "shortlist_export"])
def test_the_private_list_of_a_mate_does_not_exist(client, seller, shop, name):
    shortlist = make_shortlist(shop, make_user(), visibility=Visibility.PRIVATE)
    assert sign_in(client, seller).get(reverse(name, args=[shortlist.pk])).status_code == 404


def test_a_reader_sees_a_list_and_cannot_change_it(client, seller, shop):
    viewer = make_user("viewer")
    shop.memberships.create(user=viewer)
    shortlist = make_shortlist(shop, seller, creators=[make_creator()])
    page = text(sign_in(client, viewer).get(shortlist.get_absolute_url()))
    assert reverse("entries_remove", args=[shortlist.pk]) not in page
    assert "note-x" not in page
    response = client.post(reverse("entries_remove", args=[shortlist.pk]), {"creators": "1"})
    assert response.status_code == 403


def test_edit_renames_and_keeps_the_visibility_of_others_lists(client, seller, shop):
    shortlist = make_shortlist(shop, make_user(), name="Summer")
    data = {"name": "Autumn", "note": "", "visibility": "private"}
    sign_in(client, seller).post(reverse("shortlist_edit", args=[shortlist.pk]), data)
    shortlist.refresh_from_db()
    assert (shortlist.name, shortlist.visibility) == ("Autumn", "shop")


def test_edit_to_a_name_in_use_is_said_under_the_field(client, seller, shop):
    make_shortlist(shop, seller, name="Autumn")
    shortlist = make_shortlist(shop, seller, name="Summer")
    data = {"name": "autumn", "visibility": "shop"}
    response = sign_in(client, seller).post(reverse("shortlist_edit", args=[shortlist.pk]), data)
    assert "name" in response.context["form"].errors


def test_delete_asks_and_then_deletes(client, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator(), make_creator()])
    url = reverse("shortlist_delete", args=[shortlist.pk])
    assert "2 creators and the notes on them" in text(sign_in(client, seller).get(url))
    client.post(url)
    assert not Shortlist.objects.exists()
    assert Creator.objects.count() == 2


def test_bulk_add_page_shows_who_and_how_many_are_there(client, seller, shop):
    creators = [make_creator("tinlantern"), make_creator("oatandember")]
    make_shortlist(shop, seller, name="Summer", creators=creators[:1])
    query = {"creators": [creator.pk for creator in creators]}
    page = text(sign_in(client, seller).get(reverse("shortlist_bulk_add"), query))
    assert "@tinlantern, @oatandember" in page
    assert "Summer · Brass Kettle (1 already on it)" in page


def test_bulk_add_without_creators_says_so(client, seller, shop):
    page = text(sign_in(client, seller).get(reverse("shortlist_bulk_add"), {"creators": ["x", "-1", "9" * 30]}))
    assert "No creator is selected" in page


def test_bulk_add_puts_creators_on_a_list_and_goes_back(client, seller, shop):
    creators = [make_creator(), make_creator()]
    shortlist = make_shortlist(shop, seller, name="Summer", creators=creators[:1])
    data = {"creators": [creator.pk for creator in creators], "shortlist": shortlist.pk, "next": "/creators/?q=tin"}
    response = sign_in(client, seller).post(reverse("shortlist_bulk_add"), data, follow=True)
    assert response.redirect_chain == [("/creators/?q=tin", 302)]
    assert messages(response) == ["1 added to Summer. 1 was already there."]


def test_bulk_add_makes_a_new_list(client, seller, shop):
    data = {"creators": make_creator().pk, "new_name": "Summer", "shop": shop.pk, "next": "//example.com/"}
    response = sign_in(client, seller).post(reverse("shortlist_bulk_add"), data)
    assert response["Location"] == reverse("creator_list")
    assert Shortlist.objects.get(name="Summer").entries.count() == 1


@pytest.mark.parametrize(
    ("data", "field"), [({}, "new_name"), ({"new_name": "Summer"}, "shop"), ({"shortlist": 10**6}, "shortlist")]
)
def test_bulk_add_without_a_target_is_marked(client, seller, shop, data, field):
    data = {"creators": make_creator().pk, **data}
    response = sign_in(client, seller).post(reverse("shortlist_bulk_add"), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_bulk_add_refused_by_the_service_is_shown_on_the_form(client, seller, shop):
    make_shortlist(shop, seller, name="Summer")
    data = {"creators": make_creator().pk, "new_name": "Summer", "shop": shop.pk}
    response = sign_in(client, seller).post(reverse("shortlist_bulk_add"), data)
    assert response.status_code == 422
    assert "already has a list named Summer" in text(response)


def test_bulk_add_beside_the_directory_answers_with_a_toast(client, seller, shop):
    shortlist = make_shortlist(shop, seller, name="Summer")
    sign_in(client, seller)
    fragment = client.get(
        reverse("shortlist_bulk_add"), {"creators": make_creator().pk}, headers={"hx-request": "true"}
    )
    assert text(fragment).strip().startswith("<aside")
    data = {"creators": make_creator().pk, "shortlist": shortlist.pk}
    response = client.post(reverse("shortlist_bulk_add"), data, headers={"hx-request": "true"})
    assert (response.status_code, response.content) == (200, b"")
    assert "1 added to Summer." in response["HX-Trigger"]


def test_bulk_add_without_a_shop_says_what_to_do(client):
    page = sign_in(client, make_user()).get(reverse("shortlist_bulk_add"), {"creators": make_creator().pk})
    assert "Ask an admin" in text(page)


def test_entries_remove_takes_the_selected_off(client, seller, shop):
    creators = [make_creator(), make_creator()]
    shortlist = make_shortlist(shop, seller, name="Summer", creators=creators)
    url = reverse("entries_remove", args=[shortlist.pk])
    response = sign_in(client, seller).post(url, {"creators": creators[0].pk}, follow=True)
    assert messages(response) == ["1 removed from Summer."]
    assert shortlist.entries.get().creator == creators[1]


@pytest.mark.parametrize(("name", "left"), [("entries_move", 0), ("entries_copy", 1)])
def test_entries_go_to_another_list(client, seller, shop, name, left):
    creator = make_creator()
    source, target = make_shortlist(shop, seller, creators=[creator]), make_shortlist(shop, seller, name="Autumn")
    data = {"creators": creator.pk, "target": target.pk}
    response = sign_in(client, seller).post(reverse(name, args=[source.pk]), data, follow=True)
    assert messages(response) == ["1 added to Autumn."]
    assert (source.entries.count(), target.entries.count()) == (left, 1)


def test_entries_move_to_a_list_of_others_is_refused(client, seller, shop):
    creator, mate = make_creator(), make_user()
    source, target = make_shortlist(shop, seller, creators=[creator]), make_shortlist(make_shop([mate]), mate)
    data = {"creators": creator.pk, "target": target.pk}
    response = sign_in(client, seller).post(
        reverse("entries_move", args=[source.pk]), data, headers={"hx-request": "true"}
    )
    # "no_target"
    assert response.status_code == 400
    assert "Choose the list that the creators go to." in response["HX-Trigger"]
    assert source.entries.count() == 1


def test_entry_note_is_saved_with_and_without_scripts(client, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator()])
    entry = shortlist.entries.get()
    url = reverse("entry_note", args=[shortlist.pk, entry.pk])
    assert sign_in(client, seller).post(url, {"note": "soap"}).status_code == 302
    fragment = client.post(url, {"note": "gifts"}, headers={"hx-request": "true"})
    assert "gifts" in text(fragment)
    assert "Note saved." in fragment["HX-Trigger"]
    assert shortlist.entries.get().note == "gifts"


def test_entry_note_too_long_is_refused(client, seller, shop):
    shortlist = make_shortlist(shop, seller, creators=[make_creator()])
    url = reverse("entry_note", args=[shortlist.pk, shortlist.entries.get().pk])
    response = sign_in(client, seller).post(url, {"note": "x" * 2_001})
    # "note_too_long"
    assert response.status_code == 400
    assert shortlist.entries.get().note == ""


def test_entry_note_of_another_list_does_not_exist(client, seller, shop):
    shortlist = make_shortlist(shop, seller)
    entry = make_shortlist(shop, seller, creators=[make_creator()]).entries.get()
    url = reverse("entry_note", args=[shortlist.pk, entry.pk])
    assert sign_in(client, seller).post(url, {"note": "soap"}).status_code == 404


def test_compare_marks_the_best_and_keeps_the_order(client):
    first = make_creator("tinlantern", followers=900, gmv_30d_usd=10)
    second = make_creator("oatandember", followers=1_000, price_quote_usd=5)
    url = reverse("creator_compare")
    response = sign_in(client, make_user("viewer")).get(url, {"ids": f"{first.pk},{second.pk}"})
    assert [row.creator.handle for row, _others, _marks in response.context["rows"]] == ["tinlantern", "oatandember"]
    lines = {line.metric.key: cells for _label, found in response.context["groups"] for line, cells in found}
    assert [is_best for _text, _mark, is_best in lines["followers"]] == [False, True]
    assert [is_best for _text, _mark, is_best in lines["gmv_30d"]] == [False, False]
    assert "units_30d" not in lines


def test_compare_of_more_than_five_says_so(client):
    creators = [make_creator(followers=number) for number in range(7)]
    query = {"creators": [creator.pk for creator in creators]}
    response = sign_in(client, make_user()).get(reverse("creator_compare"), query)
    assert "7 creators are selected, and at most 5 fit side by side." in text(response)
    assert len(response.context["rows"]) == 5


def test_compare_of_nobody_says_what_to_do(client):
    page = text(sign_in(client, make_user()).get(reverse("creator_compare")))
    assert "Select two to five creators" in page

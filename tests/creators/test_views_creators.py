"""The directory's page: table, filters, pages, columns, fragments."""

from html import unescape

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import DAY, make_creator, make_user, sign_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def reader(client: Client) -> Client:
    return sign_in(client, make_user("viewer"))


def show(client: Client, query: str = "", **options: object) -> str:
    page = client.get(f"{reverse('creator_list')}?{query}", **options)
    assert page.status_code == 200
    return text(page)


def text(page: HttpResponse) -> str:
    return unescape(page.content.decode())


def test_list_shows_creators_with_their_numbers(reader: Client) -> None:
    make_creator("tinlantern", nickname="Tin Lantern", followers=1_280_000, gmv_30d_usd=212_480)
    page = show(reader)
    for shown in ("@tinlantern", "Tin Lantern", "1.28M", "$212,480"):
        assert shown in page


def test_list_asks_strangers_to_sign_in(client: Client) -> None:
    page = client.get(reverse("creator_list"))
    assert (page.status_code, page["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_list_takes_no_post(reader: Client) -> None:
    assert reader.post(reverse("creator_list")).status_code == 405


def test_list_says_how_many_of_how_many_and_how_new(reader: Client) -> None:
    make_creator("us", followers=10)
    make_creator("gb", market="GB", followers=10)
    page = show(reader, "market=GB")
    assert ">1</b> of 2" in page
    assert f"as of {DAY.day} Nov" in page
    assert "@us" not in page


def test_goal_is_a_chip_that_can_be_removed(reader: Client) -> None:
    make_creator("small", followers=10)
    make_creator("big", followers=600_000)
    page = show(reader, "goal=brand&market=US")
    assert "(goal: brand)" in page
    assert 'href="/creators/?market=US"' in page
    assert "@small" not in page


def test_unreadable_filter_is_explained_and_the_page_stays(reader: Client) -> None:
    make_creator("one", followers=10)
    page = show(reader, "followers_min=abc")
    assert "Write a number, such as" in page
    assert "Some filters could not be read" in page
    assert "@one" in page


def test_pages_follow_each_other(reader: Client) -> None:
    for number in range(30):
        make_creator(f"c{number:02}", followers=number)
    first = show(reader, "rows=25")
    assert "1–25 of 30" in first
    assert "@c05" in first
    assert "@c04" not in first
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = text(reader.get(link))
    assert "26–30 of 30" in second
    assert "@c04" in second


def test_broken_cursor_shows_the_first_page_with_a_note(reader: Client) -> None:
    make_creator("one")
    page = show(reader, "cursor=nonsense")
    assert "This is the first page" in page
    assert "@one" in page


def test_order_of_the_address_is_that_of_the_rows(reader: Client) -> None:
    make_creator("low", gmv_30d_usd=1)
    make_creator("high", gmv_30d_usd=2)
    make_creator("unknown")
    page = show(reader, "ordering=gmv_30d")
    assert page.index("@low") < page.index("@high") < page.index("@unknown")
    assert 'aria-sort="ascending"' in page


def test_columns_are_chosen_in_the_address_and_remembered(reader: Client) -> None:
    make_creator("one", likes_total=4_321, followers=10)
    assert "4.3K" not in show(reader)
    assert "4.3K" in show(reader, "columns=likes_total&columns=nonsense")
    assert "4.3K" in show(reader)


def test_tier_column_waits_for_tiers(reader: Client) -> None:
    creator = make_creator("one")
    assert 'class="tier' not in show(reader)
    creator.facts.tier = "A"
    creator.facts.save(update_fields=["tier"])
    assert "tier tier-A" in show(reader)


def test_fragment_is_the_results_alone(reader: Client) -> None:
    make_creator("one")
    page = reader.get(reverse("creator_list"), headers=HTMX)
    assert "<html" not in text(page)
    assert 'id="results"' in text(page)
    assert 'hx-swap-oob="true"' in text(page)
    assert "HX-Request" in page["Vary"]


def test_open_creator_is_part_of_the_address(reader: Client) -> None:
    assert f'hx-get="{reverse("creator_drawer", args=[7])}"' in show(reader, "open=7")
    assert "/drawer/" not in show(reader, "open=../x")


def test_history_restore_gets_the_whole_page(reader: Client) -> None:
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in show(reader, headers=headers)


def test_form_keeps_the_state_that_it_does_not_show(reader: Client) -> None:
    make_creator("one", gpm_usd=3)
    page = show(reader, "goal=custom&ordering=-gpm&rows=25&gpm_max=5")
    for name, value in (("ordering", "-gpm"), ("rows", "25"), ("goal", "custom"), ("gpm_max", "5")):
        assert f'name="{name}" value="{value}"' in page


def test_empty_result_offers_to_relax_the_costliest_filter(reader: Client) -> None:
    make_creator("one", followers=10)
    page = show(reader, "followers_min=50&market=US")
    assert "Followers ≥ 50 removed 1." in page
    assert 'href="/creators/?market=US"' in page


def test_empty_directory_offers_to_import(reader: Client) -> None:
    page = show(reader)
    assert "Import a list of creators to fill it" in page
    assert reverse("import_create") in page


def test_old_directory_says_so(reader: Client) -> None:
    make_creator("one", as_of=DAY.replace(year=2020))
    assert '<span class="soon">as of 20 Nov 2020' in show(reader)


def test_names_are_escaped(reader: Client) -> None:
    make_creator("one", nickname="<script>alert(1)</script>")
    page = reader.get(reverse("creator_list")).content.decode()
    assert "<script>alert" not in page


def test_search_words_are_escaped_and_kept(reader: Client) -> None:
    page = reader.get(reverse("creator_list"), {"q": '"><script>x'}).content.decode()
    assert "<script>x" not in page
    assert "&quot;&gt;&lt;script&gt;x" in page


def test_page_takes_few_queries(reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(60):
        make_creator(followers=number)
    show(reader)
    with django_assert_max_num_queries(10):
        show(reader, "market=US&followers_min=1&ordering=-gmv_30d")


def test_page_speaks_chinese(client: Client) -> None:
    make_creator("one", followers=612_400)
    assert "61.2万" in show(sign_in(client, make_user("viewer", language="zh-hans")))


def test_facets_count_markets_for_the_other_filters(reader: Client) -> None:
    make_creator(market="US", followers=10)
    make_creator(market="GB", followers=1)
    page = text(reader.get(reverse("creator_facets"), {"market": "GB", "followers_min": "5"}))
    assert 'id="count-US" hx-swap-oob="true">1<' in page
    assert 'id="count-GB" hx-swap-oob="true">0<' in page


def test_reader_is_offered_no_shortlist_and_no_export(reader: Client) -> None:
    make_creator("one")
    page = show(reader)
    assert reverse("shortlist_bulk_add") not in page
    assert reverse("creator_export") not in page
    assert reverse("creator_compare") in page


def test_seller_may_shortlist_compare_and_export(client: Client) -> None:
    make_creator("one")
    page = show(sign_in(client, make_user("seller")), "market=US")
    assert reverse("shortlist_bulk_add") in page
    assert f"{reverse('creator_export')}?market=US" in page

"""Pages of one creator, and the dictionary of metrics."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from creators.metrics import METRICS
from creators.models import Creator, CreatorContact, CreatorFacts, CreatorHandle, Snapshot
from creators.services.creators import creators_link
from creators.services.merge import facts_merge
from creators.states import Quality
from tests.factories import DAY, make_creator, make_shop, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    return sign_in(client, make_user("ops"))


def text(page: HttpResponse) -> str:
    assert page.status_code == 200
    return unescape(page.content.decode())


def address(name: str, creator: Creator) -> str:
    return reverse(name, args=[creator.pk])


def make_snapshot(creator: Creator, **values: object) -> None:
    defaults = {"source": "tool", "as_of": DAY, "quality": Quality.ESTIMATE, "recorded_at": timezone.now()}
    Snapshot.objects.create(creator=creator, **defaults | values)
    facts_merge(creator_ids=[creator.pk])


@pytest.mark.parametrize("name", ["creator_detail", "creator_drawer"])
def test_creator_shows_facts_with_source(editor: Client, name: str) -> None:
    creator = make_creator("tin")
    make_snapshot(creator, followers=612_400, avg_views=9_000, as_of=DAY)
    make_snapshot(creator, avg_views=8_000, source="sheet", as_of=DAY - timedelta(days=40))
    page = text(editor.get(address(name, creator)))
    for shown in ("@tin", "≈ 612.4K", "tool", "Average views"):
        assert shown in page


@pytest.mark.parametrize("name", ["creator_detail", "creator_drawer", "creator_edit", "creator_link"])
def test_unknown_creator_is_not_found(editor: Client, name: str) -> None:
    assert editor.get(reverse(name, args=[10**9])).status_code == 404


@pytest.mark.parametrize("name", ["creator_detail", "creator_drawer"])
def test_contacts_are_for_the_shop_alone(client: Client, name: str) -> None:
    member, creator = make_user(), make_creator()
    now = timezone.now()
    CreatorContact.objects.create(
        creator=creator, shop=make_shop([member]), kind="email", value="tin@example.com", added_at=now
    )
    assert "tin@example.com" in text(sign_in(client, member).get(address(name, creator)))
    assert "tin@example.com" not in text(sign_in(client, make_user()).get(address(name, creator)))


def test_history_shows_sources_and_earlier_handles(editor: Client) -> None:
    creator = make_creator("new")
    make_snapshot(creator, followers=5)
    CreatorHandle.objects.create(creator=creator, handle="old", replaced_by="new", until=DAY)
    page = text(editor.get(address("creator_detail", creator), {"panel": "history"}))
    assert "@old" in page
    assert "tool" in page


def test_history_keeps_ranges(editor: Client) -> None:
    creator = make_creator()
    make_snapshot(creator, followers=1_000_000, gmv_30d=385, ranges={"followers": None, "gmv_30d": "3900"})
    page = text(editor.get(address("creator_detail", creator), {"panel": "history"}))
    assert "1.00M+" in page
    assert "$385–$3,900" in page


def test_unknown_panel_is_not_found(editor: Client) -> None:
    assert editor.get(address("creator_detail", make_creator()), {"panel": "x"}).status_code == 404


def test_reader_sees_no_way_to_edit(client: Client) -> None:
    page = text(sign_in(client, make_user("viewer")).get(address("creator_detail", make_creator())))
    assert "/edit/" not in page
    assert "/link/" not in page


@pytest.mark.parametrize("name", ["creator_edit", "creator_link", "creator_unlink"])
def test_reader_may_not_edit(client: Client, name: str) -> None:
    assert sign_in(client, make_user("viewer")).post(address(name, make_creator())).status_code == 403


def test_edit_keeps_only_what_changed(editor: Client) -> None:
    creator = make_creator(nickname="Tin", followers=10, engagement_by_views=Decimal("0.058"))
    form = editor.get(address("creator_edit", creator))
    assert 'value="5.8"' in text(form)
    data = {"as_of": "2026-11-20", "nickname": "Tin", "followers": "12K", "engagement_by_views": "5.8"}
    page = editor.post(address("creator_edit", creator), data)
    assert page["Location"] == address("creator_detail", creator)
    snapshot = Snapshot.objects.get(creator=creator)
    assert (snapshot.followers, snapshot.nickname, snapshot.engagement_by_views) == (12_000, "", None)
    assert CreatorFacts.objects.get(pk=creator.pk).followers == 12_000


def test_edit_without_a_change_says_so(editor: Client) -> None:
    creator = make_creator(followers=10)
    page = text(editor.post(address("creator_edit", creator), {"as_of": "2026-11-20", "followers": "10"}))
    assert "Nothing was changed" in page
    assert not Snapshot.objects.exists()


def test_edit_of_an_unreadable_number_is_refused(editor: Client) -> None:
    creator = make_creator(followers=10)
    page = text(editor.post(address("creator_edit", creator), {"as_of": "2026-11-20", "followers": "many"}))
    assert "Write a number, such as" in page


def test_link_joins_accounts_and_unlink_parts_them(editor: Client) -> None:
    us = make_creator("tin")
    gb = make_creator("tin.uk", market="GB")
    editor.post(address("creator_link", us), {"market": "GB", "handle": "https://www.tiktok.com/@Tin.UK"})
    assert "@tin.uk (GB)" in text(editor.get(address("creator_detail", us)))
    editor.post(address("creator_unlink", us))
    gb.refresh_from_db()
    assert gb.person is None


@pytest.mark.parametrize(
    ("handle", "message"),
    [("nobody", "No creator of this market"), ("tin", "Choose another creator"), ("a b", "A handle has only letters")],
)
def test_link_refuses(editor: Client, handle: str, message: str) -> None:
    creator = make_creator("tin")
    page = text(editor.post(address("creator_link", creator), {"market": "US", "handle": handle}))
    assert message in page


def test_linked_history_is_shown(editor: Client) -> None:
    one, two = make_creator("one"), make_creator("two")
    creators_link(creators=[one, two], by=make_user(), at=timezone.now())
    assert "linked as" in text(editor.get(address("creator_detail", one), {"panel": "history"}))


def test_metrics_are_all_defined(editor: Client) -> None:
    page = text(editor.get(reverse("metric_list")))
    for metric in METRICS:
        assert f"<code>{metric.key}</code>" in page
        assert str(metric.definition) in page

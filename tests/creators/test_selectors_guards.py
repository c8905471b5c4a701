"""Marks of creators in every list, whoever finds them."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from creators.selectors.guards import Finding, Guard, guards, marks_of, summary_of
from tests.factories import make_creator, make_shop, make_shortlist, make_user, sign_in

pytestmark = pytest.mark.django_db
REASON = 'Withdrawn: LIVE <b>"until"</b> Friday.'
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


def _restricted(ids, user, at):
    return {pk: [Finding("Restricted", REASON, "bad", UNTIL, features=("live",))] for pk in ids}


def _first(ids, user, at):
    return {min(ids): [Finding("Blacklisted", "Sold counterfeits.", "bad", blocks_seat=True)]}


RESTRICTED = Guard("restricted", _restricted, lambda pk, user, at: [Finding("5 of 12 points", "Why.", "warn")])
FIRST = Guard("first", _first)
GUARDS = ("tests.creators.test_selectors_guards.RESTRICTED", "tests.creators.test_selectors_guards.FIRST")


@pytest.fixture(autouse=True)
def _guarded(settings):
    settings.GUARDS = "tests.creators.test_selectors_guards.GUARDS"


@pytest.fixture
def seller(client):
    user = make_user()
    sign_in(client, user)
    return user


def page(client, name: str, *args: int, **query: object) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_findings_of_all_guards_come_in_order():
    first, second = make_creator(), make_creator()
    found = marks_of([first.pk, second.pk], make_user(), timezone.now())
    assert [one.label for one in found[first.pk]] == ["Restricted", "Blacklisted"]
    assert [one.label for one in found[second.pk]] == ["Restricted"]
    assert [guard.key for guard in guards()] == ["restricted", "first"]
    assert [one.label for one in summary_of(first.pk, make_user(), timezone.now())] == ["5 of 12 points"]


def test_every_list_marks_with_the_reason(client, seller):
    creator = make_creator("tin")
    shortlist = make_shortlist(make_shop([seller]), seller, creators=[creator])
    pages = [
        page(client, "creator_list"),
        page(client, "shortlist_detail", shortlist.pk),
        page(client, "creator_compare", ids=creator.pk),
        page(client, "creator_drawer", creator.pk),
        page(client, "creator_detail", creator.pk),
    ]
    for shown in pages:
        assert ">Restricted<" in shown
        assert REASON in unescape(shown)
        assert "<b>&quot;until" not in shown


def test_profile_and_drawer_say_where_the_creator_stands(client, seller):
    creator = make_creator()
    for name in ("creator_detail", "creator_drawer"):
        assert "5 of 12 points" in page(client, name, creator.pk)


@pytest.mark.parametrize("htmx", [True, False])
def test_adding_marked_creators_says_how_many_and_why(client, seller, htmx):
    shortlist = make_shortlist(make_shop([seller]), seller)
    ids = [make_creator().pk, make_creator().pk]
    headers = {"HX-Request": "true"} if htmx else {}
    data = {"creators": ids, "shortlist": shortlist.pk}
    response = client.post(reverse("shortlist_bulk_add"), data, headers=headers, follow=True)
    told = response["HX-Trigger"] if htmx else unescape(response.content.decode())
    assert f"2 added to {shortlist.name}. 2 are marked: Restricted 2, Blacklisted 1." in told
    assert shortlist.entries.count() == 2


def test_adding_creators_without_marks_says_nothing_of_them(client, seller, settings):
    settings.GUARDS = "tests.creators.test_selectors_guards.NOBODY"
    shortlist = make_shortlist(make_shop([seller]), seller)
    data = {"creators": [make_creator().pk], "shortlist": shortlist.pk}
    response = client.post(reverse("shortlist_bulk_add"), data, headers={"HX-Request": "true"})
    assert "marked" not in response["HX-Trigger"]


NOBODY: tuple[str, ...] = ()

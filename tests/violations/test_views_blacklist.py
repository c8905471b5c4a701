"""Pages of the blacklist, as ops, admin, seller and stranger."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_creator, make_shop, make_user, sign_in
from violations.models import BlacklistEntry
from violations.services import blacklist as services
from violations.services.evidence import evidence_store

pytestmark = pytest.mark.django_db
LIST = "/violations/blacklist/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def admin():
    return make_user("admin")


def proposed(by, handle="brass_lantern", **options):
    common = {"reason": "Sold fakes.", "by": by, "at": timezone.now()} | options
    return services.blacklist_propose(creator=make_creator(handle), **common)


def active(ops, admin, handle="brass_lantern"):
    return services.blacklist_decide(entry=proposed(ops, handle), confirm=True, by=admin, at=timezone.now())


def text(response) -> str:
    return response.content.decode()


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_the_list_opens_with_what_is_in_force(client, ops, admin):
    active(ops, admin, "in_force")
    proposed(ops, "waiting_one")
    page = text(sign_in(client, make_user()).get(LIST))
    assert "@in_force" in page
    assert "@waiting_one" not in page
    assert "@waiting_one" in text(client.get(LIST, {"tab": "proposed"}))


def test_the_list_finds_a_handle_and_says_when_it_does_not(client, ops, admin):
    active(ops, admin, "brass_lantern")
    sign_in(client, ops)
    assert "@brass_lantern" in text(client.get(LIST, {"q": "@BRASS"}))
    assert "No entry here has “tin” in its handle" in text(client.get(LIST, {"q": "tin"}))


def test_an_unknown_tab_or_page_shows_the_first(client, ops, admin):
    active(ops, admin, "brass_lantern")
    page = sign_in(client, ops).get(LIST, {"tab": "nothing", "page": "99"})
    assert "@brass_lantern" in text(page)


def test_proposing_from_the_profile_with_a_file(client, ops):
    creator = make_creator()
    until = timezone.localdate() + timedelta(days=30)
    form = {"shop": "shared", "reason": "Sold fakes.", "until": until.isoformat()}
    form["evidence"] = [SimpleUploadedFile("one.png", PNG), SimpleUploadedFile("two.png", PNG + b"2")]
    response = sign_in(client, ops).post(reverse("blacklist_create", args=[creator.pk]), form, follow=True)
    entry = BlacklistEntry.objects.get()
    assert (entry.creator, entry.shop, entry.state, entry.until) == (creator, None, "proposed", until)
    assert [one.file.name for one in entry.evidence.select_related("file")] == ["one.png", "two.png"]
    assert messages(response) == ["Proposed. The entry counts when a second person confirms it."]


def test_a_seller_blacklists_for_an_own_shop(client):
    seller, creator = make_user(), make_creator()
    shop = make_shop([seller])
    form = {"shop": str(shop.pk), "reason": "Rude."}
    sign_in(client, seller).post(reverse("blacklist_create", args=[creator.pk]), form)
    entry = BlacklistEntry.objects.get()
    assert (entry.shop, entry.state) == (shop, "active")


def test_another_shop_cannot_be_chosen(client):
    creator, other = make_creator(), make_shop()
    form = {"shop": str(other.pk), "reason": "Rude."}
    response = sign_in(client, make_user()).post(reverse("blacklist_create", args=[creator.pk]), form)
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["shop"])


def test_what_is_refused_stands_in_the_form(client, ops):
    creator = make_creator()
    form = {"shop": "shared", "reason": "Sold fakes.", "until": timezone.localdate().isoformat()}
    url = reverse("blacklist_create", args=[creator.pk])
    response = sign_in(client, ops).post(url, form)
    assert response.context["form"].errors["until"] == ["Choose a day after today. Leave it empty for no end."]
    form = {"shop": "shared", "reason": "Sold fakes.", "evidence": SimpleUploadedFile("list.csv", b"a,b\n1,2\n")}
    assert "evidence" in client.post(url, form).context["form"].errors
    assert not BlacklistEntry.objects.exists()


def test_a_second_person_confirms(client, ops, admin):
    entry = proposed(ops)
    url = reverse("blacklist_detail", args=[entry.pk])
    assert "Somebody else confirms or refuses it." in text(sign_in(client, ops).get(url))
    assert reverse("blacklist_decide", args=[entry.pk]) in text(sign_in(client, admin).get(url))
    response = client.post(reverse("blacklist_decide", args=[entry.pk]), {"confirm": "yes"}, follow=True)
    assert messages(response) == ["Confirmed: the entry is in force."]
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by) == ("active", admin)


def test_a_refusal_needs_a_note(client, ops, admin):
    url = reverse("blacklist_decide", args=[proposed(ops).pk])
    response = sign_in(client, admin).post(url, {"confirm": "no"})
    assert response.context["form"].errors["note"] == ["Say why it is refused."]
    assert messages(client.post(url, {"confirm": "no", "note": "Mixed up."}, follow=True)) == ["Proposal refused."]


def test_the_proposer_is_told_to_ask_somebody_else(client, admin):
    response = sign_in(client, admin).post(reverse("blacklist_decide", args=[proposed(admin).pk]), {"confirm": "yes"})
    assert "ask somebody else" in text(response)


def test_removing_and_keeping(client, ops, admin):
    entry = active(ops, admin)
    sign_in(client, ops)
    response = client.post(reverse("blacklist_keep", args=[entry.pk]), {"until": ""}, follow=True)
    assert messages(response) == ["The entry stays in force."]
    response = client.post(reverse("blacklist_remove", args=[entry.pk]), {"reason": "Settled."}, follow=True)
    assert messages(response) == ["@brass_lantern is off this blacklist."]
    page = text(response)
    assert "Settled." in page
    assert "127.0.0.1" in page


def test_a_seller_reads_the_shared_list_and_changes_nothing(client, ops, admin):
    entry = active(ops, admin)
    sign_in(client, make_user())
    page = text(client.get(reverse("blacklist_detail", args=[entry.pk])))
    assert "Sold fakes." in page
    assert reverse("blacklist_remove", args=[entry.pk]) not in page
    assert client.get(reverse("blacklist_remove", args=[entry.pk])).status_code == 403
    assert client.post(reverse("blacklist_keep", args=[entry.pk]), {"until": ""}).status_code == 403


def test_an_entry_past_its_end_asks_for_a_review(client, ops, admin):
    entry = active(ops, admin)
    yesterday = timezone.localdate() - timedelta(days=1)
    BlacklistEntry.objects.filter(pk=entry.pk).update(until=yesterday, review_on=yesterday)
    sign_in(client, ops)
    assert "stays in force until somebody keeps it" in text(client.get(reverse("blacklist_detail", args=[entry.pk])))
    assert "@brass_lantern" in text(client.get(LIST, {"tab": "due"}))


def test_the_entry_of_another_shop_is_not_there(client, admin):
    entry = services.blacklist_add(
        creator=make_creator(), shop=make_shop(), reason="Rude.", by=admin, at=timezone.now()
    )
    sign_in(client, make_user("ops"))
    for name in ("blacklist_detail", "blacklist_remove", "blacklist_keep", "blacklist_decide"):
        assert client.get(reverse(name, args=[entry.pk])).status_code == 404


def test_evidence_is_an_attachment_for_who_sees_the_entry(client, admin):
    shop = make_shop([seller := make_user()])
    file = evidence_store(upload=SimpleUploadedFile("chat.png", PNG), by=seller)
    entry = services.blacklist_add(
        creator=make_creator(), shop=shop, reason="Rude.", by=seller, at=timezone.now(), evidence=[file]
    )
    url = reverse("blacklist_evidence", args=[entry.pk, entry.evidence.get().pk])
    response = sign_in(client, seller).get(url)
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"] == 'attachment; filename="chat.png"'
    kept = (response["Content-Type"], response["X-Content-Type-Options"], response["Content-Security-Policy"])
    assert kept == ("image/png", "nosniff", "sandbox")
    assert sign_in(client, make_user()).get(url).status_code == 404


def test_evidence_of_another_entry_is_not_reached_through_this_one(client, ops, admin):
    file = evidence_store(upload=SimpleUploadedFile("chat.png", PNG), by=ops)
    hidden = proposed(ops, "hidden_one", evidence=[file])
    shown = active(ops, admin, "shown_one")
    url = reverse("blacklist_evidence", args=[shown.pk, hidden.evidence.get().pk])
    assert sign_in(client, ops).get(url).status_code == 404

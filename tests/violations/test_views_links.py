from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from creators.models import CreatorContact
from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.ledger import NOON, log, make_book
from tests.links import make_link
from violations.models import CreatorLink, Notice
from violations.selectors.links import address_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(client):
    user = make_user("ops")
    sign_in(client, user)
    return user


def address(creator) -> str:
    return reverse("creator_link_create", args=[creator.pk])


def test_link_is_sent_and_shown_once(client, ops, django_capture_on_commit_callbacks):
    creator = make_creator("brass_lantern")
    sent = {"email": "brass@example.com", "language": "zh-hans"}

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(address(creator), sent).text

    link = CreatorLink.objects.get()
    assert (link.creator, link.email, link.language, link.created_by) == (creator, *sent.values(), ops)
    url = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    assert url in page
    # The door speaks the creator's language.
    assert url.endswith("/?language=zh-hans")
    assert url not in client.get(address(creator)).text


def test_wrong_address_is_refused_in_the_form(client, ops):
    response = client.post(address(make_creator()), {"email": "brass", "language": "en"})

    assert (response.status_code, CreatorLink.objects.count()) == (422, 0)


def test_links_of_the_creator_are_listed_with_their_state(client, ops):
    creator, now = make_creator(), timezone.now()
    make_link(creator, email="old@example.com", at=now - timedelta(days=31))
    make_link(creator, email="new@example.com", at=now)
    make_link(make_creator(), email="other@example.com", at=now)

    page = client.get(address(creator)).text

    assert "old@example.com" in page
    assert "Expired" in page
    assert "other@example.com" not in page
    assert page.count("/revoke/") == 1


def test_revoking_asks_first(client, ops):
    link, _token = make_link(make_creator())
    revoke = reverse("creator_link_revoke", args=[link.pk])

    assert link.email in client.get(revoke).text
    link.refresh_from_db()
    assert link.revoked_at is None

    client.post(revoke)
    link.refresh_from_db()
    assert link.revoked_by == ops


def test_address_is_a_contact_that_the_user_may_see():
    seller, stranger = make_user("account_manager"), make_user("account_manager")
    shop, creator = make_shop([seller]), make_creator(language="zh")
    CreatorContact.objects.create(
        creator=creator, shop=shop, kind="email", value="brass@example.com", added_at=timezone.now()
    )

    assert address_of(creator, seller) == ("brass@example.com", "zh-hans")
    assert address_of(creator, stranger) == ("", "zh-hans")


def test_address_is_that_of_the_last_notice_and_before_it_that_of_the_last_link():
    make_book()
    creator, ops = make_creator(), make_user("ops")
    entry = log(creator)
    Notice.objects.create(
        entry=entry, channel="mail", address="told@example.com", language="en", created_by=ops, created_at=NOON
    )
    assert address_of(creator, ops) == ("told@example.com", "en")

    make_link(creator, email="linked@example.com", language="zh-hans")
    assert address_of(creator, ops) == ("linked@example.com", "zh-hans")

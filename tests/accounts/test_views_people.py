import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from tests.factories import make_shop, make_user, sign_in

pytestmark = pytest.mark.django_db
STRONG = "brass-lantern-42"


def invite(client, **changes):
    data = {"email": "new@example.com", "role": "seller", "language": "zh-hans"} | changes
    return client.post(reverse("invitation_create"), data)


def link_in(response):
    return re.search(r'value="(http://testserver/invitation/[^"]+)"', response.content.decode())[1]


def test_people_list_shows_people_and_open_invitations(client):
    admin = make_user("admin", name="Mei Admin")
    sign_in(client, admin)
    invite(client)
    page = client.get(reverse("people_list")).content.decode()
    assert "Mei Admin" in page
    assert "new@example.com" in page


def test_people_list_costs_the_same_for_more_people(client, django_assert_max_num_queries):
    sign_in(client, make_user("admin"))
    make_shop([make_user() for _ in range(10)])
    with django_assert_max_num_queries(8):
        client.get(reverse("people_list"))


def test_person_edit_changes_role_and_keeps_the_change(client):
    admin, person = make_user("admin", name="Mei"), make_user("viewer", name="Bo")
    url = reverse("person_edit", args=[person.pk])
    response = sign_in(client, admin).post(url, {"name": "Bo", "role": "ops", "is_active": "on"})
    assert response["Location"] == reverse("people_list")
    page = client.get(url).content.decode()
    assert "Bo, Ops" in page
    assert User.objects.get(pk=person.pk).role == "ops"


def test_person_edit_says_why_the_last_admin_stays(client):
    admin = make_user("admin")
    data = {"name": "A", "role": "viewer", "is_active": "on"}
    response = sign_in(client, admin).post(reverse("person_edit", args=[admin.pk]), data)
    assert response.status_code == 200
    assert b"last active admin" in response.content


def test_invitation_leads_to_a_signed_in_member(client, mailoutbox, django_capture_on_commit_callbacks):
    shop = make_shop(name="Lumi US")
    sign_in(client, make_user("admin"))
    with django_capture_on_commit_callbacks(execute=True):
        link = link_in(invite(client, shops=[shop.pk]))
    client.logout()
    assert link in mailoutbox[0].body
    response = client.post(link, {"name": "Nova", "password": STRONG}, follow=True)
    user = response.wsgi_request.user
    assert (user.email, user.name, user.language) == ("new@example.com", "Nova", "zh-hans")
    assert list(user.shops.all()) == [shop]
    assert client.get(link).status_code == 404


def test_invitation_create_of_a_known_address_says_so(client):
    sign_in(client, make_user("admin"))
    make_user(email="new@example.com")
    response = invite(client, email="New@Example.com")
    assert b"There is an account with this e-mail already" in response.content
    assert not Invitation.objects.exists()


def test_invitation_accept_refuses_a_weak_password(client):
    sign_in(client, make_user("admin"))
    link = link_in(invite(client, language="en"))
    client.logout()
    response = client.post(link, {"name": "Nova", "password": "1234567890"})
    assert response.status_code == 200
    assert b"entirely numeric" in response.content
    assert not User.objects.filter(email="new@example.com").exists()


def test_invitation_accept_of_an_old_link_says_what_to_do(client):
    sign_in(client, make_user("admin"))
    link = link_in(invite(client, language="en"))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.get(link)
    assert response.status_code == 404
    assert b"Ask an admin for a new one" in response.content


def test_invitation_revoke_asks_and_ends_the_link(client):
    sign_in(client, make_user("admin"))
    link = link_in(invite(client))
    url = reverse("invitation_revoke", args=[Invitation.objects.get().pk])
    assert b"new@example.com" in client.get(url).content
    client.post(url)
    assert client.get(link).status_code == 404
    assert client.post(url).status_code == 400

"""The directory's pages."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_creator, make_user, sign_in

pytestmark = pytest.mark.django_db


def test_list_shows_creators(client: Client) -> None:
    make_creator("tinlantern", nickname="Tin Lantern", followers=1_280_000, gmv_30d_usd=212_480)
    page = sign_in(client, make_user("viewer")).get(reverse("creator_list"))
    assert page.status_code == 200
    assert "@tinlantern" in page.content.decode()
    assert "$212,480" in page.content.decode()

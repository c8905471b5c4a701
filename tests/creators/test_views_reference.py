"""Pages of the reference lists."""

from decimal import Decimal

import pytest
from django.test import Client

from creators.models import ExchangeRate, HeaderAlias
from creators.services import reference
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db


def test_rate_list_saves_a_rate(client: Client) -> None:
    data = {"currency": "vnd", "valid_from": "2026-11-01", "usd": "0.0000385"}
    response = sign_in(client, make_user("admin")).post("/reference/rates/", data)
    rate = ExchangeRate.objects.get()
    assert response.status_code == 302
    assert (rate.currency, rate.usd) == ("VND", Decimal("0.0000385"))
    assert "0.0000385" in client.get("/reference/rates/").content.decode()


@pytest.mark.parametrize(("currency", "usd"), [("USD", "2"), ("V1D", "2"), ("VND", "0"), ("VND", "-1"), ("VND", "x")])
def test_rate_list_refuses(client: Client, currency: str, usd: str) -> None:
    data = {"currency": currency, "valid_from": "2026-11-01", "usd": usd}
    response = sign_in(client, make_user("admin")).post("/reference/rates/", data)
    assert response.context["form"].errors
    assert not ExchangeRate.objects.exists()


def test_alias_list_saves_a_header_as_it_is_compared(client: Client) -> None:
    data = {"header": " Fan Count\n", "field": "followers", "window_days": ""}
    sign_in(client, make_user("admin")).post("/reference/headers/", data)
    alias = HeaderAlias.objects.get()
    assert (alias.header, alias.field, alias.window_days) == ("fancount", "followers", None)


def test_alias_list_finds_headers_however_they_are_written(client: Client) -> None:
    user = make_user("admin")
    reference.alias_set(header="Fan Count", field="followers", window_days=None, by=user)
    reference.alias_set(header="GMV", field="gmv_30d", window_days=30, by=user)
    page = sign_in(client, user).get("/reference/headers/?q=Fan+count").content.decode()
    assert "fancount" in page
    assert "gmv" not in page.split("<table")[1]


def test_alias_delete_forgets_the_header(client: Client) -> None:
    user = make_user("admin")
    alias = reference.alias_set(header="Fans", field="followers", window_days=None, by=user)
    sign_in(client, user).post(f"/reference/headers/{alias.pk}/delete/")
    assert not HeaderAlias.objects.exists()


@pytest.mark.parametrize("page", ["rates/", "headers/"])
def test_reference_pages_are_for_admins(client: Client, page: str) -> None:
    assert sign_in(client, make_user("account_manager")).get(f"/reference/{page}").status_code == 403

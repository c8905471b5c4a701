"""Writing the reference lists."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from creators.models import ExchangeRate, HeaderAlias
from creators.services import reference
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_rate_set_replaces_the_rate_of_a_day() -> None:
    user = make_user("admin")
    for usd in ("1.2", "1.3"):
        reference.rate_set(currency="GBP", valid_from=date(2026, 11, 1), usd=Decimal(usd), by=user)
    assert ExchangeRate.objects.get().usd == Decimal("1.3")


def test_alias_set_changes_a_known_header() -> None:
    user = make_user("admin")
    reference.alias_set(header="Fans", field="followers", window_days=None, by=user)
    reference.alias_set(header="FANS", field="", window_days=None, by=user)
    assert HeaderAlias.objects.get().field == ""


@pytest.mark.parametrize(("header", "field", "code"), [("  ", "handle", "header_empty"), ("A", "x", "field_unknown")])
def test_alias_set_refuses(header: str, field: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        reference.alias_set(header=header, field=field, window_days=None, by=make_user("admin"))
    assert refusal.value.code == code


@pytest.mark.parametrize(("currency", "code"), [("usd", "rate_of_usd"), ("V1D", "currency_invalid")])
def test_rate_set_refuses(currency: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        reference.rate_set(currency=currency, valid_from=date(2026, 11, 1), usd=Decimal(1), by=make_user("admin"))
    assert refusal.value.code == code

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from creators.models import Category, DailyMetric, ExchangeRate, HeaderAlias, Market
from creators.services.loading import month_after, months_between, partitions_ensure

pytestmark = pytest.mark.django_db


def test_load_reference_fills_every_list() -> None:
    call_command("load_reference")
    assert Market.objects.count() == 24
    assert Market.objects.first().code == "US"
    assert Category.objects.filter(level=1, parent=None).count() == 31
    assert Category.objects.filter(level=2, parent__level=1).count() == 243
    assert HeaderAlias.objects.filter(field="handle").exists()


def test_load_reference_has_chinese_for_every_name() -> None:
    call_command("load_reference")
    names = [*Market.objects.values_list("name_zh", flat=True), *Category.objects.values_list("name_zh", flat=True)]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in name) for name in names)


def test_load_reference_has_a_rate_for_every_market() -> None:
    call_command("load_reference")
    valid = ExchangeRate.objects.filter(valid_from__lte=date(2026, 1, 1)).values("currency")
    assert not Market.objects.exclude(currency__in=valid).exists()
    assert ExchangeRate.objects.filter(currency="CNY").count() == 2


def test_load_reference_again_changes_nothing() -> None:
    call_command("load_reference")
    before = [list(model.objects.order_by("pk").values()) for model in (Market, Category, ExchangeRate, HeaderAlias)]
    call_command("load_reference")
    after = [list(model.objects.order_by("pk").values()) for model in (Market, Category, ExchangeRate, HeaderAlias)]
    assert after == before


def test_load_reference_keeps_a_rate_that_an_admin_edited() -> None:
    call_command("load_reference")
    ExchangeRate.objects.filter(currency="GBP", valid_from=date(2026, 1, 1)).update(usd=Decimal("1.5"))
    call_command("load_reference")
    assert ExchangeRate.objects.get(currency="GBP", valid_from=date(2026, 1, 1)).usd == Decimal("1.5")


def test_load_reference_restores_a_name() -> None:
    call_command("load_reference")
    Market.objects.filter(code="US").update(name_en="Elsewhere")
    call_command("load_reference")
    assert Market.objects.get(code="US").name_en == "United States"


def test_partitions_ensure_makes_room_for_a_day() -> None:
    made = partitions_ensure(first=date(2031, 12, 15), last=date(2032, 1, 1))
    assert made == ["creators_dailymetric_2031_12", "creators_dailymetric_2032_01"]
    DailyMetric.objects.create(creator_id=1, day=date(2031, 12, 31))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM creators_dailymetric_2031_12")
        assert cursor.fetchone() == (1,)


def test_partitions_ensure_makes_none_twice() -> None:
    partitions_ensure(first=date(2031, 1, 1), last=date(2031, 1, 1))
    assert partitions_ensure(first=date(2031, 1, 31), last=date(2031, 1, 1)) == []


def test_months_cross_the_year() -> None:
    assert months_between(date(2026, 12, 31), date(2027, 1, 1)) == [date(2026, 12, 1), date(2027, 1, 1)]
    assert month_after(date(2026, 11, 25), -11) == date(2025, 12, 1)
    assert month_after(date(2026, 11, 25), 2) == date(2027, 1, 1)

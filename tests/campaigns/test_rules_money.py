"""The arithmetic of orders and fees, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.money import (
    Sale,
    commission_base,
    commission_of,
    month_after,
    month_of,
    rounded,
    share_above,
    views_fee,
)

MONEY = st.decimals(0, 10_000, places=2)


def test_the_base_takes_coupons_tax_and_refunds_off():
    lines = [
        Sale(Decimal(100), Decimal(5), Decimal(10), Decimal(8), Decimal(7)),
        Sale(Decimal(50), refunded=Decimal(20)),
    ]
    assert commission_base(lines) == Decimal(100)


def test_the_base_is_never_below_zero():
    assert commission_base([Sale(Decimal(10), refunded=Decimal(12))]) == 0
    assert commission_of([(Sale(Decimal(10), refunded=Decimal(12)), Decimal(15))], "USD") == 0


def test_a_refund_beyond_one_line_comes_off_the_others():
    assert commission_base([Sale(Decimal(10), refunded=Decimal(12)), Sale(Decimal(50))]) == Decimal(48)


@given(st.lists(st.builds(Sale, MONEY, MONEY, MONEY, MONEY, MONEY), max_size=6), st.decimals(1, 80, places=2))
def test_commission_stays_near_base_times_rate(lines, rate):
    base = commission_base(lines)
    assert abs(commission_of([(line, rate) for line in lines], "USD") - base * rate / 100) <= Decimal("0.005") * len(
        lines
    )


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("USD", "1.005", "1.01"), ("USD", "-1.005", "-1.01"), ("VND", "110000.5", "110001.00"), ("JPY", "9.49", "9.00")],
)
def test_rounded_half_up_at_the_digits_of_the_currency(currency, amount, shown):
    assert str(rounded(Decimal(amount), currency)) == shown


def test_views_are_paid_up_to_the_cap():
    assert views_fee(12_345, Decimal("8"), None, "USD") == Decimal("98.76")
    assert views_fee(12_345, Decimal("8"), Decimal(50), "USD") == Decimal(50)
    assert views_fee(0, Decimal("8"), None, "USD") == 0


def test_guarantee_and_share_above_it_are_the_larger_of_the_two():
    assert share_above(Decimal(10_000), Decimal(10), Decimal(300), "USD") == Decimal(700)
    assert share_above(Decimal(2_000), Decimal(10), Decimal(300), "USD") == 0


def test_months():
    assert month_of(date(2026, 12, 31)) == date(2026, 12, 1)
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 1)) == date(2026, 2, 1)

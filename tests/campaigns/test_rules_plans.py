from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from campaigns.rules.plans import (
    LONGEST_CREATOR,
    longest_length,
    products_text,
    rate_text,
    rates_text,
    today_in,
    unknown_names,
)


def test_unknown_names():
    assert unknown_names("Hi {creator} of {shop}, {name} until {ends_on}: {contact}") == ["name", "contact"]
    assert unknown_names("Hi {creator}: {products} at {commission}") == []


def test_the_length_is_that_of_the_longest_handle():
    values = {"shop": "Brass & Co"}
    assert longest_length("{creator}, {shop}", values) == len(LONGEST_CREATOR) + len(", Brass & Co")


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ([], ""),
        (["Serum", "Cleanser"], "Serum, Cleanser"),
        (["A", "B", "C", "D", "E"], "A, B, C +2"),
        (["x" * 61], "x" * 59 + "…"),
    ],
)
def test_products_text(titles, expected):
    assert products_text(titles) == expected


@pytest.mark.parametrize(
    ("rates", "expected"), [([], ""), (["15.00"], "15%"), (["18", "12.50", "15"], "12.5–18%"), (["20", "20.0"], "20%")]
)
def test_rates_text(rates, expected):
    assert rates_text([Decimal(one) for one in rates]) == expected


@pytest.mark.parametrize(("rate", "expected"), [("10.00", "10"), ("12.50", "12.5"), ("80", "80")])
def test_rate_text(rate, expected):
    assert rate_text(Decimal(rate)) == expected


def test_today_in_the_market():
    late = datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert today_in("Asia/Ho_Chi_Minh", late) == date(2026, 11, 23)
    assert today_in("America/Los_Angeles", late) == date(2026, 11, 22)

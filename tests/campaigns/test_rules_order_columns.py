"""Rows of the platform's report of orders: headers in both languages, numbers as they come, and what is wrong."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaigns.rules.order_columns import LABELS, PROBLEMS, columns_of, is_header, marks_of, missing_of, read_row

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
GOOD = {"order_id": "576461413038785752", "creator": "@Brass", "ordered_at": "2026-11-22 09:40", "price": "24.00"}


def read(currency="USD", **values):
    values = GOOD | values
    places = {name: place for place, name in enumerate(values)}
    marks = marks_of(places, [list(values.values())], currency)
    return read_row(2, values, marks=marks, currency=currency, time_zone="Asia/Bangkok", at=NOW)


def problems(**values) -> list[str]:
    return [code for _name, code in read(**values).problems]


def test_headers_in_both_languages():
    assert columns_of(["订单ID", "达人用户名", "下单时间", "实际佣金", "Notes"]) == {
        "order_id": 0, "creator": 1, "ordered_at": 2, "commission_actual": 3,
    }  # fmt: skip
    assert is_header("Est. standard commission")
    assert not is_header("Notes")
    assert columns_of(["SKU", "sku"]) == {"sku": 0}


def test_what_a_report_needs():
    assert missing_of({"order_id": 0, "paid": 1}) == ["creator", "ordered_at"]
    assert missing_of({"order_id": 0, "creator": 1, "ordered_at": 2}) == ["price"]


def test_a_row_in_local_time():
    row = read(quantity="3", sku_id="'1729'", refunded="-4", platform_coupon="-1.50", tax="2")
    assert row.ordered_at == datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
    assert (row.handle, row.line_id, row.item_price, row.refunded) == ("brass", "1729", Decimal(72), Decimal(4))
    assert (row.platform_coupon, row.tax, row.problems) == (Decimal("1.50"), Decimal(2), [])


def test_the_price_of_all_pieces_comes_first_and_the_payment_last():
    assert read(quantity="2", subtotal="50").item_price == 50
    paid = read(price="", paid="40", seller_coupon="6", platform_coupon="4")
    assert paid.item_price == 50


def test_actual_commission_before_the_estimate():
    row = read(commission_actual="", commission_estimated="3.60", ads_actual="1", ads_estimated="2", ads_rate="5%")
    assert (row.commission_reported, row.ads_commission_reported) == (Decimal("3.60"), Decimal(1))
    assert (row.commission_rate, row.ads_commission_rate) == (None, Decimal(5))


def test_fully_refunded_is_all_that_was_paid():
    assert read(returned="Yes", seller_coupon="4").refunded == 20
    assert read(returned="no").refunded == 0
    assert read(refunded="No").refunded == 0


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T09:40:00+00:00", datetime(2026, 11, 22, 9, 40, tzinfo=UTC)),
        ("22-11-2026 09:40", datetime(2026, 11, 22, 2, 40, tzinfo=UTC)),
        ("22.11.2026", datetime(2026, 11, 21, 17, tzinfo=UTC)),
    ],
)
def test_moments_as_reports_write_them(text, instant):
    assert read(ordered_at=text).ordered_at == instant


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"order_id": " "}, "order_missing"),
        ({"order_id": "5.76461E+17"}, "order_lost_digits"),
        ({"creator": ""}, "creator_missing"),
        ({"ordered_at": "soon"}, "moment_unreadable"),
        ({"ordered_at": "2027-01-01"}, "moment_in_future"),
        ({"tax": "abc"}, "number_unreadable"),
        ({"price": ""}, "price_missing"),
        ({"price": "-1"}, "price_missing"),
        ({"quantity": "0"}, "quantity_unreadable"),
        ({"quantity": "1.5"}, "quantity_unreadable"),
        ({"commission_rate": "180%"}, "rate_unreadable"),
        ({"refunded": "25"}, "refund_too_large"),
        ({"currency": "dollars"}, "currency_unknown"),
    ],
)
def test_what_is_wrong_is_named(values, code):
    assert problems(**values) == [code]


def test_every_problem_and_field_has_words():
    assert all(str(text) for text in (*PROBLEMS.values(), *LABELS.values()))
    assert problems(creator="") == ["creator_missing"]

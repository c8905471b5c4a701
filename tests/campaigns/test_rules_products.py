from decimal import Decimal

import pytest

from campaigns.rules.product_columns import guess_columns, is_header, places_of, readings_of
from campaigns.rules.product_rows import PROBLEMS, Reading, is_lost_id, problems_of, read_row

D = Decimal
WHOLE = {
    "platform_id": "1729384756012345678", "sku": "BRS-30", "title": "Barrier serum", "compliance_notes": "",
    "price": D("24"), "currency": "USD", "unit_cost": None, "sample_cost": None, "platform_fee_rate": D("6"),
    "tax_rate": None, "default_commission_rate": D("12"), "max_commission_rate": D("20"),
}  # fmt: skip


def test_a_whole_product_has_no_problem():
    assert problems_of(WHOLE) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "title_missing"),
        ("title", "x" * 301, "too_long"),
        ("platform_id", "17A", "id_not_digits"),
        ("price", None, "price_missing"),
        ("price", D("-1"), "amount_negative"),
        ("unit_cost", D(10) ** 12, "amount_too_large"),
        ("currency", "XXX", "currency_unknown"),
        ("tax_rate", D("100.5"), "rate_0_to_100"),
        ("default_commission_rate", D("0.5"), "rate_1_to_80"),
        ("max_commission_rate", D("80.5"), "rate_1_to_80"),
        ("max_commission_rate", D("10"), "rate_over_max"),
    ],
)
def test_what_is_wrong_with_a_product(field, value, code):
    assert [found for _name, found in problems_of(WHOLE | {field: value})] == [code]
    assert code in PROBLEMS


CHINESE = ["商品ID", "商品名称", "SKU", "类目", "价格", "佣金率", "最高佣金率", "库存", "样品成本", "平台费率", "税率"]
ENGLISH = ["Product ID", "Product name", "Seller SKU", "Category", "Price (USD)", "Commission rate", "Max commission",
           "Sample stock", "Sample cost", "Platform fee", "Tax rate"]  # fmt: skip
FIELDS = ["platform_id", "title", "sku", "category", "price", "default_commission_rate", "max_commission_rate",
          "sample_stock", "sample_cost", "platform_fee_rate", "tax_rate"]  # fmt: skip


@pytest.mark.parametrize("headers", [CHINESE, ENGLISH])
def test_headers_in_both_languages(headers):
    assert list(guess_columns(headers).values()) == FIELDS


def test_a_field_goes_to_one_column():
    assert guess_columns(["Price", "Sale price", "Something"]) == {0: "price"}
    assert is_header("商品ID")
    assert not is_header("17.90")


def readings(header, *values, currency="USD"):
    name = guess_columns([header])[0]
    return name, readings_of({name: 0}, [header], [[one] for one in values], currency=currency)


def read(header, text, *others, currency="USD"):
    name, found = readings(header, text, *others, currency=currency)
    row = read_row({name: text, "title": "Serum"}, found, currency=currency)
    return row.values.get(name), row.values.get("currency"), row.problems


@pytest.mark.parametrize(
    ("text", "currency", "amount", "named"),
    [
        ("110.000₫", "VND", "110000", "VND"),
        ("110.000", "VND", "110000", None),
        ("110.000₫", "USD", "110000", "VND"),
        ("1.234,56 €", "EUR", "1234.56", "EUR"),
        ("1.234,56", "EUR", "1234.56", None),
        ("$24.90", "USD", "24.90", "USD"),
        ("24.905", "USD", "24.91", None),
        ("S$ 3,200.5", "SGD", "3200.50", "SGD"),
    ],
)
def test_prices_as_shops_write_them(text, currency, amount, named):
    assert read("Price", text, currency=currency) == (D(amount), named, [])


def test_the_header_names_the_currency():
    assert read("Price (GBP)", "18.00") == (D("18.00"), "GBP", [])


def test_a_column_with_the_currency():
    row = read_row({"price": "18", "currency": "thb", "title": "x"}, {}, currency="USD")
    assert (row.values["price"], row.values["currency"]) == (D("18.00"), "THB")
    assert read_row({"price": "18", "currency": "coins"}, {}, currency="USD").problems == [
        ("currency", "currency_unknown")
    ]


def test_two_currencies_in_one_row():
    row = read_row({"title": "x", "price": "$18", "sample_cost": "110.000₫"}, {}, currency="USD")
    assert row.problems == [("sample_cost", "currency_mixed")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("10-20", "amount_unreadable"), ("abc", "amount_unreadable"), ("-3", "amount_negative"),
     ("9" * 16, "amount_too_large")],
)  # fmt: skip
def test_amounts_that_are_none(text, code):
    assert read("Price", text)[2] == [("price", code)]


@pytest.mark.parametrize(
    ("text", "others", "rate"),
    [("15%", (), "15"), ("0.15", ("0.2",), "15"), ("15", ("8",), "15"), ("1200", ("1500",), "12"),
     ("12,5 %", (), "12.5"),
     ("1", ("1",), "1")],
)  # fmt: skip
def test_rates_as_shops_write_them(text, others, rate):
    assert read("Commission rate", text, *others)[0] == D(rate)


def test_rates_out_of_their_range_are_said_in_the_row():
    cells = {"title": "x", "default_commission_rate": "12", "max_commission_rate": "10"}
    assert read_row(cells, {}, currency="USD").problems == [("default_commission_rate", "rate_over_max")]
    assert read("Tax rate", "140", "8.5")[2] == [("tax_rate", "rate_0_to_100")]


def test_a_rate_that_is_none():
    assert read("Commission rate", "much")[2] == [("default_commission_rate", "rate_unreadable")]


@pytest.mark.parametrize("text", ["7.28E+18", "7,28e+18", "1729384756012345678.0"])
def test_ids_that_lost_digits(text):
    assert is_lost_id(text)
    assert read_row({"platform_id": text}, {}, currency="USD").problems == [("platform_id", "id_lost_digits")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1729384756012345678", "1729384756012345678"),
        ("'1729384756012345678", "1729384756012345678"),
        ("4711.0", "4711"),
    ],
)
def test_ids_stay_text(text, expected):
    assert read_row({"platform_id": text}, {}, currency="USD").values["platform_id"] == expected


def test_an_id_with_letters():
    assert read_row({"platform_id": "TT-17"}, {}, currency="USD").problems == [("platform_id", "id_not_digits")]


@pytest.mark.parametrize("text", ["", "-", "N/A", "暂无"])
def test_an_empty_cell_says_nothing(text):
    cells = dict.fromkeys(("platform_id", "price", "sample_stock", "tax_rate", "state", "category"), text)
    row = read_row(cells | {"title": "Serum"}, {}, currency="USD")
    assert (row.values, row.stock, row.category, row.problems) == ({"title": "Serum"}, None, "", [])


def test_a_row_without_anything_to_match():
    assert read_row({"price": "5"}, {}, currency="USD").problems == [("title", "nothing_to_match")]


@pytest.mark.parametrize(("text", "stock"), [("40", 40), ("1,200", 1200), ("0", 0)])
def test_stock(text, stock):
    assert read_row({"title": "x", "sample_stock": text}, {}, currency="USD").stock == stock


@pytest.mark.parametrize("text", ["4.5", "many", "-1", "2000000", "3-5"])
def test_stock_that_is_none(text):
    row = read_row({"title": "x", "sample_stock": text}, {}, currency="USD")
    assert row.problems == [("sample_stock", "stock_unreadable")]


@pytest.mark.parametrize(("text", "state"), [("Live", "active"), ("下架", "paused"), ("Deleted", "retired")])
def test_states_in_words(text, state):
    assert read_row({"title": "x", "state": text}, {}, currency="USD").values["state"] == state


def test_a_state_that_is_none():
    assert read_row({"title": "x", "state": "soon"}, {}, currency="USD").problems == [("state", "state_unknown")]


def test_stored_columns_by_field():
    assert places_of({"0": "sku", "3": "price", "4": "gone"}) == {"sku": 0, "price": 3}
    assert Reading() == Reading("auto", "percent", None)

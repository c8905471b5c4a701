from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.rules import NOTICES, PROBLEMS
from creators.rules.numbers import guess_decimal_mark, guess_rate_scale, parse_number

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18.25k", "18250"), ("1.43m", "1430000"), ("2.5M", "2500000"), ("10.4M", "10400000"), ("977.2K", "977200"),
        ("1.2万", "12000"), ("3亿", "300000000"), ("5千", "5000"), ("2百万", "2000000"), ("1.5w", "15000"),
        ("3B", "3000000000"), ("12,400", "12400"), ("12.400", "12400"), ("1 234 567", "1234567"), ("1'234", "1234"),
        ("12,34,567", "1234567"), ("25rb", "25000"), ("1,2jt", "1200000"), ("１２３", "123"), ("١٢٣", "123"),
        (" 7 ", "7"), ("\u200b7", "7"), ("12.5万人", "125000"), ("+5", "5"), (".5k", "500"),
    ],
)  # fmt: skip
def test_count_is_read(text: str, value: str) -> None:
    parsed = parse_number(text, kind="count")

    assert (parsed.value, parsed.problem, parsed.currency) == (D(value), None, None)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$25.96k", "25960", "USD"), ("$3.7K", "3700", "USD"), ("US$ 5.00", "5", "USD"), ("110.000₫", "110000", "VND"),
        ("1.5M₫", "1500000", "VND"), ("1.234,56", "1234.56", None), ("R$ 1.234,56", "1234.56", "BRL"),
        ("Rp10rb", "10000", "IDR"), ("RM1.2M", "1200000", "MYR"), ("฿99", "99", "THB"), ("₱1,250.50", "1250.50", "PHP"),
        ("£8", "8", "GBP"), ("8,5 €", "8.5", "EUR"), ("1 234,56 zł", "1234.56", "PLN"), ("2k Kč", "2000", "CZK"),
        ("￥12.5万元", "125000", "CNY"), ("CN¥3", "3", "CNY"), ("500円", "500", "JPY"), ("S$1.20", "1.20", "SGD"),
        ("12 USD", "12", "USD"), ("THB 1,000", "1000", "THB"), ("0.125", "0.125", None),
    ],
)  # fmt: skip
def test_money_is_read_with_its_currency(text: str, value: str, currency: str | None) -> None:
    parsed = parse_number(text, kind="money")

    assert (parsed.value, parsed.currency, parsed.problem) == (D(value), currency, None)


def test_dollar_and_yen_follow_the_column() -> None:
    assert parse_number("$5", kind="money", currency="SGD").currency == "SGD"
    assert parse_number("¥5", kind="money", currency="JPY").currency == "JPY"
    assert parse_number("€5", kind="money", currency="USD").currency == "EUR"
    assert parse_number("5", kind="money", currency="USD").currency == "USD"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("$0.00 - $5.00", "0", "5"), ("10K–50K", "10000", "50000"), ("10万-50万", "100000", "500000"),
        ("10-50万", "100000", "500000"), ("500-1K", "500", "1000"), ("5 to 9", "5", "9"), ("<100", "0", "100"),
        ("$23.74 - $23.74", "23.74", "23.74"), ("1~2", "1", "2"),
    ],
)  # fmt: skip
def test_range_stays_a_range(text: str, low: str, high: str) -> None:
    parsed = parse_number(text, kind="money")

    assert (parsed.value, parsed.high, parsed.open, parsed.problem) == (D(low), D(high), False, None)


@pytest.mark.parametrize(("text", "value"), [("1M₫+", "1000000"), ("100+", "100"), (">50", "50"), ("1.2万+", "12000")])
def test_open_range(text: str, value: str) -> None:
    parsed = parse_number(text, kind="money")

    assert (parsed.value, parsed.high, parsed.open) == (D(value), None, True)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [
        ("17.73%", "fraction", "0.1773"), ("4.00%", "percent", "0.04"), ("17.73", "percent", "0.1773"),
        ("0.13", "fraction", "0.13"), ("239", "hundredths", "0.0239"), ("１７％", "percent", "0.17"),
    ],
)  # fmt: skip
def test_rate_becomes_a_fraction(text: str, scale: str, value: str) -> None:
    assert parse_number(text, kind="rate", scale=scale).value == D(value)  # type: ignore[arg-type]


def test_rate_range_shares_the_percent_sign() -> None:
    parsed = parse_number("10-20%", kind="rate", scale="fraction")

    assert (parsed.value, parsed.high) == (D("0.1"), D("0.2"))


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "—", "N/A", "#N/A", "null", "view more", "查看更多", "暂无", "None"]
)
def test_missing_is_no_problem(text: str) -> None:
    assert parse_number(text, kind="count") == (None, None, False, None, None, None)


@pytest.mark.parametrize("text", ["企业版可导出", "Upgrade", "****"])
def test_locked_value_is_missing_with_a_notice(text: str) -> None:
    parsed = parse_number(text, kind="money")

    assert (parsed.value, parsed.problem, parsed.notice) == (None, None, "value_locked")
    assert parsed.notice in NOTICES


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("abc", "count", "number_unreadable"), ("1-2-3", "count", "number_unreadable"), ("-5", "count",
        "number_negative"),
        ("($1,234)", "money", "number_negative"), ("99999999999999999", "count", "number_too_large"),
        ("7.28899E+18", "count", "number_lost_digits"), ("1e400", "count", "number_lost_digits"),
        ("1,2,3", "count", "number_marks"), ("1..2", "count", "number_marks"), ("12 34", "count", "number_marks"),
        ("Infinity", "count", "number_infinite"), ("NaN", "money", "number_infinite"), ("∞", "count",
        "number_infinite"),
        ("#REF!", "money", "number_formula_error"), ("5-3", "count", "range_reversed"),
        ("5%", "count", "percent_unexpected"), ("$5", "count", "currency_unexpected"),
    ],
)  # fmt: skip
def test_refused_with_a_code_that_has_a_message(text: str, kind: str, problem: str) -> None:
    parsed = parse_number(text, kind=kind)  # type: ignore[arg-type]

    assert (parsed.value, parsed.problem) == (None, problem)
    assert problem in PROBLEMS


def test_growth_may_be_negative() -> None:
    assert parse_number("−1.2K", kind="count", signed=True).value == D(-1200)
    assert parse_number("(5)", kind="count", signed=True).value == D(-5)


def test_score_out_of_five() -> None:
    assert parse_number("4.8/5", kind="score").value == D("4.8")


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [("1,234", "1234", "1.234"), ("1.234", "1.234", "1234"), ("1,5", None, "1.5"), ("1.5", "1.5", None)],
)
def test_decimal_mark_of_the_column_decides(text: str, point: str | None, comma: str | None) -> None:
    by_point = parse_number(text, kind="money", decimal="point")
    by_comma = parse_number(text, kind="money", decimal="comma")

    assert by_point.value == (D(point) if point else None)
    assert by_comma.value == (D(comma) if comma else None)
    assert {by_point.problem, by_comma.problem} <= {None, "number_marks"}


def test_currency_without_decimals_overrules_the_column() -> None:
    assert parse_number("110.000₫", kind="money", decimal="point").value == D(110000)


@pytest.mark.parametrize(
    ("sample", "scale"),
    [
        (["17.73%", "4"], "percent"), (["0.13", "0.5", ""], "fraction"), (["239", "1200", "0"], "hundredths"),
        (["3.2", "17.7"], "percent"), (["12", "55"], "percent"), ([], "fraction"), (["N/A"], "fraction"),
    ],
)  # fmt: skip
def test_rate_scale_of_a_column(sample: list[str], scale: str) -> None:
    assert guess_rate_scale(sample) == scale


@pytest.mark.parametrize(
    ("sample", "currency", "mark"),
    [
        (["1,234.56", "12,400"], None, "point"), (["1.234,56", "12.400"], None, "comma"), (["12.5K"], None, "point"),
        (["1.234.567"], None, "comma"), (["12,400"], None, "auto"), (["1.5", "1,5"], None, "auto"),
        (["1.5M₫", "110.000₫"], "VND", "auto"), ([], None, "auto"),
    ],
)  # fmt: skip
def test_decimal_mark_of_a_column(sample: list[str], currency: str | None, mark: str) -> None:
    assert guess_decimal_mark(sample, currency) == mark


amounts = st.decimals(min_value=0, max_value=10**12, places=2)


@given(amounts)
def test_formatted_money_comes_back_exactly(amount: Decimal) -> None:
    us = f"${amount:,.2f}"
    eu = us.replace(",", " ").replace(".", ",").replace(" ", ".").replace("$", "€")

    assert parse_number(us, kind="money", decimal="point").value == amount
    assert parse_number(eu, kind="money", decimal="comma").value == amount
    assert parse_number(f"{amount / 1000}K", kind="money", decimal="point").value == amount


@given(st.integers(0, 10**14))
def test_formatted_count_comes_back_exactly(number: int) -> None:
    assert parse_number(str(number), kind="count").value == number
    assert parse_number(f"{number:,}", kind="count", decimal="point").value == number
    assert parse_number(f"{D(number) / 10000}万", kind="count").value == number


@given(
    st.one_of(st.text(), st.text("0123456789.,-+%$€₫ KkMm万亿()<>~eE/'")),
    st.sampled_from(["count", "money", "rate", "score"]),
    st.sampled_from(["point", "comma", "auto"]),
    st.sampled_from([None, "USD", "VND"]),
    st.booleans(),
)
def test_never_raises_and_never_invents(text: str, kind: str, decimal: str, currency: str | None, signed: bool) -> None:
    parsed = parse_number(text, kind=kind, decimal=decimal, currency=currency, signed=signed)  # type: ignore[arg-type]

    assert parsed.problem is None or (parsed.problem in PROBLEMS and parsed.value is None)
    assert parsed.high is None or (parsed.value is not None and parsed.value <= parsed.high)
    assert parsed.value is None or signed or parsed.value >= 0

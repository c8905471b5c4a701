from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from creators.rules.columns import parse_column, parse_external_ids, parse_handles, transpose
from creators.rules.handles import parse_external_id, parse_handle
from creators.rules.numbers import parse_number

written = st.one_of(
    st.none(),
    st.text("0123456789.,-+%$€¥₫ KkMm万()<>~eE", max_size=12),
    st.sampled_from(
        ["", "N/A", "企业版可导出", "1,234", "1.234", "0,123", "$007", "$1,234.56", "€1.234,56", "10K–50K", "1M₫+"]
    ),
    st.decimals(0, 10**9, places=2).map(lambda d: f"${d:,.2f}"),
    st.decimals(0, 10**9, places=2).map(str),
    st.integers(0, 10**16).map(str),
)


@given(
    st.lists(written, max_size=20),
    st.sampled_from(["count", "money", "rate", "score"]),
    st.sampled_from(["point", "comma", "auto"]),
    st.sampled_from([None, "USD", "EUR", "VND"]),
    st.sampled_from(["percent", "fraction", "hundredths"]),
    st.booleans(),
)
def test_column_equals_its_elements(
    values: list[str | None], kind: str, decimal: str, currency: str | None, scale: str, signed: bool
) -> None:
    options = {"kind": kind, "decimal": decimal, "currency": currency, "scale": scale, "signed": signed}

    column = parse_column(values, **options)  # type: ignore[arg-type]

    problems = []
    for position, text in enumerate(values):
        one = parse_number(text or "", **options)  # type: ignore[arg-type]
        value, high = column.value[position], column.high[position]
        assert (None if value is None else Decimal(value)) == one.value
        assert (None if high is None else Decimal(high)) == one.high
        assert (column.open[position], column.currency[position]) == (one.open, one.currency)
        if one.problem:
            problems.append((position, text, one.problem))
    assert column.problems == problems


def test_locked_values_are_counted_not_refused() -> None:
    column = parse_column(["企业版可导出", "5", "Upgrade"], kind="count")

    assert column.value == [None, "5", None]
    assert column.notices == {"value_locked": 2}
    assert column.problems == []


def test_decimals_survive_as_text() -> None:
    column = parse_column(["$12,345.67", "0.1"], kind="money", currency="USD")

    assert column.value == ["12345.67", "0.1"]
    assert column.currency == ["USD", "USD"]


handles = st.one_of(st.none(), st.text(max_size=8), st.from_regex(r"@?[A-Za-z0-9_.]{0,30}", fullmatch=True),
                    st.sampled_from(["none", "NULL", "@none", "na", "https://tiktok.com/@x", "a" * 64,
                    "@" + "a" * 64]))  # fmt: skip


@given(st.lists(handles, max_size=20))
def test_handles_equal_their_elements(values: list[str | None]) -> None:
    found, problems = parse_handles(values)

    expected = [parse_handle(text or "") for text in values]
    assert found == [handle for handle, _ in expected]
    assert problems == [(i, values[i] or "", problem) for i, (_, problem) in enumerate(expected) if problem]


@given(st.lists(st.one_of(st.none(), st.text("0123456789.eE+' -", max_size=27)), max_size=20))
def test_external_ids_equal_their_elements(values: list[str | None]) -> None:
    found, problems = parse_external_ids(values)

    expected = [parse_external_id(text or "") for text in values]
    assert found == [number for number, _ in expected]
    assert [problem for _, _, problem in problems] == [problem for _, problem in expected if problem]


def test_whole_numbers_come_back_as_they_are() -> None:
    column = parse_column(["5", "0", "1200"], kind="money", currency="USD")

    assert (column.value, column.currency) == (["5", "0", "1200"], ["USD"] * 3)


def test_transpose_evens_ragged_rows() -> None:
    assert transpose([["a", "1"], ["b"], ["c", "3", "x"]], 2) == [("a", "b", "c"), ("1", "", "3")]
    assert transpose([], 2) == [(), ()]

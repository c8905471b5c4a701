from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.rules import PROBLEMS
from creators.rules.dates import guess_as_of, guess_day_first, parse_date

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "text",
    [
        "2024-08-27", "2024/08/27", "2024/8/27", "20240827", "2024年8月27日", "27 Aug 2024", "27-Aug-2024",
        "Aug 27, 2024",
        "August 27 2024", "08/27/2024", "27/08/2024", "27.08.2024", "45531", "45531.25", "2024-08-27T10:00:00Z",
        "2024/08/27 10:15", "２０２４-08-27",
    ],
)  # fmt: skip
def test_date_is_read(text: str) -> None:
    assert parse_date(text) == (date(2024, 8, 27), None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("soon", "date_unreadable"), ("13/13/2024", "date_unreadable"), ("2024-02-30", "date_unreadable"),
        ("1999-01-01", "date_out_of_range"), ("99999", "date_out_of_range"), ("5 Foo 2024", "date_unreadable"),
    ],
)  # fmt: skip
def test_date_is_refused_with_a_reason(text: str, problem: str) -> None:
    assert parse_date(text) == (None, problem)
    assert problem in PROBLEMS


def test_empty_date_is_no_problem() -> None:
    assert parse_date("") == parse_date("N/A") == (None, None)


def test_day_first_is_the_columns_decision() -> None:
    assert guess_day_first(["01/02/2024", "26/03/2024"])
    assert not guess_day_first(["01/02/2024", "03/26/2024"])
    assert not guess_day_first(["01/02/2024"])
    assert parse_date("01/02/2024", day_first=True)[0] == date(2024, 2, 1)
    assert parse_date("01/02/2024")[0] == date(2024, 1, 2)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("export_20241126.csv", date(2024, 11, 26)), ("creators 2024-11-26.xlsx", date(2024, 11, 26)),
        ("达人2024年11月26日.xlsx", date(2024, 11, 26)), ("x_26-11-2024.csv", date(2024, 11, 26)),
        ("20241126101500.csv", date(2024, 11, 26)), ("creators 2024-11.csv", date(2024, 11, 30)),
        ("达人2024年2月.csv", date(2024, 2, 29)), ("list 2026-11.csv", TODAY), ("list_2026-11-26.csv", None),
        ("top200-2025.csv", None), ("clip_1920x1080.csv", None), ("7288990000000000123.csv", None),
        ("20241340.csv", None), ("2012-05-01.csv", None), ("creators.csv", None),
    ],
)  # fmt: skip
def test_as_of_from_the_file_name(name: str, day: date | None) -> None:
    assert guess_as_of(name, TODAY) == day


@given(st.dates(date(2016, 1, 1), date(2100, 12, 31)))
def test_written_date_comes_back(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%d %b %Y}",
        f"{day:%m/%d/%Y}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert parse_date(text) == (day, None)


@given(st.text())
def test_never_raises(text: str) -> None:
    day, problem = parse_date(text)
    assert day is None or problem is None
    guess_as_of(text, TODAY)

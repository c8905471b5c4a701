"""Rows of a list become lines for COPY, or failures that name row, column and value."""

from datetime import date
from typing import Any

import pytest

from creators.rules.rows import NULL, STAGE_COLUMNS, Batch, ColumnPlan, ReadPlan, category_lookup, lookup, read_batch

MARKETS = lookup({"us": "US", "vietnam": "VN"})
CATEGORIES = category_lookup({"beauty": 1, "home supplies": 2, "books, magazines & audio": 3})


def plan(*fields: str | ColumnPlan, market: str | None = "US", currency: str = "USD") -> ReadPlan:
    columns = [f if isinstance(f, ColumnPlan) else ColumnPlan(i, f, f) for i, f in enumerate(fields)]
    return ReadPlan(
        width=len(columns),
        columns=tuple(columns),
        market=market,
        currency=currency,
        as_of=date(2026, 11, 1),
        today=date(2026, 11, 20),
        market_of=MARKETS,
        categories_of=CATEGORIES,
    )


def read(row: list[str], *fields: str | ColumnPlan, **settings: Any) -> dict[str, str]:
    """The line of one good row by column, without what is empty."""
    batch = read_batch([2], [row], plan(*fields, **settings))
    assert batch.failures == {}
    cells = dict(zip(STAGE_COLUMNS, batch.lines[0].split("\t"), strict=True))
    return {name: cell for name, cell in cells.items() if cell not in (NULL, "")}


def refused(row: list[str], *fields: str | ColumnPlan, **settings: Any) -> tuple[str, str, str]:
    """(column, value, code) of the only problem of a refused row."""
    batch: Batch = read_batch([2], [row], plan(*fields, **settings))
    assert batch.lines == []
    (problem,) = batch.failures[0]
    return problem.header, problem.value, problem.code


def test_row_takes_defaults_of_the_list() -> None:
    line = read(["@Amy"], "handle")
    assert line == {"row_number": "2", "handle": "amy", "market_id": "US", "as_of": "2026-11-01", "currency": "USD"}


def test_profile_link_stands_in_for_an_empty_handle() -> None:
    line = read(["", "https://www.tiktok.com/@Amy?lang=en"], "handle", "profile_link")
    assert line["handle"] == "amy"


def test_range_keeps_both_ends() -> None:
    line = read(["amy", "$50K-100K"], "handle", "gmv_30d")
    assert (line["gmv_30d"], line["ranges"]) == ("50000", '{"gmv_30d": "100000"}')


def test_open_range_has_no_upper_end() -> None:
    assert read(["amy", "1M₫+"], "handle", "gmv_30d")["ranges"] == '{"gmv_30d": null}'


def test_currency_of_the_cells_is_the_currency_of_the_row() -> None:
    line = read(["amy", "110.000₫"], "handle", "gmv_30d")
    assert (line["currency"], line["gmv_30d"]) == ("VND", "110000")


def test_two_currencies_in_a_row_are_refused() -> None:
    assert refused(["amy", "5₫", "£3"], "handle", "gmv_30d", "gpm")[2] == "currencies_differ"


def test_count_with_suffix_is_whole() -> None:
    assert read(["amy", "1.2345K"], "handle", "followers")["followers"] == "1235"


def test_male_share_gives_the_female_one() -> None:
    assert read(["amy", "30%"], "handle", "male_share")["female_share"] == "0.7000"


@pytest.mark.parametrize(("words", "share"), [("Female 76%", "0.7600"), ("男 24%", "0.7600"), ("女性 80.5%", "0.8050")])
def test_gender_in_words(words: str, share: str) -> None:
    assert read(["amy", words], "handle", "audience_gender")["female_share"] == share


def test_adults_are_the_sum_of_their_ages() -> None:
    ages = ["age_18_24_share", "age_25_34_share", "age_35_44_share", "age_45_54_share", "age_55_plus_share"]
    columns = [ColumnPlan(i, name, name) for i, name in enumerate(["handle", *ages])]
    assert read(["amy", "40%", "30%", "10%", "5%", "5%"], *columns)["adult_share"] == "0.9000"


def test_ages_in_words() -> None:
    line = read(["amy", "18-24 40%, 25–34: 35.5%; 55+ 3%"], "handle", "audience_age")
    shares = {name: cell for name, cell in line.items() if name.startswith("age_")}
    assert shares == {"age_18_24_share": "0.4000", "age_25_34_share": "0.3550", "age_55_plus_share": "0.0300"}


def test_ages_without_shares_say_nothing() -> None:
    assert "age_18_24_share" not in read(["amy", "18-24, 25-34"], "handle", "audience_age")


def test_unknown_market_is_refused_with_its_words() -> None:
    assert refused(["amy", "Atlantis"], "handle", "market") == ("market", "Atlantis", "market_unknown")


def test_missing_market_is_refused() -> None:
    assert refused(["amy", ""], "handle", "market", market=None)[2] == "market_missing"


def test_categories_of_a_list_of_names() -> None:
    assert read(["amy", "Beauty, Home Supplies"], "handle", "category")["category_ids"] == "{1,2}"


def test_category_with_a_comma_in_its_name() -> None:
    assert read(["amy", "Books, Magazines & Audio"], "handle", "category")["category_ids"] == "{3}"


def test_unknown_category_is_left_out_and_counted() -> None:
    batch = read_batch([2], [["amy", "Moonlight"]], plan("handle", "category"))
    assert (len(batch.lines), batch.notices["category_unknown"]) == (1, 1)


def test_day_in_the_future_is_refused() -> None:
    assert refused(["amy", "2026-12-24"], "handle", "as_of") == ("as_of", "2026-12-24", "date_in_future")


def test_share_above_all_is_refused() -> None:
    assert refused(["amy", "130%"], "handle", "female_share")[2] == "value_too_large"


def test_count_beyond_its_column_is_refused() -> None:
    assert refused(["amy", "3000000000"], "handle", "videos_30d")[2] == "value_too_large"


def test_text_with_tabs_and_line_breaks_stays_in_its_cell() -> None:
    line = read_batch([2], [["amy", "a\tb\nc\\d"]], plan("handle", "bio")).lines[0]
    assert line.split("\t")[STAGE_COLUMNS.index("bio")] == "a\\tb\\nc\\\\d"


def test_row_longer_than_the_header_is_refused() -> None:
    assert refused(["amy", "surplus"], "handle")[2] == "row_too_long"


def test_short_row_is_filled_up() -> None:
    assert read(["amy"], "handle", "nickname", "followers")["handle"] == "amy"


def test_refused_row_leaves_the_others() -> None:
    batch = read_batch([2, 3, 4], [["amy", "x"], ["bea", "2"], ["", "3"]], plan("handle", "followers"))
    assert len(batch.lines) == 1
    assert {position: found[0].code for position, found in batch.failures.items()} == {
        0: "number_unreadable",
        2: "handle_missing",
    }

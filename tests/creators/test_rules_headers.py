from pathlib import Path

import pytest

from creators.metrics import BY_KEY
from creators.rules.headers import (
    Alias,
    ColumnGuess,
    guess_column,
    guess_mapping,
    is_known_header,
    is_repeated_header,
    is_total_row,
    load_aliases,
    normalise_header,
)

ALIASES_FILE = Path(__file__).parents[2] / "creators" / "reference" / "header_aliases.csv"
with ALIASES_FILE.open(encoding="utf-8") as lines:
    ALIASES = load_aliases(lines)


# Fields of an import that are no metric.
WORDS = {
    "handle", "external_id", "profile_link", "nickname", "bio", "market", "language", "agency", "category", "email",
    "contact", "as_of", "audience_gender", "audience_age", "male_share",
}  # fmt: skip


def fields(headers: str, *rows: str) -> list[str | None]:
    guesses = guess_mapping(headers.split("|"), [row.split("|") for row in rows], ALIASES)
    return [guess.field or guess.reason for guess in guesses]


@pytest.mark.parametrize(
    "text", ["近30天GMV（$）", "近 30 天 GMV($)", "近30天\nGMV ( $ ) ", "近３０天ＧＭＶ（＄）", "\ufeff近30天GMV($)"]
)
def test_normalise_ignores_blanks_breaks_case_and_width(text: str) -> None:
    assert normalise_header(text) == "近30天gmv($)"


def test_alias_table_is_well_formed() -> None:
    rows = ALIASES_FILE.read_text(encoding="utf-8").splitlines()

    assert rows[0] == "header,field,window_days,source"
    assert len(ALIASES) == len(rows) - 1, "two rows mean the same header"


def test_every_alias_leads_to_a_field() -> None:
    found = {alias.field for alias in ALIASES.values()} - {""}

    assert found <= WORDS | set(BY_KEY)
    assert found >= WORDS


@pytest.mark.parametrize(
    ("header", "field", "window", "currency"),
    [
        ("近30天GMV($)", "gmv_30d", 30, "USD"), ("Revenue in Last 30 Days", "gmv_30d", 30, None),
        ("带货销售额 (近28天)", "gmv_30d", 28, None), ("L30D GMV", "gmv_30d", 30, None),
        ("平均播放量(近30天)", "avg_views", 30, None), ("近 30 天 点赞数", "likes_30d", 30, None),
        ("Likes in last 30 days", "likes_30d", 30, None), ("Videos (28 days)", "videos_30d", 28, None),
        ("30天涨粉数", "follower_growth_30d", 30, None), ("粉丝数 Followers", "followers", None, None),
        ("GMV (USD)", "gmv_30d", None, "USD"), ("销售额（元）", "gmv_30d", None, "CNY"),
        ("Views in last 30 days", "views_30d", 30, None), ("18-24", "age_18_24_share", None, None),
        ("总粉丝量 Subscribers", "followers", None, None), ("total_sale_gmv_amt", "gmv_total", None, None),
    ],
)  # fmt: skip
def test_header_gives_field_window_and_currency(
    header: str, field: str, window: int | None, currency: str | None
) -> None:
    guess = guess_column(0, header, ALIASES)

    assert (guess.field, guess.window_days, guess.currency) == (field, window, currency)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Revenue in Last 7 Days", "window_no_field"), ("近90天带货GMV", "window_no_field"),
        ("Revenue Yesterday", "window_no_field"), ("Live Revenue in Last 180 Days", "window_no_field"),
        ("合作状态", "no_field"), ("Views", "no_field"), ("Debut Time", "no_field"), ("Shoe size", "unknown"), ("",
        "unknown"),
    ],
)  # fmt: skip
def test_header_without_a_field_says_why(header: str, reason: str) -> None:
    guess = guess_column(0, header, ALIASES)

    assert (guess.field, guess.reason) == (None, reason)


def test_windowless_figure_for_a_windowed_field_is_less_sure() -> None:
    assert guess_column(0, "GMV", ALIASES).confidence < guess_column(0, "GMV 30 days", ALIASES).confidence


def test_exact_twin_of_a_doubled_header_wins() -> None:
    rows = ["mira|13.8M|13800000|6.4M|6400000", "noor|149.2M|149200000|17.3M|17300000"]

    assert fields("Tiktoker name|Subscribers|Subscribers|Views avg.|Views avg.", *rows) == [
        "handle", "twin", "followers", "twin", "avg_views",
    ]  # fmt: skip
    swapped = ["mira|13800000|13.8M", "noor|149200000|149.2M"]
    assert fields("Tiktoker name|Subscribers|Subscribers", *swapped) == ["handle", "followers", "twin"]


def test_second_header_for_a_field_is_left_out() -> None:
    assert fields("Handle|粉丝数|Followers", "mira|5|900") == ["handle", "followers", "duplicate"]


def test_explicit_window_and_exact_values_win() -> None:
    assert fields("Handle|销售额($)|近30天GMV($)", "mira|5|900") == ["handle", "duplicate", "gmv_30d"]
    assert fields("Handle|GMV Range|Total GMV", "mira|$0 - $5|$3") == ["handle", "duplicate", "gmv_30d"]


def test_values_correct_ambiguous_identity_headers() -> None:
    assert fields("达人ID|粉丝数", "mira.lune|5", "noor_k|6") == ["handle", "followers"]
    assert fields("达人ID|粉丝数", "7084645369166007598|5") == ["external_id", "followers"]
    assert fields("达人ID|粉丝数", "7.08465E+18|5") == ["external_id", "followers"]
    assert fields("TikTok ID|粉丝数", "7084645369166007598|5") == ["external_id", "followers"]
    assert fields("达人|粉丝数", "米拉|5", "努尔|6") == ["nickname", "followers"]


def test_handle_is_found_by_its_look_when_no_header_says_it() -> None:
    assert fields("Who|粉丝数", "@mira|5", "https://www.tiktok.com/@noor|6") == ["handle", "followers"]
    assert fields("Who|粉丝数", "Mira L|5", "@noor|6") == ["unknown", "followers"]


def test_header_with_alias_that_needs_a_window() -> None:
    assert guess_column(0, "Plays", {"plays": Alias("views_30d", None, needs_window=True)}).field is None


def test_guess_defaults() -> None:
    assert guess_mapping(["Shoe size"], [], ALIASES) == [ColumnGuess(0, "Shoe size", None, reason="unknown")]


@pytest.mark.parametrize(
    ("text", "known"), [("Followers", True), ("近7天GMV", True), ("1317", False), ("", False), ("mira", False)]
)
def test_known_header(text: str, known: bool) -> None:
    assert is_known_header(text, ALIASES) is known


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["Total", "", "1,200", "$5"], True), (["", "合计：", "12"], True), (["总计"], True),
        (["total", "Total Beauty", "1.2M"], False), (["mira", "total", "5"], False), (["", ""], False),
    ],
)  # fmt: skip
def test_total_row(cells: list[str], total: bool) -> None:
    assert is_total_row(cells) is total


def test_repeated_header_row() -> None:
    assert is_repeated_header(["handle ", "FOLLOWERS", ""], ["handle", "followers"])
    assert not is_repeated_header(["handle", "5"], ["handle", "followers"])
    assert not is_repeated_header(["handle"], ["handle", "followers"])
    assert not is_repeated_header(["", ""], ["", ""])

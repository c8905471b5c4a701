"""Rules that read scripts, links and files of results."""

from decimal import Decimal

import pytest

from campaigns.rules.checklist import Brief, answered, checklist_of, open_items, points_of
from campaigns.rules.claims import claims_in, discloses, languages_of, words_in
from campaigns.rules.content_links import platform_id_of
from campaigns.rules.result_columns import columns_of, is_header, read_row
from campaigns.rules.utm import utm_link, utm_word


@pytest.mark.parametrize(
    ("script", "found"),
    [("It cures acne", ["cures"]), ("Secure and procured", []), ("CLINICALLY\nproven", ["clinically proven"])],
)
def test_english_claims_are_whole_words(script, found):
    assert claims_in(script, "medical", ("en",)) == found


@pytest.mark.parametrize(
    ("script", "market", "claim", "found"),
    [
        ("这款精华治疗痘痘", "US", "medical", ["治疗"]),
        ("全网最低价", "CN", "absolute", ["最低价", "全网最"]),
        ("Kem tốt nhất", "VN", "absolute", ["tốt nhất"]),
        ("ครีมดีที่สุด", "TH", "absolute", ["ดีที่สุด"]),
        ("produk ini dijamin", "ID", "absolute", ["dijamin"]),
    ],
)
def test_claims_by_market_and_language(script, market, claim, found):
    assert claims_in(script, claim, languages_of(market, script)) == found


def test_disclosures_in_several_languages():
    assert all(discloses(text) for text in ("new serum #AD", "Paid partnership with us", "本视频含广告", "#QuangCao"))
    assert not discloses("an adventure")


def test_words_in_full_width_and_line_breaks():
    assert words_in("ＣＨＥＡＰ\nstuff", ["cheap stuff"]) == ["cheap stuff"]


def test_points_are_the_lines_of_a_brief():
    assert points_of("- Fills dryness\n\n• Oil free") == ("Fills dryness", "Oil free")


def test_rights_asked_and_not_agreed():
    items = checklist_of(Brief("US", rights_asked="Ads"), "#ad")
    assert [item["passed"] for item in items if item["code"] == "rights"] == [False]
    assert len(open_items(answered(items, range(len(items) - 1)))) == 1


def test_a_point_by_its_longer_words():
    brief = Brief("US", points=("fills dryness overnight", "oil free"))
    items = checklist_of(brief, "Overnight it fills every dryness")
    assert [item["passed"] for item in items[:2]] == [True, None]


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("https://www.tiktok.com/@brass/video/7301234567890123456?is_copy=1", "7301234567890123456"),
        ("m.tiktok.com/v/7301234567890123456.html", "7301234567890123456"),
        ("'7301234567890123456", "7301234567890123456"),
        ("https://example.com/video/7301234567890123456", ""),
        ("https://nottiktok.com/@a/video/7301234567890123456", ""),
        ("7.30123E+18", ""),
        ("12", ""),
    ],
)
def test_numbers_of_links(link, number):
    assert platform_id_of(link) == number


def test_utm_links_keep_the_query_and_replace_marks():
    link = utm_link("https://shop.example/p?id=3&utm_source=old#top", source="tiktok", medium="creator", campaign="w")
    assert link == "https://shop.example/p?id=3&utm_source=tiktok&utm_medium=creator&utm_campaign=w#top"
    with pytest.raises(ValueError, match="ftp"):
        utm_link("ftp://shop.example", source="a", medium="b", campaign="c")
    assert (utm_word("Winter care 2026!"), utm_word("冬季 护理")) == ("winter-care-2026", "冬季-护理")


def test_columns_in_both_languages():
    assert columns_of(["视频ID", "日期", "播放量", "GMV", "Date"]) == {"content": 0, "day": 1, "views": 2, "gmv": 3}
    assert is_header("Refunded GMV")
    assert not is_header("Nickname")


def test_a_row_of_whole_money():
    row = read_row({"content": "7301234567890123456", "day": "2026-11-22", "gmv": "110.000₫"}, currency="VND")
    assert (row.values, row.currencies, row.problems) == ({"gmv": Decimal("110000.00")}, {"gmv": "VND"}, [])


def test_a_row_with_a_range_or_far_too_much():
    cells = {"content": "7301234567890123456", "day": "", "views": "1K-2K", "likes": "1" + "0" * 16}
    assert read_row(cells).problems == [
        ("day", "day_missing"), ("views", "number_is_range"), ("likes", "number_unreadable"),
    ]  # fmt: skip
    assert read_row({}).problems[0] == ("content", "content_missing")

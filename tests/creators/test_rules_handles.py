import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.rules import PROBLEMS
from creators.rules.handles import parse_external_id, parse_handle


@pytest.mark.parametrize(
    "text",
    [
        "mira.lune_7", "@mira.lune_7", "MIRA.Lune_7", " mira.lune_7 \n", "@mira.lune_7\u200b",
        "＠ｍｉｒａ．ｌｕｎｅ＿７",
        "https://www.tiktok.com/@mira.lune_7?lang=en&_t=8", "tiktok.com/@Mira.Lune_7/video/7084645369166007598",
        "http://m.tiktok.com/@mira.lune_7#bio", "https://www.tiktok.com/%40mira.lune_7/",
    ],
)  # fmt: skip
def test_handle_is_read(text: str) -> None:
    assert parse_handle(text) == ("mira.lune_7", None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "handle_missing"), (" - ", "handle_missing"), ("N/A", "handle_missing"), ("None", "handle_missing"),
        ("two words", "handle_invalid"), ("ends.with.", "handle_invalid"), ("米拉", "handle_invalid"),
        ("𝓶𝓲𝓻𝓪", "handle_invalid"), ("@", "handle_invalid"), ("a" * 65, "handle_too_long"),
        ("https://vm.tiktok.com/ZMabc/", "handle_short_link"), ("https://vt.tiktok.com/ZS1/", "handle_short_link"),
        ("https://www.tiktok.com/t/ZTabc/", "handle_short_link"), ("https://example.com/@mira", "handle_other_link"),
        ("https://www.tiktok.com/discover/mira", "handle_other_link"), ("7084645369166007598", "handle_is_id"),
    ],
)  # fmt: skip
def test_handle_is_refused_with_a_reason(text: str, problem: str) -> None:
    assert parse_handle(text) == (None, problem)
    assert problem in PROBLEMS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7084645369166007598", "7084645369166007598"), (" 7084645369166007598 ", "7084645369166007598"),
        ("'7084645369166007598", "7084645369166007598"), ("12345.0", "12345"), ("007089", "007089"), ("", None),
        ("-", None),
    ],
)  # fmt: skip
def test_external_id_stays_text(text: str, value: str | None) -> None:
    assert parse_external_id(text) == (value, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("7.28899E+18", "id_lost_digits"), ("7,28899E+18", "id_lost_digits"), ("7288990000000000000.0",
        "id_lost_digits"),
        ("1234", "id_invalid"), ("1" * 26, "id_invalid"), ("mira", "id_invalid"), ("١٢٣٤٥٦", "id_invalid"),
    ],
)  # fmt: skip
def test_external_id_is_refused_with_a_reason(text: str, problem: str) -> None:
    assert parse_external_id(text) == (None, problem)
    assert problem in PROBLEMS


@given(
    st.from_regex(r"[a-z][a-z0-9_.]{0,20}[a-z0-9_]", fullmatch=True).filter(
        lambda h: h not in ("na", "nan", "none", "null")
    )
)
def test_written_handle_comes_back(handle: str) -> None:
    for text in (handle, f"@{handle}", handle.upper(), f"https://www.tiktok.com/@{handle}?lang=vi", f" {handle}\u200d"):
        assert parse_handle(text) == (handle, None)


@given(st.text())
def test_never_raises_and_gives_one_of_both(text: str) -> None:
    handle, problem = parse_handle(text)
    assert (handle is None) == (problem in PROBLEMS)
    number, problem = parse_external_id(text)
    assert problem is None or (number is None and problem in PROBLEMS)

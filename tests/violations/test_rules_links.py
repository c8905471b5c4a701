import pytest

from violations.rules.links import MOST, content_key

VIDEO = "tiktok:7300000000000000001"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.tiktok.com/@amy/video/7300000000000000001",
        "http://m.tiktok.com/@renamed/video/7300000000000000001?is_from_webapp=1&sender_device=pc",
        "  https://WWW.TikTok.com/@amy/video/7300000000000000001/  ",
        "tiktok.com/@amy/video/7300000000000000001#comments",
        "https://www.tiktok.com/@amy/photo/7300000000000000001",
        "https://www.tiktok.com/embed/v2/7300000000000000001",
        "https://www.tiktok.com/v/7300000000000000001.html",
    ],
)
def test_video_is_its_id_however_it_was_copied(link: str) -> None:
    assert content_key(link) == VIDEO


def test_live_room_is_its_handle() -> None:
    assert content_key("https://www.tiktok.com/@Amy.B/live?lang=en") == "tiktok-live:amy.b"


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.shop.example/item/9/?utm_source=a&b=2&a=1", "shop.example/item/9?a=1&b=2"),
        ("shop.example/item/9", "shop.example/item/9"),
        ("https://shop.example/", "shop.example"),
        ("https://shop.example/Item/9", "shop.example/Item/9"),
        ("https://tiktok.com.evil.example/@amy/video/7300000000000000001", None),
        ("https://vm.tiktok.com/ZMabc/", "vm.tiktok.com/ZMabc"),
    ],
)
def test_other_links_lose_what_marks_a_share(link: str, key: str | None) -> None:
    assert content_key(link) == (key or "tiktok.com.evil.example/@amy/video/7300000000000000001")


def test_other_content_has_another_key() -> None:
    first, second = (f"https://www.tiktok.com/@amy/video/730000000000000000{number}" for number in (1, 2))
    assert content_key(first) != content_key(second)


def test_key_fits_its_column() -> None:
    assert len(content_key("https://shop.example/" + "a" * 1000)) == MOST


@pytest.mark.parametrize("link", ["", "  "])
def test_no_link_has_no_key(link: str) -> None:
    assert content_key(link) == ""


@pytest.mark.parametrize(
    "link",
    ["ftp://shop.example/a", "javascript:alert(1)", "video", "https://", "https://shop example/a", "http://[::1"],
)
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        content_key(link)

"""Handles and creator IDs as sellers' files write them."""

import re
import unicodedata
from urllib.parse import unquote

MAX_HANDLE = 64  # TikTok allows 24 today; older names in lists are longer
_HANDLE = re.compile(r"[a-z0-9_.]*[a-z0-9_]")
_LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)?tiktok\.com/(?P<path>.*)", re.IGNORECASE | re.DOTALL)
_SHORT = re.compile(r"(?:https?://)?(?:v[mt]\.tiktok\.com/|(?:www\.)?tiktok\.com/t/)", re.IGNORECASE)
_OTHER_LINK = re.compile(r"https?://|[a-z0-9.-]+\.[a-z]{2,}/", re.IGNORECASE)
# Words that programs write for nothing; who really has such a handle is written with @.
EMPTY_WORDS = ("na", "nan", "none", "null")
_MISSING = frozenset({"", "-", "--", "–", "—", "n/a", "无", "暂无", "未知", *EMPTY_WORDS})
# Letters typed with a Chinese input method, and invisible characters that come along when copying.
_WIDE = str.maketrans({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
_WHOLE_FLOAT = re.compile(r"\d{5,15}\.0+")
_EXPONENT = re.compile(r"[\d.,]+e[+-]?\d+", re.IGNORECASE)


def visible(text: str) -> str:
    """The text without zero-width and control characters and outer blanks, full-width letters made narrow."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = "".join(c for c in text.translate(_WIDE) if unicodedata.category(c) not in {"Cf", "Cc"})
    return kept.strip()


def parse_handle(text: str) -> tuple[str | None, str | None]:
    """(handle in lower case, None) or (None, a code of PROBLEMS); never raises.

    Understands name, @name, NAME, and links of profiles and videos with any query. Short links do not contain the
    handle, and nothing here looks anything up, so they are refused.
    """
    plain = visible(text)
    if plain.lower() in _MISSING:
        return None, "handle_missing"
    if _SHORT.match(plain):
        return None, "handle_short_link"
    link = _LINK.fullmatch(plain)
    if link:
        plain = unquote(re.split(r"[?#]", link["path"], maxsplit=1)[0]).split("/")[0]
        if not plain.startswith("@"):
            return None, "handle_other_link"
    elif _OTHER_LINK.match(plain):
        return None, "handle_other_link"
    handle = plain.removeprefix("@").lower()
    if len(handle) > MAX_HANDLE:
        return None, "handle_too_long"
    if not _HANDLE.fullmatch(handle):
        return None, "handle_invalid"
    if handle.isdigit() and len(handle) >= 15:
        return None, "handle_is_id"
    return handle, None


def parse_external_id(text: str) -> tuple[str | None, str | None]:
    """(digits, None), (None, None) for an empty cell, or (None, a code of PROBLEMS); never raises.

    An ID stays text: 19 digits do not fit a spreadsheet number, so 7.28899E+18 has lost digits and is refused;
    "12345.0" is accepted up to 15 digits, which a float holds exactly.
    """
    plain = visible(text)
    if plain.lower() in _MISSING:
        return None, None
    plain = plain.removeprefix("'")  # the apostrophe with which people keep Excel from converting
    if plain.isascii() and plain.isdigit() and 5 <= len(plain) <= 25:
        return plain, None
    if _WHOLE_FLOAT.fullmatch(plain):
        return plain.split(".")[0], None
    if _EXPONENT.fullmatch(plain) or re.fullmatch(r"\d{16,}\.0*", plain):
        return None, "id_lost_digits"
    return None, "id_invalid"

"""What a link to a published content says."""

import re
from urllib.parse import urlsplit

_VIDEO = re.compile(r"/(?:@[^/]+/)?(?:video|photo|v|embed)/(?:v2/)?([0-9]{6,25})")
_HOST = re.compile(r"(?:^|\.)tiktok\.com$")


def platform_id_of(link: str) -> str:
    """The platform's number of a video in its link, or the number itself; "" where there is none."""
    text = link.strip().removeprefix("'")
    if text.isascii() and text.isdigit():
        return text if 6 <= len(text) <= 25 else ""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if not _HOST.search((parts.hostname or "").lower()):
        return ""
    found = _VIDEO.search(parts.path)
    return found[1] if found else ""

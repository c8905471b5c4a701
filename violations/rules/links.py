"""Content links brought to one form, so that the same incident is recognised however its link was copied."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

VIDEO = re.compile(r"/(?:@[^/]+/)?(?:video|photo|v|embed)/(?:v2/)?([0-9]{6,25})")
LIVE_ROOM = re.compile(r"/@([a-z0-9_.]+)/live")
# Hosts that show the same content under other names.
PREFIXES = ("www.", "m.")
# What marks a share, not the content.
SHARING = re.compile(
    r"^(utm_.*|_[a-z]|_r|is_.*|sender_.*|share_.*|sec_.*|source|lang|checksum|timestamp|u_code|ug_.*)$"
)
MOST = 300


def content_key(link: str) -> str:
    """The normalised form of a link, at most 300 characters; "" of an empty one.

    A TikTok video or photo is its id, whoever's handle stands before it. Raises ValueError for what is no http(s) link.
    """
    text = link.strip()
    if not text:
        return ""
    if "://" not in text:
        text = f"https://{text}"
    parts = urlsplit(text)
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in ("http", "https") or "." not in host or any(mark.isspace() for mark in text):
        raise ValueError(link)
    if host == "tiktok.com" or host.endswith(".tiktok.com"):
        if found := VIDEO.search(parts.path):
            return f"tiktok:{found[1]}"
        if live := LIVE_ROOM.fullmatch(parts.path.rstrip("/").lower()):
            return f"tiktok-live:{live[1]}"
    for prefix in PREFIXES:
        host = host.removeprefix(prefix)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not SHARING.match(key.lower())]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{parts.path.rstrip('/')}{query}"[:MOST]

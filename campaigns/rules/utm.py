"""Links with marks by which other sites count where visitors come from. Source: the list of systems, number 51."""

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

KEYS = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


def utm_link(address: str, *, source: str, medium: str, campaign: str, content: str = "") -> str:
    """The address with the four marks, its own query kept, marks it had replaced.

    Raises ValueError for what is no http(s) address.
    """
    parts = urlsplit(address.strip())
    if parts.scheme.lower() not in {"http", "https"} or "." not in (parts.hostname or ""):
        raise ValueError(address)
    marks = dict(zip(KEYS, (source, medium, campaign, content), strict=True))
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in KEYS]
    query = urlencode([*kept, *((key, value) for key, value in marks.items() if value)])
    return urlunsplit(parts._replace(query=query))


def utm_word(text: str) -> str:
    """A name as such marks are usually written: lower case, letters and digits of any script, dashes between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w.]+", "-", plain).strip("-_.")[:80]

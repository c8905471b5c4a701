"""The one-time codes that open a creator's page: six digits."""

import unicodedata

LENGTH = 6
# How many there are.
CODES = 10**LENGTH


def code_text(number: int) -> str:
    """The code of a number below `CODES`, with its leading zeros."""
    return f"{number:0{LENGTH}d}"


def code_clean(typed: str) -> str:
    """The six digits that somebody typed, also in full width or with gaps; "" of everything else."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "")
    return text if len(text) == LENGTH and text.isascii() and text.isdigit() else ""

"""The digest that seals an entry's texts and files in the chain without holding them."""

import hashlib
import json
from collections.abc import Sequence


def details_digest(
    *, salt: str, note: str, internal_note: str, content_link: str, reason: str, evidence: Sequence[str]
) -> str:
    """SHA-256 (64 hexadecimal digits) over the salt and the contents; `evidence` holds the files' SHA-256 in order.

    With the salt erased too, nobody can tell from the digest what the texts were.
    """
    content = json.dumps([note, internal_note, content_link, reason, list(evidence)], ensure_ascii=False)
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()

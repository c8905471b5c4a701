import hashlib
from typing import Any

import pytest

from violations.rules.sealing import details_digest

CONTENT: dict[str, Any] = {
    "salt": "s",
    "note": "备注",
    "internal_note": "b",
    "content_link": "c",
    "reason": "d",
    "evidence": ["e", "f"],
}


def test_digest_is_that_of_salt_and_contents() -> None:
    expected = hashlib.sha256('s\n["备注", "b", "c", "d", ["e", "f"]]'.encode()).hexdigest()
    assert details_digest(**CONTENT) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "t"},
        {"note": "b"},
        {"internal_note": ""},
        {"content_link": "C"},
        {"reason": "d "},
        {"evidence": ["f", "e"]},
        {"evidence": ["e"]},
        # Moved from one text to the next.
        {"note": "", "internal_note": "备注b"},
    ],
)
def test_every_part_is_sealed(change: dict[str, Any]) -> None:
    assert details_digest(**CONTENT | change) != details_digest(**CONTENT)

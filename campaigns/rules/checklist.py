"""What a review of a draft looks at, filled in from the script as far as that can be read; a person confirms it.

Source: the list of systems, numbers 48 and 49: no absolute and no medical claims, the script first, rights settled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.rules.claims import claims_in, discloses, languages_of, words_in

# Short words say nothing about a talking point.
_LONG = 4


@dataclass(frozen=True)
class Brief:
    """What a draft is read against: lines of the brief, words that must not appear, rights asked and agreed."""

    market: str
    points: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    rights_asked: str = ""
    rights_agreed: str = ""


def checklist_of(brief: Brief, script: str) -> list[dict[str, Any]]:
    """The items as objects with code, text, passed (true, false, null: look yourself) and found words, as stored."""
    languages = languages_of(brief.market, script)
    items = [_item("point", _point(point, script), text=point) for point in brief.points]
    items += [
        _words("forbidden", words_in(script, brief.forbidden), script),
        _words("medical", claims_in(script, "medical", languages), script),
        _words("absolute", claims_in(script, "absolute", languages), script),
        _item("disclosure", True if discloses(script) else None),
    ]
    if brief.rights_asked or brief.rights_agreed:
        items.append(_item("rights", bool(brief.rights_agreed), text=brief.rights_agreed or brief.rights_asked))
    return items


def answered(items: Sequence[dict[str, Any]], confirmed: Iterable[int]) -> list[dict[str, Any]]:
    """The items as a person left them: those at the confirmed places passed, the others did not."""
    passed = set(confirmed)
    return [item | {"passed": place in passed} for place, item in enumerate(items)]


def open_items(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items that stand against an approval."""
    return [item for item in items if item["passed"] is not True]


def points_of(text: str) -> tuple[str, ...]:
    """The lines of a brief, without list marks and blank lines."""
    lines = (line.strip().lstrip("-*•·").strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def _item(code: str, passed: bool | None, *, text: str = "", found: Sequence[str] = ()) -> dict[str, Any]:
    return {"code": code, "text": text, "passed": passed, "found": list(found)}


def _words(code: str, found: Sequence[str], script: str) -> dict[str, Any]:
    """Words that must not stand in it: known only where there is a script to read."""
    return _item(code, False if found else True if script.strip() else None, found=found)


def _point(point: str, script: str) -> bool | None:
    """True where the script has the line or all its longer words; otherwise somebody has to look."""
    if words_in(script, [point]):
        return True
    words = [word for word in point.replace(",", " ").split() if len(word) >= _LONG]
    return True if words and len(words_in(script, words)) == len(dict.fromkeys(words)) else None

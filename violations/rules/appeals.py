"""Appeals: what a second one needs, and the steps of an appeal that change no state."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

# At most two an entry: the second one only on new evidence (rule book, "Appeals").
MOST = 2
# Time left under which an appeal is shown as urgent, and as soon due.
URGENT, SOON = timedelta(days=1), timedelta(days=2)


class Mark(StrEnum):
    """What happened in a step from a state to the same one; its note is the mark and a text behind it."""

    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    # Marked before the mail is given to the server, so that none is sent twice.
    MAILED = "mailed"
    UNSENT = "unsent"


def mark_note(mark: Mark, text: str = "") -> str:
    """The note of a step that changes no state."""
    return f"{mark} {text}".rstrip()


def mark_of(note: str) -> tuple[Mark, str] | None:
    """The mark and the text of such a note; None when there is no mark."""
    word, _, text = note.partition(" ")
    return (Mark(word), text) if word in set(Mark) else None


def has_new(digests: Iterable[str], known: Iterable[str]) -> bool:
    """Whether one of the files (SHA-256) was not brought before."""
    return bool(set(digests) - set(known))


def urgency(due_at: datetime, at: datetime) -> str:
    """The colour of the time left: `bad` under a day and when it is over, `warn` under two days, else ""."""
    left = due_at - at
    return "bad" if left < URGENT else "warn" if left < SOON else ""


def parts_of(left: timedelta) -> tuple[int, int, int]:
    """Days, hours and minutes of a time, which is never negative; begun minutes are not counted."""
    minutes = max(left, -left) // timedelta(minutes=1)
    return minutes // 1440, minutes // 60 % 24, minutes % 60

"""How urgent the next step of a collaboration is, and which step that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from campaigns.states.collaborations import CollaborationState as C
from campaigns.states.contents import ContentState
from campaigns.states.samples import SampleState

Urgency = Literal["", "soon", "late"]
Kind = Literal[
    "invite", "reply", "decide", "ship", "delivery", "make", "settle", "review", "publish", "closed", "ended", "held",
]  # fmt: skip

# From then on a due step is shown in amber.
SOON = timedelta(days=2)
# Contents take longer: a word with the creator a little earlier helps.
CONTENT_SOON = timedelta(days=3)
_TO_MAKE = frozenset({ContentState.DUE, ContentState.CHANGES_ASKED, ContentState.TAKEN_DOWN})


@dataclass(frozen=True)
class Step:
    """What comes next: `count` contents to make, review or publish; `late_by` is set when it should be done."""

    kind: Kind
    urgency: Urgency = ""
    due_at: datetime | None = None
    late_by: timedelta | None = None
    count: int = 0


def next_step(
    state: str, *, due_at: datetime | None, at: datetime, samples: Sequence[str] = (), contents: Sequence[str] = ()
) -> Step:
    """The next step of a collaboration with these states of its samples and contents."""
    kind, count = _kind(state, samples, contents)
    if due_at is None or kind in {"closed", "ended", "held", "invite"}:
        return Step(kind, count=count)
    if due_at <= at:
        return Step(kind, "late", due_at, at - due_at, count)
    near = CONTENT_SOON if kind == "make" else SOON
    # A reply is not ours to hurry.
    is_soon = kind != "reply" and due_at - at <= near
    return Step(kind, "soon" if is_soon else "", due_at, None, count)


def _kind(state: str, samples: Sequence[str], contents: Sequence[str]) -> tuple[Kind, int]:
    simple: dict[str, Kind] = {
        C.SEATED: "invite", C.INVITED: "reply", C.SAMPLE_SENT: "delivery", C.PUBLISHED: "settle", C.CLOSED: "closed",
        C.DECLINED: "ended", C.EXPIRED: "ended", C.DROPPED: "ended", C.ON_HOLD: "held",
    }  # fmt: skip
    if state in simple:
        return simple[state], 0
    if state == C.ACCEPTED and SampleState.REQUESTED in samples:
        return "decide", 0
    if state == C.ACCEPTED and SampleState.APPROVED in samples:
        return "ship", 0
    if state == C.IN_REVIEW:
        waiting = sum(one == ContentState.IN_REVIEW for one in contents)
        return ("review", waiting) if waiting else ("publish", sum(one == ContentState.APPROVED for one in contents))
    return "make", sum(one in _TO_MAKE for one in contents)

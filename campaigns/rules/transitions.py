"""Where a collaboration may go, and where its samples and contents put it. Source: DESIGN §3, campaigns."""

from collections import deque
from collections.abc import Sequence

from campaigns.states.collaborations import AGREED, COLLABORATION_TRANSITIONS
from campaigns.states.collaborations import CollaborationState as C
from campaigns.states.contents import ContentState
from campaigns.states.samples import SampleState

# Of several contents the least advanced one counts.
_CONTENT_STAGE: dict[str, C] = {
    ContentState.DUE: C.CONTENT_DUE,
    ContentState.CHANGES_ASKED: C.CONTENT_DUE,
    ContentState.TAKEN_DOWN: C.CONTENT_DUE,
    ContentState.IN_REVIEW: C.IN_REVIEW,
    ContentState.APPROVED: C.IN_REVIEW,
    ContentState.PUBLISHED: C.PUBLISHED,
}
_SAMPLE_STAGE: dict[str, C] = {
    SampleState.REQUESTED: C.ACCEPTED,
    SampleState.APPROVED: C.ACCEPTED,
    SampleState.SHIPPED: C.SAMPLE_SENT,
    SampleState.DELIVERED: C.DELIVERED,
    SampleState.DEFECTIVE: C.DELIVERED,
}
_ORDER = [C.ACCEPTED, C.SAMPLE_SENT, C.DELIVERED, C.CONTENT_DUE, C.IN_REVIEW, C.PUBLISHED]


def may_move(state: str, to: str, *, held_state: str = "") -> bool:
    """Whether the table, and for what is on hold the state it came from, allow the move."""
    if state == C.ON_HOLD:
        return to in {held_state, C.DROPPED}
    return to in COLLABORATION_TRANSITIONS[state]


def stage_of(state: str, *, samples: Sequence[str], contents: Sequence[str]) -> C:
    """The state that samples and contents (their states) put an agreed collaboration into.

    Contents count once one of them is under way; before that the least advanced sample does. Without a sample that is
    still on its way the contents are due, except that who has received one stays `delivered` until the work begins or
    somebody says that it is due.
    """
    current = C(state)
    stages = [_CONTENT_STAGE[one] for one in contents if one in _CONTENT_STAGE]
    if any(stage != C.CONTENT_DUE for stage in stages) or any(
        one in {"changes_asked", "taken_down"} for one in contents
    ):
        return min(stages, key=_ORDER.index)
    waiting = [_SAMPLE_STAGE[one] for one in samples if one in _SAMPLE_STAGE]
    if waiting and (stage := min(waiting, key=_ORDER.index)) != C.DELIVERED:
        return stage
    if current in {C.ACCEPTED, C.SAMPLE_SENT, C.DELIVERED}:
        # Nothing is on its way any more: the sample was lost or sent back.
        return C.DELIVERED if waiting else C.ACCEPTED if current == C.SAMPLE_SENT else current
    return C.CONTENT_DUE


def steps_between(state: str, to: str) -> list[C]:
    """The states on the shortest way through the table, `to` the last one; empty when there is no way or no need.

    Only agreed states lie on it, so that no step drops or holds the collaboration.
    """
    if state == to:
        return []
    queue: deque[list[C]] = deque([[C(state)]])
    seen = {C(state)}
    while queue:
        way = queue.popleft()
        for step in sorted(COLLABORATION_TRANSITIONS[way[-1]] & AGREED - seen, key=_ORDER.index):
            if step == to:
                return [*way[1:], step]
            seen.add(step)
            queue.append([*way, step])
    return []

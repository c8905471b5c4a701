"""When the next step of a collaboration is due. Source: the platform facts, "Samples"."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from campaigns.states.collaborations import CollaborationState as C

DECIDE_DAYS = 7
SHIP = timedelta(hours=24)
CONTENT_DAYS = 14
EXTENSION_DAYS = 7
# Ours: a draft is answered within two days, and a week after publication the numbers settle.
REVIEW_DAYS = 2
SETTLE_DAYS = 7
# From then on a received sample is work that is due.
CONTENT_SOON = timedelta(days=7)


def next_due(
    state: str,
    *,
    since: datetime,
    reply_days: int,
    samples: Iterable[datetime | None] = (),
    contents: Iterable[datetime | None] = (),
) -> datetime | None:
    """When the next step is due for a collaboration in the state `since`; None when nothing is waited for.

    `samples` are the due instants of its samples that wait for us or the carrier, `contents` those of contents that
    are not out yet.
    """
    if state == C.INVITED:
        return since + timedelta(days=reply_days)
    if state in {C.ACCEPTED, C.SAMPLE_SENT}:
        return _first(samples) or (_first(contents) if state == C.ACCEPTED else None)
    if state in {C.DELIVERED, C.CONTENT_DUE}:
        return _first(contents)
    if state == C.IN_REVIEW:
        return since + timedelta(days=REVIEW_DAYS)
    if state == C.PUBLISHED:
        return since + timedelta(days=SETTLE_DAYS)
    return None


def _first(instants: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in instants if one is not None), default=None)

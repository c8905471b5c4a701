"""When a sample counts as fulfilled: our own test. Sources: the platform facts, "Samples" (what counts), and the
complaint that a LIVE of one minute without viewers counted as content (lessons of the market, c1 number 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from campaigns.states.contents import ContentKind

KEPT_FOR = timedelta(days=3)
LIVE_MINUTES = 10
# A video that went out on the last day still has its three days to stay.
GRACE = timedelta(days=3)

Judgement = Literal["fulfilled", "unfulfilled", "open"]


@dataclass(frozen=True)
class Shown:
    """What is known of a content: `views` over all days, `product_id` the tagged product."""

    kind: str
    product_id: int | None
    published_at: datetime | None
    taken_down_at: datetime | None = None
    live_minutes: int | None = None
    views: int | None = None


@dataclass(frozen=True)
class Part:
    """One part of the test: `passed` None means that it is not known yet."""

    code: Literal["after_delivery", "kept", "live_minutes", "product", "views"]
    passed: bool | None


def parts_of(
    content: Shown, *, product_id: int, delivered_at: datetime, min_views: int | None, at: datetime
) -> list[Part]:
    """The parts of the test for one published content and the sample of a product."""
    if content.published_at is None:
        return []
    parts = [
        Part("after_delivery", content.published_at >= delivered_at),
        Part("product", content.product_id == product_id),
    ]
    if content.kind == ContentKind.LIVE:
        parts.append(Part("live_minutes", None if content.live_minutes is None else _long_enough(content.live_minutes)))
    else:
        parts.append(Part("kept", _kept(content.published_at, content.taken_down_at, at)))
    if min_views:
        enough = content.views is not None and content.views >= min_views
        parts.append(Part("views", True if enough else None))
    return parts


def judge(
    contents: Sequence[Shown],
    *,
    product_id: int,
    delivered_at: datetime,
    due_at: datetime,
    min_views: int | None,
    at: datetime,
) -> Judgement:
    """Whether a received sample is fulfilled at the instant: one content that passes every part is enough.

    Unfulfilled once the due date and the grace are over, so that a video of the last day can stay three days.
    """
    for content in contents:
        parts = parts_of(content, product_id=product_id, delivered_at=delivered_at, min_views=min_views, at=at)
        if parts and all(part.passed for part in parts):
            return "fulfilled"
    return "unfulfilled" if at > due_at + GRACE else "open"


def _long_enough(minutes: int) -> bool:
    return minutes >= LIVE_MINUTES


def _kept(published_at: datetime, taken_down_at: datetime | None, at: datetime) -> bool | None:
    if taken_down_at is not None:
        return taken_down_at - published_at >= KEPT_FOR
    return True if at - published_at >= KEPT_FOR else None

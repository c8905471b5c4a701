"""Which of several values is the best, when some of them are ranges."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Span(NamedTuple):
    """A value: its lower and its upper end, the same for a plain number; None is an open end."""

    low: Decimal
    high: Decimal | None


def best_places(spans: Sequence[Span | None], *, lower_is_better: bool = False) -> set[int]:
    """The places of the values that no other can beat; none when fewer than two are known or all are equal.

    A range is best only when its worse end is at least as good as the better end of every other.
    """
    known = {place: span for place, span in enumerate(spans) if span is not None}
    if len(known) < 2:
        return set()
    best = {
        place
        for place, span in known.items()
        if all(_beats(span, other, lower_is_better) for spot, other in known.items() if spot != place)
    }
    return best if len(best) < len(known) else set()


def _beats(span: Span, other: Span, lower_is_better: bool) -> bool:
    if lower_is_better:
        return span.high is not None and span.high <= other.low
    return other.high is not None and span.low >= other.high

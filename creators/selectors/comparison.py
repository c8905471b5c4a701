"""Creators side by side: every known metric in its group, the best value marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from creators.metrics import GROUP_LABELS, METRICS, Metric
from creators.rules.comparison import Span, best_places
from creators.selectors.directory import Row, high_end
from creators.selectors.profile import Fact

COMPARE_MAX = 5
# Neither end of these is better: they describe.
NEUTRAL_GROUPS = frozenset({"audience"})
NEUTRAL = frozenset({"avg_order_value", "commission_rate"})
LOWER_IS_BETTER = frozenset({"price_quote", "points", "strikes"})


@dataclass(frozen=True)
class Line:
    """A metric across the creators; `best` are the places of the values that no other beats."""

    metric: Metric
    facts: list[Fact]
    best: set[int]


def compare(rows: Sequence[Row]) -> list[tuple[str | Promise, list[Line]]]:
    """The metrics that at least one of the creators has, by group."""
    lines = [_line(metric, rows) for metric in METRICS]
    known = [line for line in lines if any(fact.number is not None for fact in line.facts)]
    groups = [(label, [line for line in known if line.metric.group == group]) for group, label in GROUP_LABELS.items()]
    return [(label, found) for label, found in groups if found]


def _line(metric: Metric, rows: Sequence[Row]) -> Line:
    facts = [Fact(metric, metric.of(row.facts), row.values.get(metric.key)) for row in rows]
    if metric.group in NEUTRAL_GROUPS or metric.key in NEUTRAL:
        return Line(metric, facts, set())
    spans = [_span(fact) for fact in facts]
    return Line(metric, facts, best_places(spans, lower_is_better=metric.key in LOWER_IS_BETTER))


def _span(fact: Fact) -> Span | None:
    if fact.number is None:
        return None
    low = Decimal(fact.number)
    if fact.value is None or not fact.value.is_range:
        return Span(low, low)
    return Span(low, high_end(fact.metric, fact.value))

"""Which value is the best when some are ranges."""

from decimal import Decimal

import pytest

from creators.rules.comparison import Span, best_places


def exact(number: int) -> Span:
    return Span(Decimal(number), Decimal(number))


@pytest.mark.parametrize(
    ("spans", "best"),
    [
        ([exact(3), exact(7), None], {1}),
        ([exact(7), exact(7), exact(1)], {0, 1}),
        ([exact(7), exact(7)], set()),
        ([exact(7), None], set()),
        ([], set()),
        # The range may hold more than 60 or less.
        ([Span(Decimal(50), Decimal(100)), exact(60)], set()),
        ([Span(Decimal(50), Decimal(100)), exact(40)], {0}),
        ([Span(Decimal(50), None), exact(60)], set()),
        ([Span(Decimal(50), None), exact(40)], {0}),
    ],
)
def test_best_places_higher_is_better(spans, best):
    assert best_places(spans) == best


@pytest.mark.parametrize(
    ("spans", "best"),
    [
        ([exact(3), exact(7)], {0}),
        ([Span(Decimal(3), None), exact(7)], set()),
        ([Span(Decimal(3), Decimal(5)), exact(7)], {0}),
    ],
)
def test_best_places_lower_is_better(spans, best):
    assert best_places(spans, lower_is_better=True) == best

"""Which cell of a test matrix did best, and whether that can be told at all. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

PRODUCTS, STYLES = 5, 8
STYLE_LENGTH = 60
# Ours: with fewer contents in a cell one lucky video decides, and less than a tenth between two cells is chance.
ENOUGH = 3
CLOSE = Decimal("0.10")
# Days 0 to 6 after the day of publication, in the market.
WEEK_DAYS = 7

Kind = Literal["nothing", "alone", "thin", "tie", "clear"]


@dataclass(frozen=True)
class Reading:
    """A cell's measure: `total` over `contents` that have it; `key` names the cell."""

    key: int
    contents: int
    total: Decimal

    @property
    def each(self) -> Decimal | None:
        """The measure a content; None without one."""
        return self.total / self.contents if self.contents else None


@dataclass(frozen=True)
class Judgement:
    """The best cell by the measure a content, and how sure that is.

    nothing: no cell has a result above zero; alone: no other cell has one to compare with; thin: it or the next one
    has fewer than three contents; tie: the next one, `second`, is less than a tenth behind; clear: none of these.
    `thinnest` is the number of contents of the thinner of the two.
    """

    kind: Kind
    best: int | None = None
    second: int | None = None
    thinnest: int = 0


def judge(readings: Sequence[Reading]) -> Judgement:
    """Judge the cells; of two that are equal the first one is named best."""
    found = sorted(
        (one for one in readings if one.each is not None), key=lambda one: one.each or Decimal(0), reverse=True
    )
    if not found or not found[0].each or found[0].each <= 0:
        return Judgement("nothing")
    best = found[0]
    if len(found) == 1:
        return Judgement("alone", best.key, None, best.contents)
    second = found[1]
    thinnest = min(best.contents, second.contents)
    if thinnest < ENOUGH:
        return Judgement("thin", best.key, second.key, thinnest)
    is_close = (second.each or Decimal(0)) >= best.each * (1 - CLOSE)  # type: ignore[operator]
    return Judgement("tie" if is_close else "clear", best.key, second.key, thinnest)

"""The geometry of the small chart "balance from here": pure numbers, drawn by a template as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 340, 132
LEFT, TOP, BOTTOM = 22.0, 20.0, 110.0
# Labels closer than this would overlap.
LABEL_GAP = 62.0
# Some room behind the last step.
ROOM = 0.12


@dataclass(frozen=True)
class Mark:
    """A step of the chart: where it begins, and the balance from there."""

    x: float
    y: float
    at: datetime
    balance: int
    has_label: bool
    anchor: str = "middle"

    @property
    def text_x(self) -> float:
        """Where the balance is written: beside the step's corner, and above its line."""
        return round(self.x + 5, 1)

    @property
    def text_y(self) -> float:
        return round(self.y - 5, 1)


@dataclass(frozen=True)
class StepPlot:
    """A falling line of steps; `threshold_y` is where the next milestone lies, if there is one."""

    path: str
    marks: list[Mark]
    threshold_y: float | None
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def threshold_text_y(self) -> float:
        return round((self.threshold_y or 0) - 4, 1)


def step_plot(steps: Sequence[tuple[datetime, int]], *, threshold: int | None) -> StepPlot:
    """The chart of (instant, balance from then on), the first being now; balances are 0 or more."""
    start, end = steps[0][0], steps[-1][0]
    span = max((end - start) / timedelta(hours=1), 1.0) * (1 + ROOM)
    most = max([balance for _at, balance in steps] + [threshold or 0, 1])

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT) * ((at - start) / timedelta(hours=1)) / span, 1)

    def y(balance: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * balance / most, 1)

    marks: list[Mark] = []
    labelled = -LABEL_GAP
    for at, balance in steps:
        shown = x(at) - labelled >= LABEL_GAP
        labelled = x(at) if shown else labelled
        marks.append(Mark(x(at), y(balance), at, balance, shown, "middle" if marks else "start"))
    path = f"M{marks[0].x} {marks[0].y}" + "".join(f" H{mark.x} V{mark.y}" for mark in marks[1:]) + f" H{WIDTH}"
    return StepPlot(path, marks, None if threshold is None else y(threshold))

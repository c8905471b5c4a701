"""The geometry of the small charts of a campaign's map: planned and actual sums as two lines. Pure numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 360, 132
LEFT, RIGHT, TOP, BOTTOM = 8.0, 352.0, 14.0, 110.0


@dataclass(frozen=True)
class MapPlot:
    """Paths of the planned and the actual line ("" where there is none), and the largest value that is drawn."""

    planned: str
    actual: str
    # Where the last actual point lies.
    end_x: float
    end_y: float
    most: Decimal
    width: int = WIDTH
    height: int = HEIGHT


def map_plot(planned: Sequence[Decimal | None], actual: Sequence[Decimal | None]) -> MapPlot:
    """Lines through the sums at the end of each week; a line ends where its values do. Both begin at 0."""
    values = [one for one in (*planned, *actual) if one is not None]
    most = max([*values, Decimal(1)])
    least = min([*values, Decimal(0)])
    step = (RIGHT - LEFT) / max(len(planned), 1)

    def point(place: int, value: Decimal) -> tuple[float, float]:
        share = float((value - least) / (most - least))
        return round(LEFT + step * place, 1), round(BOTTOM - (BOTTOM - TOP) * share, 1)

    def points(sums: Sequence[Decimal | None]) -> list[tuple[float, float]]:
        known = [one for one in sums if one is not None]
        return [point(0, Decimal(0)), *(point(place, one) for place, one in enumerate(known, start=1))] if known else []

    shown = points(actual)
    end_x, end_y = shown[-1] if shown else (LEFT, BOTTOM)
    return MapPlot(_path(points(planned)), _path(shown), end_x, end_y, most)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'L' if place else 'M'}{x} {y}" for place, (x, y) in enumerate(points))

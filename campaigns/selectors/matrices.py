"""Test matrices with what came of their cells in the first 24 hours and in seven days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.models import Campaign, Content, ContentResult, MatrixCell, Product, Seat, TestMatrix
from campaigns.rules.matrix import WEEK_DAYS, Judgement, Reading, judge
from campaigns.selectors.results import Figures, figures_sum
from campaigns.states.contents import ContentState, ResultWindow

MEASURES: dict[str, str | Promise] = {"gmv_net": _("GMV net"), "orders": _("Orders"), "views": _("Views")}
WINDOWS: dict[str, str | Promise] = {"week": _("7 days"), "first_24h": _("First 24 hours")}
COUNTS = ("views", "likes", "comments", "shares", "product_clicks", "orders")


@dataclass(frozen=True)
class Tried:
    """A published content with its figures in both windows; None where nobody has recorded any.

    `is_week_over`: its seven days have passed in the market.
    """

    content: Content
    first_24h: Figures | None
    week: Figures | None
    is_week_over: bool

    def known(self, window: str, measure: str) -> Decimal | None:
        """The measure in a window that is over."""
        figures = self.first_24h if window == "first_24h" else self.week if self.is_week_over else None
        value = None if figures is None else getattr(figures, measure)
        return None if value is None else Decimal(value)


@dataclass
class CellView:
    """A cell of the grid. `each` is the chosen measure a content, over `known` contents that have it."""

    cell: MatrixCell
    seats: int = 0
    contents: int = 0
    tried: list[Tried] = field(default_factory=list)
    first_24h: Figures | None = None
    week: Figures | None = None
    known: int = 0
    total: Decimal = Decimal(0)
    is_best: bool = False
    percent: Decimal = Decimal(0)

    @property
    def each(self) -> Decimal | None:
        return self.total / self.known if self.known else None

    @property
    def running(self) -> int:
        """Contents whose seven days are not over."""
        return sum(not one.is_week_over for one in self.tried)


@dataclass(frozen=True)
class MatrixView:
    """A matrix: its grid by product, the cells in order of the measure, and which is best.

    `left_out` contents are of plans in another currency: their money is not compared.
    """

    matrix: TestMatrix
    measure: str
    window: str
    styles: list[str]
    rows: list[tuple[Product, list[CellView]]]
    ranking: list[CellView]
    judgement: Judgement
    best: CellView | None
    second: CellView | None
    left_out: int

    @property
    def is_money(self) -> bool:
        return self.measure == "gmv_net"


def matrices_of(campaign: Campaign) -> QuerySet[TestMatrix]:
    """The campaign's matrices with the numbers of their cells and seats."""
    taken = Count("cells__seats", filter=Q(cells__seats__released_at__isnull=True), distinct=True)
    return campaign.matrices.annotate(cell_count=Count("cells", distinct=True), seat_count=taken)


def matrices_shown(user: User) -> QuerySet[TestMatrix]:
    return TestMatrix.objects.visible_to(user).select_related("campaign__shop")


def matrix_view(matrix: TestMatrix, *, measure: str, window: str, at: datetime) -> MatrixView:
    """The matrix as of an instant, judged by a measure of `MEASURES` in a window of `WINDOWS`; five queries."""
    cells = list(matrix.cells.select_related("product"))
    views = {cell.pk: CellView(cell) for cell in cells}
    taken = Seat.objects.taken().filter(cell__in=views).order_by().values("cell").annotate(number=Count("pk"))
    for row in taken:
        views[row["cell"]].seats = row["number"]
    contents = [(content, _cell_of(content, views)) for content in _contents(views)]
    tried = _tried([content for content, _cell in contents if content.published_at], at)
    currency, left_out = matrix.campaign.currency, 0
    for content, cell_id in contents:
        views[cell_id].contents += 1
        if content.pk not in tried:
            continue
        if measure == "gmv_net" and content.collaboration.plan.currency != currency:
            left_out += 1
        views[cell_id].tried.append(tried[content.pk])
    for view in views.values():
        _sum(view, measure=measure, window=window, currency=currency)
    return _judged(matrix, list(views.values()), measure, window, left_out)


def seats_to_assign(matrix: TestMatrix) -> QuerySet[Seat]:
    """The taken seats of the campaign's plans with their creators, cells and products."""
    seats = Seat.objects.taken().filter(plan__campaign=matrix.campaign_id)
    return seats.select_related("plan", "creator", "cell__product").order_by("plan_id", "slot")


def contents_to_assign(matrix: TestMatrix) -> QuerySet[Content]:
    """The campaign's contents that are not cancelled, with their own cell and that of their seat."""
    contents = Content.objects.filter(collaboration__plan__campaign=matrix.campaign_id)
    related = ("collaboration__plan", "collaboration__creator", "collaboration__seat__cell__product", "cell__product")
    kept = contents.exclude(state=ContentState.CANCELLED)
    return kept.select_related(*related, "product").order_by("collaboration__plan_id", "collaboration_id", "number")


def _contents(views: dict[int, CellView]) -> QuerySet[Content]:
    """Contents of the cells: their own cell, or where they have none that of their seat."""
    mine = Q(cell__in=views) | Q(cell=None, collaboration__seat__cell__in=views)
    related = ("collaboration__plan__market", "collaboration__seat")
    return Content.objects.filter(mine).exclude(state=ContentState.CANCELLED).select_related(*related)


def _cell_of(content: Content, views: dict[int, CellView]) -> int:
    own, of_seat = content.cell_id, content.collaboration.seat.cell_id
    return cast("int", own if own in views else of_seat)


def _tried(contents: Sequence[Content], at: datetime) -> dict[int, Tried]:
    """The published contents with their figures, by key; two windows, one query."""
    rows: dict[int, dict[str, list[Figures]]] = defaultdict(lambda: defaultdict(list))
    begins = {one.pk: _published_day(one) for one in contents}
    for result in ContentResult.objects.filter(content__in=begins):
        begin = begins[result.content_id]
        if result.window == ResultWindow.FIRST_24H:
            rows[result.content_id]["first_24h"].append(_figures(result))
        elif begin <= result.day < begin + timedelta(days=WEEK_DAYS):
            rows[result.content_id]["week"].append(_figures(result))
    return {
        one.pk: Tried(
            one, _added(rows[one.pk]["first_24h"]), _added(rows[one.pk]["week"]),
            at.astimezone(_zone(one)).date() >= begins[one.pk] + timedelta(days=WEEK_DAYS),
        )
        for one in contents
    }  # fmt: skip


def _zone(content: Content) -> ZoneInfo:
    return ZoneInfo(content.collaboration.plan.market.time_zone)


def _published_day(content: Content) -> date:
    return cast("datetime", content.published_at).astimezone(_zone(content)).date()


def _figures(result: ContentResult) -> Figures:
    return Figures(**{name: getattr(result, name) for name in (*COUNTS, "gmv", "refunds")})


def _added(parts: Sequence[Figures]) -> Figures | None:
    return figures_sum(parts) if parts else None


def _sum(view: CellView, *, measure: str, window: str, currency: str) -> None:
    """The cell's sums; those of money from contents in the campaign's currency only."""
    for name in WINDOWS:
        parts = [(one.content, figures) for one in view.tried if (figures := getattr(one, name)) is not None]
        setattr(view, name, _added([_in_currency(content, one, currency) for content, one in parts]))
    comparable = [
        one for one in view.tried if measure != "gmv_net" or one.content.collaboration.plan.currency == currency
    ]
    known = [value for one in comparable if (value := one.known(window, measure)) is not None]
    view.known, view.total = len(known), sum(known, Decimal(0))


def _in_currency(content: Content, figures: Figures, currency: str) -> Figures:
    if content.collaboration.plan.currency == currency:
        return figures
    return Figures(**{name: getattr(figures, name) for name in COUNTS})


def _judged(matrix: TestMatrix, views: list[CellView], measure: str, window: str, left_out: int) -> MatrixView:
    readings = [Reading(view.cell.pk, view.known, view.total) for view in views]
    judgement = judge(readings)
    by_key = {view.cell.pk: view for view in views}
    best = by_key.get(judgement.best) if judgement.best else None
    if best is not None and best.each:
        best.is_best = True
        for view in views:
            view.percent = max(Decimal(0), (view.each or Decimal(0)) / best.each * 100)
    return MatrixView(
        matrix, measure, window,
        styles=[view.cell.style for view in views if view.cell.row == 1],
        rows=_grid(views),
        ranking=sorted(views, key=lambda one: (one.each is None, -(one.each or 0), one.cell.row, one.cell.column)),
        judgement=judgement, best=best, second=by_key.get(judgement.second) if judgement.second else None,
        left_out=left_out,
    )  # fmt: skip


def _grid(views: Iterable[CellView]) -> list[tuple[Product, list[CellView]]]:
    rows: dict[int, list[CellView]] = defaultdict(list)
    for view in views:
        rows[view.cell.row].append(view)
    return [(cells[0].cell.product, cells) for _row, cells in sorted(rows.items())]

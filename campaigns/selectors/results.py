"""What contents reached: the one place where results of collaborations are summed."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.models import Collaboration, Content
from campaigns.states.contents import ContentState, ResultWindow

COUNTED = ("views", "likes", "comments", "shares", "product_clicks", "orders")


@dataclass(frozen=True)
class Figures:
    """Sums of results; None: nobody has said yet, which is not 0. Money is in `currency`."""

    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    product_clicks: int | None = None
    orders: int | None = None
    gmv: Decimal | None = None
    refunds: Decimal | None = None
    currency: str = ""

    @property
    def gmv_net(self) -> Decimal | None:
        """GMV less refunds; None where no GMV is known."""
        return None if self.gmv is None else self.gmv - (self.refunds or Decimal(0))

    @property
    def conversion(self) -> Decimal | None:
        """Orders for each product click; None where one of the two is not known."""
        if self.orders is None or not self.product_clicks:
            return None
        return Decimal(self.orders) / Decimal(self.product_clicks)


@dataclass(frozen=True)
class Results(Figures):
    """The figures of a collaboration, and how many of its contents are out."""

    contents_published: int = 0
    contents_wanted: int = 0


def results_of(collaboration_ids: Collection[int]) -> dict[int, Results]:
    """Results of the collaborations over all days, by collaboration; one query.

    `contents_wanted` are the contents that are not cancelled; before acceptance, what the plan asks for.
    """
    if not collaboration_ids:
        return {}
    kept = ~Q(contents__state=ContentState.CANCELLED)
    published = Q(contents__state=ContentState.PUBLISHED)
    found = Collaboration.objects.filter(pk__in=collaboration_ids).order_by().annotate(
        made=Count("contents", distinct=True),
        wanted=Count("contents", distinct=True, filter=kept),
        published=Count("contents", distinct=True, filter=published),
        **_sums("contents__results__"),
    )  # fmt: skip
    names = [*_names(), "pk", "plan__currency", "plan__contents_wanted", "made", "wanted", "published"]
    return {row["pk"]: _results(row) for row in found.values(*names)}


def results_of_contents(content_ids: Collection[int], *, window: str = ResultWindow.DAY) -> dict[int, Figures]:
    """Figures of contents in a window (all days summed, or the first 24 hours), by content; one query."""
    if not content_ids:
        return {}
    found: QuerySet[Content] = Content.objects.filter(pk__in=content_ids).order_by()
    rows = found.annotate(**_sums("results__", window)).values(*_names(), "pk", "collaboration__plan__currency")
    return {row["pk"]: Figures(**_figures(row), currency=row["collaboration__plan__currency"]) for row in rows}


def figures_sum(parts: Collection[Figures]) -> Figures:
    """The sum of figures of one currency; what nobody has said counts for nothing."""
    sums: dict[str, Any] = {}
    for name in (*COUNTED, "gmv", "refunds"):
        known = [value for part in parts if (value := getattr(part, name)) is not None]
        sums[name] = sum(known) if known else None
    return Figures(**sums, currency=next((part.currency for part in parts), ""))


def _sums(path: str, window: str = ResultWindow.DAY) -> dict[str, Any]:
    chosen = Q(**{f"{path}window": window})
    return {f"{name}_sum": Sum(f"{path}{name}", filter=chosen) for name in (*COUNTED, "gmv", "refunds")}


def _names() -> list[str]:
    return [f"{name}_sum" for name in (*COUNTED, "gmv", "refunds")]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    """The sums of a row; the database sums big integers as decimals."""
    counts = {name: None if row[f"{name}_sum"] is None else int(row[f"{name}_sum"]) for name in COUNTED}
    return counts | {"gmv": row["gmv_sum"], "refunds": row["refunds_sum"]}


def _results(row: dict[str, Any]) -> Results:
    wanted = row["wanted"] if row["made"] else row["plan__contents_wanted"]
    return Results(
        **_figures(row), currency=row["plan__currency"], contents_published=row["published"], contents_wanted=wanted
    )

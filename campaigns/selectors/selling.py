"""Collaborations whose creators stopped selling."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from campaigns.models import Collaboration
from campaigns.rules.selling import BEFORE_DAYS, BEFORE_KNOWN, RECENT_DAYS, RECENT_KNOWN, Fall, Window, falls
from campaigns.states.collaborations import AGREED
from campaigns.states.contents import ResultWindow

DAY = "contents__results__day"


def stopped_selling(collaborations: QuerySet[Collaboration], *, at: datetime) -> list[tuple[int, Sequence[Fall]]]:
    """Keys of agreed collaborations that sell half or less, with what fell, the greatest loss of GMV a day first.

    The windows end yesterday in the current time zone; one query.
    """
    today = timezone.localtime(at).date()
    found = [(key, falls(recent, before)) for key, recent, before in _windows(collaborations, today)]
    fallen = [(key, some) for key, some in found if some]
    return sorted(fallen, key=lambda one: (-max(_lost(fall) for fall in one[1]), one[0]))


def _lost(fall: Fall) -> float:
    return float(fall.before - fall.now) if fall.what == "gmv" else 0.0


def _windows(collaborations: QuerySet[Collaboration], today: date) -> list[tuple[int, Window, Window]]:
    """Both windows of each collaboration that has enough days with results in them."""
    turn = today - timedelta(days=RECENT_DAYS)
    first = turn - timedelta(days=BEFORE_DAYS)
    chosen: dict[str, Any] = {"contents__results__window": ResultWindow.DAY, f"{DAY}__gte": first, f"{DAY}__lt": today}
    sums: dict[str, Any] = {}
    for name, part in (("recent", Q(**{f"{DAY}__gte": turn})), ("before", Q(**{f"{DAY}__lt": turn}))):
        known = part & Q(contents__results__gmv__isnull=False)
        sums[f"{name}_days"] = Count(DAY, distinct=True, filter=known)
        for column in ("gmv", "orders", "product_clicks"):
            sums[f"{name}_{column}"] = Sum(f"contents__results__{column}", filter=part)
    rows = collaborations.filter(state__in=AGREED, **chosen).order_by().values("pk").annotate(**sums)
    known_enough: dict[str, Any] = {"recent_days__gte": RECENT_KNOWN, "before_days__gte": BEFORE_KNOWN}
    found: Any = rows.filter(**known_enough)
    return [(row["pk"], _window(row, "recent"), _window(row, "before")) for row in found]


def _window(row: Mapping[str, Any], name: str) -> Window:
    sums: dict[str, Any] = {column: row[f"{name}_{column}"] or 0 for column in ("gmv", "orders", "product_clicks")}
    return Window(row[f"{name}_days"], sums["gmv"], int(sums["orders"]), int(sums["product_clicks"]))

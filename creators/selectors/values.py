"""Every number opened to its source: the snapshots that win each metric, by the rule that fills the facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from creators.metrics import IMPORTED, Metric
from creators.models import Snapshot
from creators.services.merge import chosen, doubt, winner
from creators.states import Quality

# The first sign of what `doubt` answers.
SIGNS = {str(9 - quality): quality for quality in (Quality.RANGE, Quality.ESTIMATE)}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a metric and where it comes from.

    `value` and `high` (the upper end of a range, None when it is open or no range) are in `currency` for money,
    fractions for rates; `usd` is the value in USD as the facts hold it. `window_days` is what the source said.
    """

    metric_key: str
    value: Decimal
    high: Decimal | None
    is_range: bool
    quality: Quality
    source: str
    as_of: date
    window_days: int | None
    currency: str
    usd: Decimal | None
    import_id: int | None
    snapshot_id: int

    @property
    def is_open(self) -> bool:
        """A range without an upper end, such as 1M+."""
        return self.is_range and self.high is None


def values_of(creator_ids: Sequence[int], *, keys: Collection[str] | None = None) -> dict[int, dict[str, Value]]:
    """The values of these creators by metric key, of all imported metrics or those of `keys`.

    Two queries, however many creators.
    """
    metrics = [metric for metric in IMPORTED if keys is None or metric.key in keys]
    if not metrics:
        return {}
    winners = ", ".join(winner(metric) for metric in metrics)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {chosen('s.creator_id = ANY(%s)', metrics)} SELECT c.creator_id, {winners}"
            " FROM chosen c JOIN newest n USING (creator_id) GROUP BY c.creator_id",
            [list(creator_ids)],
        )
        rows = cursor.fetchall()
    wanted = {int(found[2]) for row in rows for found in row[1:] if found}
    snapshots = Snapshot.objects.select_related("source_import").in_bulk(wanted)
    return {
        row[0]: {
            metric.key: _value(metric, snapshots[int(found[2])], found)
            for metric, found in zip(metrics, row[1:], strict=True)
            if found
        }
        for row in rows
    }


def doubts_of(creator_ids: Sequence[int]) -> dict[int, dict[str, Value | Quality]]:
    """What is not exact of these creators, by metric key: ranges as values, of single numbers only the quality.

    Much cheaper than `values_of` for many creators. Three queries, however many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {chosen('s.creator_id = ANY(%s)')} SELECT c.creator_id, {', '.join(map(doubt, IMPORTED))}"
            " FROM chosen c JOIN newest n USING (creator_id) GROUP BY c.creator_id",
            [list(creator_ids)],
        )
        found = {row[0]: {m.key: sign for m, sign in zip(IMPORTED, row[1:], strict=True) if sign} for row in cursor}
    doubts: dict[int, dict[str, Value | Quality]]
    doubts = {pk: {key: SIGNS[sign[0]] for key, sign in signs.items()} for pk, signs in found.items()}
    ranged = [(pk, key) for pk, signs in found.items() for key, sign in signs.items() if sign.endswith("~")]
    opened = values_of(list({pk for pk, _key in ranged}), keys={key for _pk, key in ranged})
    for pk, key in ranged:
        # An import that ends between the two queries may have taken the value away.
        doubts[pk][key] = opened.get(pk, {}).get(key, doubts[pk][key])
    return doubts


def _value(metric: Metric, snapshot: Snapshot, found: Sequence[Decimal]) -> Value:
    ranges = snapshot.ranges or {}
    is_range = metric.key in ranges
    high = ranges.get(metric.key)
    return Value(
        metric_key=metric.key,
        value=Decimal(getattr(snapshot, metric.key)),
        high=Decimal(high) if high is not None else None,
        is_range=is_range,
        quality=Quality(-int(found[0])),
        source=snapshot.source,
        as_of=snapshot.as_of,
        window_days=_window(metric, snapshot),
        currency=snapshot.currency,
        usd=found[3] if metric.kind == "money" else None,
        import_id=snapshot.source_import_id,
        snapshot_id=snapshot.pk,
    )


def _window(metric: Metric, snapshot: Snapshot) -> int | None:
    """The window that the list gave this column, else that of the list as a whole; None for a state."""
    if metric.window_days is None:
        return None
    if snapshot.source_import is None:
        return metric.window_days
    column = next((c for c in snapshot.source_import.mapping if c["field"] == metric.key), None)
    return (column or {}).get("window_days") or snapshot.source_import.window_days

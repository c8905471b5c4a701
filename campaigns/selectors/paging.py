"""Lists of collaborations cut into pages by a cursor, in orders over days and names."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from campaigns.models import Collaboration
from core.lists import Count, CursorError, Page

# How the value of a column is read from a cursor.
READERS: dict[str, Callable[[Any], Any]] = {
    "due_at": datetime.fromisoformat, "state_at": datetime.fromisoformat, "creator__handle": str, "pk": int,
}  # fmt: skip


@dataclass(frozen=True)
class ListOrder:
    """How the list is sorted: `name` is the parameter's value, `column` a path from the collaboration."""

    name: str
    column: str
    descending: bool


@dataclass(frozen=True)
class _Cursor:
    backward: bool
    value: Any
    key: int
    start: int


def order_named(name: str, orders: dict[str, tuple[str, bool]]) -> ListOrder:
    """The order of a name out of the whitelist, turned round by a minus in front."""
    column, descending = orders[name.removeprefix("-")]
    return ListOrder(name, column, descending != name.startswith("-"))


def page_of(
    found: QuerySet[Collaboration],
    *,
    order: ListOrder,
    size: int,
    number: int,
    related: Sequence[str],
    cursor: str = "",
) -> Page[Collaboration]:
    """The page at a cursor (the first one when empty): rows without a value last, the key as tie-break.

    `related` is read with the rows, `number` is how many there are in all. Rows that come or go elsewhere move nothing.
    Raises `core.lists.CursorError`.
    """
    at = _decode(cursor, order) if cursor else None
    backward = at is not None and at.backward
    rows = found if at is None else found.filter(_behind(order, at))
    sorting = _sorting(order, backward)
    # The keys first: what a row shows is joined to those of the page alone.
    keys = rows.order_by(*sorting).values("pk")[: size + 1]
    picked = list(found.model._default_manager.filter(pk__in=keys).select_related(*related).order_by(*sorting))
    has_more, picked = len(picked) > size, picked[:size]
    if backward and not has_more:
        # The beginning is reached: the first page in full, whatever was added meanwhile.
        return page_of(found, order=order, size=size, number=number, related=related)
    if backward:
        picked.reverse()
    start = 1 if at is None else max(1, at.start - size) if backward else at.start
    return Page(
        rows=picked,
        start=start,
        count=Count(number, False),
        next_cursor=_encode(picked[-1], order, False, start + len(picked)) if has_more or backward else None,
        previous_cursor=_encode(picked[0], order, True, start) if picked and at is not None else None,
    )


def _sorting(order: ListOrder, backward: bool) -> list[OrderBy]:
    falling = order.descending != backward
    column = OrderBy(F(order.column), descending=falling, nulls_first=backward or None, nulls_last=not backward or None)
    return [column, OrderBy(F("pk"), descending=falling)]


def _behind(order: ListOrder, at: _Cursor) -> Q:
    """The rows after the cursor in the direction of reading."""
    sign = "lt" if order.descending != at.backward else "gt"
    tie = Q(**{f"pk__{sign}": at.key})
    if at.value is None:
        same = Q(**{f"{order.column}__isnull": True}) & tie
        return same | Q(**{f"{order.column}__isnull": False}) if at.backward else same
    ahead = Q(**{f"{order.column}__{sign}": at.value}) | (Q(**{order.column: at.value}) & tie)
    return ahead if at.backward else ahead | Q(**{f"{order.column}__isnull": True})


def _encode(row: Collaboration, order: ListOrder, backward: bool, start: int) -> str:
    value: Any = row
    for name in order.column.split("__"):
        value = getattr(value, name)
    text = value.isoformat() if isinstance(value, datetime) else value
    packed = json.dumps([order.name, int(backward), text, row.pk, start], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _decode(text: str, order: ListOrder) -> _Cursor:
    try:
        packed: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        name, backward, value, key, start = packed
        value = None if value is None else READERS[order.column](value)
        cursor = _Cursor(bool(backward), value, int(key), int(start))
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
        raise CursorError from error
    is_readable = "\x00" not in str(value) and (not isinstance(value, datetime) or value.tzinfo is not None)
    if name != order.name or not is_readable or not (0 < cursor.start < 2**31 and abs(cursor.key) < 2**63):
        raise CursorError
    if isinstance(cursor.value, int) and abs(cursor.value) >= 2**63:
        raise CursorError
    return cursor

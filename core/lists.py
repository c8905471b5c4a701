"""Long lists cut into pages by a cursor: as fast on the thousandth page as on the first, stable under inserts."""

import base64
import binascii
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Field, Func, Model, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.fields import BooleanField
from django.http import QueryDict

T = TypeVar("T", bound=Model)

COUNT_CAP = 10_000
ROWS_CHOICES = (25, 50, 100)
ROWS_DEFAULT = 50
# Names of the columns of a result in memory.
KEY, COLUMN = "key", "value"


class CursorError(ValueError):
    """The cursor was altered, or belongs to another order of the list."""


@dataclass(frozen=True)
class Order:
    """How a list is sorted: `name` is the parameter's value ("-gmv_30d"), `column` a number of the model."""

    name: str
    column: str
    descending: bool


@dataclass(frozen=True)
class Count:
    """How many rows there are, counted up to `COUNT_CAP`."""

    number: int
    is_capped: bool


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list. `start` is the place of its first row, from 1; `count` is that of the whole list; the cursors
    are None where the list ends."""

    rows: list[T]
    start: int
    count: Count
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1


@dataclass(frozen=True)
class _Cursor:
    """Where a page begins: behind (or, backward, before) the row with this value and key."""

    order: str
    backward: bool
    value: Decimal | None
    key: int
    start: int

    def text(self) -> str:
        value = None if self.value is None else str(self.value)
        packed = json.dumps([self.order, int(self.backward), value, self.key, self.start], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def rows_chosen(data: QueryDict) -> int:
    """The rows per page that the query asks for, one of `ROWS_CHOICES`."""
    asked = data.get("rows", "")
    return int(asked) if asked in {str(choice) for choice in ROWS_CHOICES} else ROWS_DEFAULT


def count_capped(queryset: QuerySet[T]) -> Count:
    """Count up to the cap; what lies beyond is not looked at."""
    number = queryset.order_by()[: COUNT_CAP + 1].count()
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def keyset_page(queryset: QuerySet[T], *, order: Order, size: int, cursor: str = "") -> Page[T]:
    """The page at a cursor (the first one when empty), rows without a value last, the key as tie-break.

    A result of at most `COUNT_CAP` rows is found, counted and sorted in one query: by the order's index PostgreSQL
    would walk through the whole table in search of a few rows. A larger one is read along the index.
    Raises CursorError.
    """
    at = _decode(cursor, order) if cursor else None
    backward = at is not None and at.backward
    count, keys = _found(queryset, order, at, size + 1)
    if count.is_capped:
        rows = _fetch(queryset, order, at, backward, size + 1)
    else:
        by_key = queryset.model._default_manager.in_bulk(keys)
        rows = [by_key[key] for key in keys if key in by_key]
    more = len(rows) > size
    rows = rows[:size]
    if backward:
        if not more:
            # The beginning is reached: the first page in full, whatever was added meanwhile.
            return keyset_page(queryset, order=order, size=size)
        rows.reverse()
    start = 1 if at is None else max(1, at.start - size) if backward else at.start
    return Page(
        rows=rows,
        start=start,
        count=count,
        next_cursor=_cursor(rows[-1], order, False, start + len(rows)) if more or backward else None,
        previous_cursor=_cursor(rows[0], order, True, start) if rows and at is not None else None,
    )


def _found(queryset: QuerySet[T], order: Order, at: _Cursor | None, limit: int) -> tuple[Count, list[int]]:
    """The capped count, and the keys of the page if the count is not capped."""
    # As an expression: the key itself may be the column, and would be selected once.
    found = queryset.order_by().values_list("pk", F(order.column))[: COUNT_CAP + 1].query
    try:
        sql, params = found.sql_with_params()
    except EmptyResultSet:
        return Count(0, False), []
    descending = order.descending != (at is not None and at.backward)
    behind, cut = _behind_in_memory(order, at, descending)
    word = "DESC" if descending else "ASC"
    nulls = "DESC" if at is not None and at.backward else "ASC"
    sorting = f"{COLUMN} IS NULL {nulls}, {COLUMN} {word}, {KEY} {word}"
    with connection.cursor() as db:
        db.execute(
            f"WITH found ({KEY}, {COLUMN}) AS MATERIALIZED ({sql}) SELECT (SELECT count(*) FROM found),"
            f" ARRAY(SELECT {KEY} FROM found WHERE {behind} ORDER BY {sorting} LIMIT {limit:d})",
            [*params, *cut],
        )
        number, keys = db.fetchone()
    return Count(min(number, COUNT_CAP), number > COUNT_CAP), keys


def _behind_in_memory(order: Order, at: _Cursor | None, descending: bool) -> tuple[str, list[Any]]:
    """The rows after the cursor in reading order, as a condition on `found` and its parameters."""
    if at is None:
        return "true", []
    sign = "<" if descending else ">"
    if at.value is None:
        same = f"({COLUMN} IS NULL AND {KEY} {sign} %s)"
        return (f"({COLUMN} IS NOT NULL OR {same})" if at.backward else same), [at.key]
    ahead = f"(({COLUMN}, {KEY}) {sign} (%s, %s))"
    return (ahead if at.backward else f"({COLUMN} IS NULL OR {ahead})"), [at.value, at.key]


def _fetch(queryset: QuerySet[T], order: Order, at: _Cursor | None, backward: bool, limit: int) -> list[T]:
    """Rows in the direction of reading. Those with a value and those without are two ranges of the index: an OR of
    both would be none, so each is asked for by itself and the second only when the first is too short."""
    descending = order.descending != backward
    sections = [False, True] if not backward else [True, False]
    if at is not None and (at.value is None) == sections[1]:
        sections = sections[1:]
    rows: list[T] = []
    for index, without_value in enumerate(sections):
        part = queryset.filter(**{f"{order.column}__isnull": without_value})
        if at is not None and index == 0:
            part = part.filter(_behind(order.column, at, descending))
        rows += part.order_by(*_sorting(queryset.model, order.column, descending))[: limit - len(rows)]
        if len(rows) >= limit:
            break
    return rows


def _behind(column: str, at: _Cursor, descending: bool) -> Func:
    """A comparison of rows, which PostgreSQL answers from an index over both columns."""
    sign = "<" if descending else ">"
    if at.value is None:
        return _Comparison(F("pk"), Value(at.key), arg_joiner=f" {sign} ")
    mine = Func(F(column), F("pk"), function="ROW", output_field=Field())
    last = Func(Value(at.value), Value(at.key), function="ROW", output_field=Field())
    return _Comparison(mine, last, arg_joiner=f" {sign} ")


class _Comparison(Func):
    template = "%(expressions)s"
    output_field = BooleanField()
    conditional = True


def _sorting(model: type[Model], column: str, descending: bool) -> list[OrderBy]:
    if not model._meta.get_field(column).null:
        # Where rows without a value stand says the index of a nullable column; with it, no other index is read.
        return [OrderBy(F(name), descending=descending) for name in (column, "pk")]
    if descending:
        return [OrderBy(F(column), descending=True, nulls_last=True), OrderBy(F("pk"), descending=True)]
    # The same index read backwards; rows without a value are asked for apart, so "first" moves none.
    return [OrderBy(F(column), nulls_first=True), OrderBy(F("pk"))]


def _cursor(row: Model, order: Order, backward: bool, start: int) -> str:
    return _Cursor(order.name, backward, getattr(row, order.column), row.pk, start).text()


def _decode(text: str, order: Order) -> _Cursor:
    try:
        packed: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        name, backward, value, key, start = packed
        number = None if value is None else Decimal(value)
        cursor = _Cursor(str(name), bool(backward), number, int(key), int(start))
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError) as error:
        raise CursorError from error
    fits = abs(cursor.key) < 2**63 and 0 < cursor.start < 2**63 and (number is None or number.is_finite())
    if cursor.order != order.name or not fits:
        raise CursorError
    return cursor

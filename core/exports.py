"""Tables that leave the product: columns declared once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise


@dataclass(frozen=True)
class Column:
    """A column: what a row's cell holds, and how wide and in what format a workbook shows it."""

    key: str
    header: str | Promise
    value: Callable[[Any], Any]
    width: int = 14
    kind: Literal["text", "count", "money", "percent", "date", "number"] = "text"

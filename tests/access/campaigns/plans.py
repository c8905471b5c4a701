"""Addresses of plans; `world()` makes the rows that they need."""

from typing import Any

from tests.access.people import Row

ROWS: list[Row] = []


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    return {}

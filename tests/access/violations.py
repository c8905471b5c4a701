"""Addresses of the ledger, rule books, appeals, the blacklist, batches and the creator's page.

`world()` makes the rows that they need.
"""

from typing import Any

from accounts.models import Shop, User
from creators.models import Creator
from tests.access.people import Row, signed_in

ROWS: list[Row] = [
    Row("violation_desk", get=signed_in(200), post=signed_in(405)),
]


def world(*, people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    """Rows of this app by the name that a `Row` uses, as models or plain arguments."""
    return {}

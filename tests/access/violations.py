"""Addresses of the ledger, rule books, appeals, the blacklist, batches and the creator's page.

`world()` makes the rows that they need.
"""

from typing import Any

from accounts.models import Shop, User
from creators.models import Creator
from tests.access.people import Row

ROWS: list[Row] = []


def world(*, people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    """Rows of this app by the name that a `Row` uses, as models or plain arguments."""
    return {}

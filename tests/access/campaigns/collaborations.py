"""Addresses of collaborations; `world()` makes the rows that they need."""

from typing import Any

from tests.access.people import STRANGE, Row, everybody, only, signed_in

# Who runs collaborations; ops read them.
RUNNING = ("seller", "account_manager", "admin")
ROWS: list[Row] = [
    Row("my_day", get=signed_in(200), post=everybody(405)),
    Row("collaboration_list", get=signed_in(200), post=everybody(405)),
    Row("collaboration_board", get=signed_in(200), post=everybody(405)),
    Row("collaboration_calendar", get=signed_in(200), post=everybody(405)),
    # The stranger has nothing to export.
    Row("collaboration_export", get=only(*RUNNING) | {"stranger": 400}),
    Row("collaboration_detail", ("collaboration",), get=signed_in(200) | STRANGE, post=everybody(405)),
    Row(
        "collaboration_move",
        ("collaboration",),
        get=only(*RUNNING) | STRANGE,
        post=only(*RUNNING, status=422) | STRANGE,
    ),
    # Nothing is chosen.
    Row("collaboration_bulk_move", get=only(*RUNNING, "stranger", status=400)),
    Row("api_collaboration-list", get=signed_in(200, anonymous=401)),
    Row("api_collaboration-detail", ("collaboration",), get=signed_in(200, anonymous=401) | STRANGE),
    Row(
        "api_collaboration-transitions",
        ("collaboration",),
        get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*RUNNING, status=400, anonymous=401) | STRANGE,
    ),
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    return {}

"""How long the pages of 10,000 collaborations in one shop take: list, board, my day; each beside its bare SQL."""

from functools import partial
from typing import Any

from benchmarks.collaborations import SELLER, SHOP, collaborations_fill
from benchmarks.common import (
    Row,
    at_most,
    load_database,
    measure,
    median,
    p95,
    plain,
    statements_of,
    statements_run,
)

BENCH = "campaigns"
NUMBER = 10_000
LIST_LIMIT_MS, BOARD_LIMIT_MS, DAY_LIMIT_MS = 200, 200, 300
REPEATS = 41
# Page, address, limit.
PAGES: tuple[tuple[str, str, float | None], ...] = (
    ("list", "/collaborations/", LIST_LIMIT_MS),
    ("list, what is overdue", "/collaborations/?due=overdue", LIST_LIMIT_MS),
    ("list, longest in a stage first", "/collaborations/?state=all&ordering=-stage", LIST_LIMIT_MS),
    ("list, a part of the handle", "/collaborations/?state=all&q=beauty", LIST_LIMIT_MS),
    ("board", "/collaborations/board/", BOARD_LIMIT_MS),
    ("board, two columns grown", "/collaborations/board/?more=invited&more=published", BOARD_LIMIT_MS),
    ("my day", "/my-day/?whose=mine", DAY_LIMIT_MS),
    ("my day of the team", "/my-day/?whose=team", DAY_LIMIT_MS),
    ("calendar", "/collaborations/calendar/", None),
)


def run(size: int) -> list[Row]:
    """The pages as a seller gets them, in the load database; the shop stays the same at every size."""
    with load_database():
        _filled()
        client = _client()
        return [row for name, path, limit in PAGES for row in _page(name, client, path, limit)]


def _filled() -> None:
    """The shop with its collaborations, unless an earlier run has left it (--keep)."""
    from django.utils import timezone

    from accounts.models import Shop

    if not Shop.objects.filter(name=SHOP).exists():
        collaborations_fill(NUMBER, at=timezone.now(), say=partial(print, flush=True))


def _page(name: str, client: Any, path: str, limit: float | None) -> list[Row]:
    statements = statements_of(lambda: _get(client, path))
    times = measure(lambda: _get(client, path), repeats=REPEATS)
    bare = measure(lambda: statements_run(statements), repeats=REPEATS)
    slow = partial(at_most, limit=limit) if limit else plain
    return [
        plain(BENCH, name, NUMBER, "median", median(times), "ms"),
        slow(BENCH, name, NUMBER, "95 %", p95(times), "ms"),
        plain(BENCH, name, NUMBER, "bare SQL median", median(bare), "ms"),
        plain(BENCH, name, NUMBER, "queries", len(statements), ""),
    ]


def _client() -> Any:
    from django.test import Client

    # As in a web process, what was loaded at the start is left alone by the garbage collector.
    import config.wsgi  # noqa: F401
    from accounts.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(email=SELLER))
    return client


def _get(client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.content[:500]

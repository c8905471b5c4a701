"""How long a page of the directory takes: the API's with its count, here and over HTTP, and its SQL alone."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from benchmarks.common import (
    LOAD_DATABASE,
    Row,
    child,
    load_database,
    measure,
    median,
    p95,
    plain,
    statements_of,
    statements_run,
)

BENCH = "search"
PATH = "/api/v1/creators/"
REPEATS = 41
HTTP_REPEATS = 21
READY_SECONDS = 60

# What sellers ask, from the plainest to the narrowest.
QUERIES: dict[str, list[tuple[str, str]]] = {
    "everybody by followers": [],
    "one market by GMV": [("market", "US"), ("ordering", "-gmv_30d")],
    "market and category by GMV": [("market", "VN"), ("category", "601450"), ("ordering", "-gmv_30d")],
    "goal sales, good engagement, by units": [
        ("goal", "sales"), ("engagement_by_views_min", "5"), ("ordering", "-units_30d"),
    ],
    "band, GMV and female share by GPM": [
        ("followers_band", "100k-500k"), ("gmv_30d_min", "10000"), ("female_share_min", "60"), ("ordering", "-gpm"),
    ],
    "narrow: agency, language, posts": [
        ("agency", "mangrove"), ("language", "es"), ("posts_30d_min", "60"), ("ordering", "-avg_views"),
    ],
    "by a column without index": [("market", "GB"), ("ordering", "-products_28d")],
    "two words": [("q", "beauty honest")],
    "Chinese words": [("q", "美妆测评")],
    "nothing found": [("q", "zzqxv"), ("market", "US")],
}  # fmt: skip


def run(size: int) -> list[Row]:
    """Every query at the load database's size."""
    from django.test import Client

    with load_database(), TemporaryDirectory() as folder, serving(Path(folder)) as port:
        token = _token()
        client = Client(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_HOST="localhost")
        pages = {name: urlencode(query) for name, query in QUERIES.items()}
        pages["page 20 of everybody"] = _deep(client, pages["everybody by followers"], 20)
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        rows = []
        for name, query in pages.items():
            rows += _rows(name, size, client, web, {"Authorization": f"Bearer {token}"}, f"{PATH}?{query}")
        return rows


def _rows(
    name: str, size: int, client: Any, web: http.client.HTTPConnection, headers: dict[str, str], address: str
) -> list[Row]:
    _get(client, address)
    statements = statements_of(lambda: _get(client, address))
    times = measure(lambda: _get(client, address), repeats=REPEATS)
    # The server closes a connection that was idle; the next request opens another.
    web.close()
    over_http = measure(lambda: _fetch(web, headers, address), repeats=HTTP_REPEATS)
    bare = measure(lambda: statements_run(statements), repeats=HTTP_REPEATS)
    return [
        plain(BENCH, name, size, "API median", median(times), "ms"),
        plain(BENCH, name, size, "API 95 %", p95(times), "ms"),
        plain(BENCH, name, size, "HTTP median", median(over_http), "ms"),
        plain(BENCH, name, size, "bare SQL median", median(bare), "ms"),
        plain(BENCH, name, size, "queries", len(statements), ""),
    ]


def _get(client: Any, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    found: dict[str, Any] = response.json()
    return found


def _fetch(web: http.client.HTTPConnection, headers: dict[str, str], address: str) -> None:
    web.request("GET", address, headers=headers)
    response = web.getresponse()
    body = response.read()
    assert response.status == 200, body[:500]


def _deep(client: Any, query: str, pages: int) -> str:
    """The query of a page far behind the first."""
    address = f"{PATH}?{query}"
    for _page in range(pages - 1):
        address = _get(client, address)["next"]
    return str(address).partition("?")[2]


def _token() -> str:
    """A bearer token of a seller of the load database."""
    from accounts.models import User
    from accounts.services import token_create, user_create

    email = "bench@demo.example"
    user = User.objects.filter(email=email).first()
    user = user or user_create(email=email, name="Bench", role="seller", by=None)
    return token_create(user=user, name="benchmark", by=None).secret


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The app under gunicorn, as it is deployed, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4", "--log-level", "warning"]
    log = folder / "web.log"
    server = child(["gunicorn", "config.wsgi", *options], LOAD_DATABASE, log)
    try:
        _wait_until_ready(server, port, log)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            web = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            web.request("GET", "/healthz")
            if web.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The web server did not start: {log.read_text()[-2000:]}")

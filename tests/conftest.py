"""The servers of the tests: a cluster and a Valkey of their own in .local/test, never the demo's."""

import os
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["DEBUG"] = "0"
os.environ["CREATOR_DESK_LOCAL"] = str(
    Path(__file__).resolve().parent.parent / ".local" / "test"
)
from config import embedded

# Written out, so that neither the environment nor a .env file sends the tests to other servers.
os.environ["DATABASE_URL"] = embedded.own_database_url()
# A pair of Valkey databases (cache, messages) for each test process.
_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["REDIS_URL"] = embedded.own_redis_url().replace(
    "?db=0", f"?db={2 * _PROCESS}"
)
os.environ.pop("CELERY_BROKER_URL", None)
django.setup()


def pytest_sessionstart() -> None:
    """Start the servers before anything asks for a connection."""
    embedded.ensure(durable=False)


def pytest_unconfigure() -> None:
    """The last test process stops them."""
    embedded.release()

"""The servers of the tests: a cluster and a Valkey of their own in .local/test, never the demo's."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
import redis
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# Written out, so that neither the environment nor a .env file changes what the tests see.
os.environ |= {"DEBUG": "0", "BEHIND_TLS": "0", "ALLOWED_HOSTS": "127.0.0.1,localhost", "SECRET_KEY": "tests-only"}
os.environ |= {"TIME_ZONE": "UTC", "EMAIL_URL": "memory://", "MEDIA_ROOT": ""}
os.environ["CREATOR_DESK_LOCAL"] = str(Path(__file__).resolve().parent.parent / ".local" / "test")
from config import embedded

os.environ["DATABASE_URL"] = embedded.own_database_url()


def _slot_take() -> int:
    """The first number that no other test process of this checkout holds; held until the process ends."""
    for number in range(32):
        # A bare descriptor: it lives as long as the process.
        lock = os.open(embedded.local_dir() / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return number
    raise RuntimeError("32 test processes run already.")


embedded.local_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
SLOT = _slot_take()
# A database, and a pair of Valkey databases (cache, messages), for each test process.
os.environ["REDIS_URL"] = embedded.own_redis_url().replace("?db=0", f"?db={2 * SLOT}")
os.environ.pop("CELERY_BROKER_URL", None)
django.setup()
# pytest-django in a test process that inherits the name would load the settings before this file names the servers.
del os.environ["DJANGO_SETTINGS_MODULE"]
connection.settings_dict["TEST"]["NAME"] = f"test_creator_desk_{SLOT}"

# Two busy cores make any deadline a coin toss.
hypothesis_settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("default")

WORKER_START_SECONDS = 60

# Triggers that refuse TRUNCATE, whoever asks: table, trigger.
KEPT_WHOLE = (
    ("violations_ledgerentry", "entry_append_only"),
    ("violations_ledgerhead", "head_kept"),
    ("violations_rulebook", "rulebook_kept"),
    ("violations_rule", "rule_kept"),
    ("violations_milestone", "milestone_kept"),
    ("violations_healthband", "healthband_kept"),
)


@pytest.fixture(scope="session", autouse=True)
def ledger_flush() -> Iterator[None]:
    """Let the clean-up after transactional tests, and nothing else, empty the append-only tables."""
    # On the class: beside a browser's event loop the test has another connection than this fixture.
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_kept_tables(self: Any, sql_list: list[str]) -> None:
        disable = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in KEPT_WHOLE]
        enable = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in KEPT_WHOLE]
        # One transaction: the triggers are back whatever happens.
        flush(self, [*disable, *sql_list, *enable])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_kept_tables)
        yield


def pytest_sessionstart() -> None:
    """Start the servers before anything asks for a connection."""
    embedded.ensure(durable=False)


def pytest_unconfigure() -> None:
    """The last test process stops them."""
    embedded.release()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which browser tests did not run."""
    skipped = [report.nodeid for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True)
        terminalreporter.write_line(f"{len(skipped)} skipped: install Chromium. {', '.join(skipped)}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """REQUIRE_BROWSER=1 (CI): a test that is skipped is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_BROWSER") == "1" and reporter and reporter.stats.get("skipped") and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on the test database; the test may kill it, the fixture does at the end."""
    database = f"{embedded.own_database_url().rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    options = [
        "--concurrency=1",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
        f"--hostname=t{SLOT}@%h",
    ]
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", *options],
            env=os.environ | {"DATABASE_URL": database},
            stdout=output,
            stderr=output,
            process_group=0,
        )
    try:
        deadline = time.monotonic() + WORKER_START_SECONDS
        while b" ready." not in log.read_bytes():
            assert worker.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield worker
    finally:
        # The group: the worker and its pool; a test may have killed both.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        _messages_forget()


def _messages_forget() -> None:
    """Empty the message database of this test process."""
    with redis.Redis(unix_socket_path=str(embedded.socket_dir() / "valkey.sock"), db=2 * SLOT + 1) as client:
        client.flushdb()

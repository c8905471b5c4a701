"""Folders, locks and processes of the embedded servers."""

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path


class EmbeddedError(RuntimeError):
    """An embedded server cannot be started; the message says in one line what to do."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold a lock file; gives its descriptor. The kernel frees it when the process dies."""
    make_folder(path.parent)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def make_folder(path: Path) -> None:
    """Make a private folder; refuse one that belongs to somebody else."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = path.stat().st_uid
    except OSError as error:
        raise EmbeddedError(f"Cannot write {path}: {error.strerror}. Free space or set CREATOR_DESK_LOCAL.") from error
    if owner != os.getuid():
        raise EmbeddedError(f"{path} belongs to another user: start as that user or set CREATOR_DESK_LOCAL.")


def run(command: list[str], *, log: Path, pass_fds: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
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
    with open(log, "w+") as output:
        done = subprocess.run(
            command,
            check=False,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=pass_fds,
            text=True,
        )
        output.seek(0)
        done.stdout = output.read()
    return done


def alive(pid_file: Path, mark: str) -> bool:
    """Whether the process of a pid file lives (a zombie does not) and is the server that `mark` names."""
    try:
        pid = int(pid_file.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return bool(command) and mark in command
    except (OSError, ValueError, IndexError):
        return False


def wait(condition: Callable[[], bool], seconds: float, failure: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise EmbeddedError(failure)
        time.sleep(0.05)


def last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "no log"


def free_mb(folder: str) -> int:
    try:
        space = os.statvfs(folder)
    except OSError:
        return 0
    return space.f_bavail * space.f_frsize // 2**20

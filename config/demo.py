"""The runner of `make demo`: servers, data, then web, worker and beat until it is told to stop.

Children live in process groups of their own and die with the runner (parent-death signal), so that Ctrl-C reaches the
runner alone and the order of stopping is ours: web, beat, worker, Valkey, PostgreSQL.
"""

import argparse
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config import embedded
from config.embedded import BASE_DIR

HOST = "127.0.0.1"
READY_SECONDS = 90
STOP_SECONDS = 15
FREE_BYTES = 500 * 2**20
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# The signals that told us to end.
_told: list[int] = []


class DemoError(RuntimeError):
    """The demo cannot go on; the message says in one line what to do."""


@dataclass(frozen=True)
class Child:
    """A process of the demo and the file of its output."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def main() -> None:
    """Run the demo, or throw its data away with --reset. Exits 0 when told to stop, 1 with a reason."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--reset", action="store_true")
    options = parser.parse_args()
    children: list[Child] = []
    _listen()
    try:
        if options.reset:
            reset()
        else:
            run(children, port=options.port, size=options.size)
    except (DemoError, embedded.EmbeddedError) as error:
        sys.exit(f"{error}")
    except OSError as error:
        sys.exit(_os_error_text(error))
    finally:
        # The first signal stops the demo in order; more of them must not interrupt that.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if children:
            _say("Stopping…")
        for child in children:
            _stop(child)
        embedded.release()


def run(children: list[Child], *, port: int, size: int) -> NoReturn:
    """Prepare everything, start the children (they are added to `children`) and watch them."""
    # The demo is plain HTTP on this machine, whatever a .env file for a deployment says.
    os.environ |= {"ALLOWED_HOSTS": f"{HOST},localhost", "BEHIND_TLS": "0"}
    python = [sys.executable, "-m"]
    _check(port)
    _say("Starting PostgreSQL and Valkey…")
    embedded.ensure()
    # Stops the servers also when we are killed and cannot.
    subprocess.Popen([*python, "config.embedded"], cwd=BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True)
    _prepare(size)
    web = ["gunicorn", "config.wsgi", f"--bind={HOST}:{port}", "--workers=2", "--threads=4", "--graceful-timeout=5"]
    beat = ["celery", "-A", "config", "beat", f"--schedule={embedded.local_dir() / f'celerybeat-{port}'}", "--pidfile="]
    worker = ["celery", "-A", "config", "worker", "--concurrency=2", f"--hostname=demo-{port}@%h"]
    # The order of stopping.
    children.append(_start("web", [*python, *web, "--no-control-socket", "--access-logfile=-"], port))
    children.append(_start("beat", [*python, *beat], port))
    children.append(_start("worker", [*python, *worker], port))
    _wait_ready(children, port)
    _say(f"\nCreator Desk is ready: http://{HOST}:{port}/\n")
    _manage("load_demo", "--accounts")
    _say(f"Logs: {children[0].log.parent}. Ctrl-C stops the demo; its data stays in {embedded.local_dir()}.")
    while True:
        _check_alive(children)
        time.sleep(0.3)


def reset() -> None:
    """Throw the data of the demo away. Raises DemoError while something uses it."""
    if not embedded.remove():
        raise DemoError("The demo's servers are in use: stop `make demo` and other commands first.")
    _say("The demo's data is gone; `make demo` makes it anew.")


def _listen() -> None:
    """Turn signals into an orderly end. INT is taken even when a script's `&` had it ignored; nohup's HUP is not."""

    def end(number: int, _frame: FrameType | None) -> None:
        _told.append(number)
        raise SystemExit(0)

    for number in SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)


def _end_if_told() -> None:
    """What a signal raised is lost when it arrives inside somebody's `__del__` or `except`; the note of it is not."""
    if _told or _make_waits_for_our_end():
        raise SystemExit(0)


def _make_waits_for_our_end() -> bool:
    """Whether make alone got INT or HUP: it passes only TERM on, blocks the others and waits for us."""
    try:
        text = Path(f"/proc/{os.getppid()}/status").read_text()
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
    blocked = int(status["SigBlk"], 16)
    return status["Name"] == "make" and any(blocked >> (number - 1) & 1 for number in SIGNALS)


def _check(port: int) -> None:
    with socket.socket() as probe:
        # As gunicorn binds: a connection that lingers from the last run does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            raise DemoError(f"{port} is no port: choose one from 1024 to 65535.") from None
        except PermissionError:
            raise DemoError(f"Port {port} is reserved for root: choose another one: make demo PORT=8000") from None
        except OSError:
            raise DemoError(f"Port {port} is taken: choose another one: make demo PORT={port % 65535 + 1}") from None
    folder = embedded.local_dir()
    if shutil.disk_usage(folder if folder.exists() else folder.parent).free < FREE_BYTES:
        raise DemoError(f"The disk is nearly full: the demo needs 500 MB in {folder}.")


def _prepare(size: int) -> None:
    """Bring the database up to date; the commands find everything done at a second start."""
    _say("Preparing the database…")
    _manage("migrate", "--verbosity=0")
    _manage("load_reference")
    _manage("load_rulebooks")
    _say(f"Preparing demo data ({size} creators)…")
    _manage("load_demo", f"--size={size}")
    _manage("load_violations_demo")
    _manage("load_campaigns_demo")


def _manage(*arguments: str) -> None:
    """Run a command of manage.py inside this process: three starts of Django would cost seconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.apps import apps
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connections

    try:
        if not apps.ready:
            django.setup()
        call_command(*arguments)
    except CommandError as error:
        raise DemoError(f"{arguments[0]} stopped: {error}") from error
    except DatabaseError as error:
        raise DemoError(f"{arguments[0]} stopped: {str(error).splitlines()[0]}") from error
    finally:
        connections.close_all()
    _end_if_told()


def _start(name: str, command: list[str], port: int) -> Child:
    log = embedded.local_dir() / "log" / f"{name}-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # A worker that is told to stop gives its task back instead of finishing it: every chunk can be repeated.
    environment = os.environ | {"REMAP_SIGTERM": "SIGQUIT"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
        )
    return Child(name, process, log)


def _wait_ready(children: list[Child], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _ready(port):
        _check_alive(children)
        if time.monotonic() > deadline:
            raise DemoError(f"The web server does not get ready; see {children[0].log}")
        time.sleep(0.2)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _check_alive(children: list[Child]) -> None:
    _end_if_told()
    for child in children:
        code = child.process.poll()
        if code is None:
            continue
        if code < 0:
            raise DemoError(f"The {child.name} process was killed (signal {-code}); see {child.log}")
        lines = child.log.read_text(errors="replace").strip().splitlines() or ["no output"]
        raise DemoError(f"The {child.name} process ended: {lines[-1]} (more in {child.log})")


def _stop(child: Child) -> None:
    """End a child and its group: with a request, then, if that takes too long, by force."""
    if child.process.poll() is None:
        child.process.terminate()
        try:
            child.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(child.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.process.wait()


def _os_error_text(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk is full: free 500 MB for {embedded.local_dir()}."
    return f"The demo stopped: {error.strerror or error} ({error.filename or 'no file'})."


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()

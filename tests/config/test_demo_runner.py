"""The runner of `make demo`: it starts everything, and leaves no process behind however it ends."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import demo

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 150
STOP_SECONDS = 40
RUNNERS: list[subprocess.Popen[bytes]] = []


@pytest.fixture(scope="module")
def local() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cd-", dir="/tmp"))
    yield folder / "local"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def stop_what_a_failed_test_left() -> Iterator[None]:
    yield
    for runner in RUNNERS:
        runner.kill()
        runner.wait()
    RUNNERS.clear()


def runner_start(local: Path, port: int, output: Path, *options: str, make: bool = False) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"CREATOR_DESK_LOCAL": str(local)}
    # Through make, as people start it: it passes only TERM on to its children.
    rule = output.with_name("Makefile")
    words = [sys.executable, "-m", "config.demo", f"--port={port}", "--size=20", *options]
    rule.write_text(f"demo:\n\t@exec setpriv --pdeathsig TERM {' '.join(words)}\n")
    command = ["make", "--no-print-directory", f"--file={rule}"] if make else words
    # As at a terminal, even when the tests themselves run under nohup or in the background of a script.
    command = ["env", "--default-signal=INT,HUP", *command]
    with output.open("wb") as log:
        RUNNERS.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
    return RUNNERS[-1]


def wait_for(text: str, runner: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while text not in output.read_text():
        assert runner.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)


def processes_of(local: Path) -> list[str]:
    """Every living process whose environment or command names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(local) in text:
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def assert_nothing_left(local: Path) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while processes_of(local):
        assert time.monotonic() < deadline, processes_of(local)
        time.sleep(0.1)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -2), (signal.SIGKILL, -9)])
def test_demo_serves_and_leaves_nothing_behind(
    local: Path, port: int, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    runner = runner_start(local, port, tmp_path / "output", make=number == signal.SIGINT)
    wait_for("Ctrl-C", runner, tmp_path / "output")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    assert len([name for name in processes_of(local) if "postgres -D" in name or "valkey-server" in name]) == 2
    runner.send_signal(number)
    assert runner.wait(STOP_SECONDS) == code, (tmp_path / "output").read_text()
    assert_nothing_left(local)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_demo_can_be_stopped_while_it_prepares(local: Path, port: int, tmp_path: Path, number: signal.Signals) -> None:
    runner = runner_start(local, port, tmp_path / "output")
    wait_for("Preparing the database", runner, tmp_path / "output")
    runner.send_signal(number)
    assert runner.wait(STOP_SECONDS) == 0, (tmp_path / "output").read_text()
    assert_nothing_left(local)


def test_demo_ends_with_a_reason_when_a_part_dies(local: Path, port: int, tmp_path: Path) -> None:
    output = tmp_path / "output"
    runner = runner_start(local, port, output)
    wait_for("Ctrl-C", runner, output)
    children = Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()
    worker = next(pid for pid in children if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(int(worker), signal.SIGKILL)
    assert runner.wait(STOP_SECONDS) == 1
    assert "The worker process was killed (signal 9)" in output.read_text().splitlines()[-1]
    assert_nothing_left(local)


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        runner = runner_start(tmp_path / "local", port, tmp_path / "output")
        assert runner.wait(30) == 1
    text = (tmp_path / "output").read_text()
    assert text == f"Port {port} is taken: choose another one: make demo PORT={port + 1}\n"
    assert not (tmp_path / "local").exists()


@pytest.mark.parametrize("port", [-1, 65536])
def test_impossible_port_is_one_line(tmp_path: Path, port: int) -> None:
    runner = runner_start(tmp_path / "local", port, tmp_path / "output")
    assert runner.wait(30) == 1
    assert (tmp_path / "output").read_text() == f"{port} is no port: choose one from 1024 to 65535.\n"


def test_reset_throws_the_data_away(local: Path, tmp_path: Path) -> None:
    runner = runner_start(local, 0, tmp_path / "output", "--reset")
    assert runner.wait(60) == 0, (tmp_path / "output").read_text()
    assert not (local / "postgres").exists()


def test_nearly_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(demo, "FREE_BYTES", 10**18)
    with pytest.raises(demo.DemoError, match="The disk is nearly full: the demo needs 500 MB"):
        demo._check(port)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full: free 500 MB for"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "The demo stopped: Permission denied (/x)."),
    ],
)
def test_trouble_with_files_is_one_line(error: OSError, text: str) -> None:
    assert demo._os_error_text(error).startswith(text)


def test_command_that_fails_names_itself() -> None:
    with pytest.raises(demo.DemoError, match="no_such_command stopped: Unknown command"):
        demo._manage("no_such_command")

"""The installer says in one line what is wrong."""

import sys
from pathlib import Path

import pytest

from config import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout whose lock file names nothing."""
    (tmp_path / "requirements.lock").write_text("")
    venv = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin/python", "STAMP": venv / "installed.lock"}
    for name, value in (places | {"LOCK": tmp_path / "requirements.lock"}).items():
        monkeypatch.setattr(bootstrap, name, value)
    return tmp_path


def test_installs_once(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.main()
    bootstrap.main()
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert capsys.readouterr().out.count("Installing") == 1


def test_changed_lock_file_installs_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    bootstrap.STAMP.write_text("")
    assert bootstrap.installed()
    bootstrap.LOCK.write_text("# changed\n")
    assert not bootstrap.installed()


def test_old_python_is_one_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3.11 or newer is needed, this is 3.9"):
        bootstrap.main()


def test_missing_venv_is_one_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        bootstrap.main()


def test_folder_that_cannot_be_written_is_one_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SystemExit, match="cannot be written"):
        bootstrap.main()


def test_full_disk_is_one_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "FREE_BYTES", 10**18)
    with pytest.raises(SystemExit, match="The disk is nearly full"):
        bootstrap.main()


def test_failure_shows_output_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "print('[Errno 28] No space left on device'); raise SystemExit(1)"]
    with pytest.raises(SystemExit, match="It failed: the disk is full: free 2 GB"):
        bootstrap.run(command, "It failed")
    assert "Errno 28" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("Failed to establish a new connection: [Errno -3]", "network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "pip cache purge"),
        ("ERROR: Could not find a version that satisfies", "package index"),
        ("something new", "see the lines above"),
    ],
)
def test_reason_of_pip(output: str, text: str) -> None:
    assert text in bootstrap.reason(output)

"""Makes .venv with the pinned libraries: the first step of every target of the Makefile.

Runs on the system's Python with the standard library only, and says in one line what to do when it cannot go on. An old
Python must be able to read this file, or it could not say that it is too old.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
# A copy of the lock file that was installed last.
STAMP = VENV / "installed.lock"
FREE_BYTES = 2 * 10**9
# What pip says, and what that means; the first that is found counts.
REASONS = [
    ("No space left", "the disk is full: free 2 GB"),
    ("Permission denied", "this folder cannot be written: use a copy that is yours"),
    ("Read-only file system", "this folder cannot be written: use a copy that is yours"),
    ("DO NOT MATCH THE HASHES", "a downloaded file is not the pinned one: run `pip cache purge` and try again"),
    ("ensurepip", "install the package python3-venv (apt install python3-venv)"),
    ("onnection", "the package index cannot be reached: check the network and the proxy"),
    ("Could not find a version", "the package index does not answer or lacks a library: see the lines above"),
]


def main() -> None:
    """Install what requirements.lock names, unless it is installed already."""
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:2])
        stop(f"Python 3.11 or newer is needed, this is {found}: name another one: make PYTHON=/usr/bin/python3.11")
    if installed():
        return
    if not os.access(ROOT, os.W_OK):
        stop(f"{ROOT} cannot be written: use a copy that is yours.")
    local = ROOT / ".local"
    local.mkdir(mode=0o700, exist_ok=True)
    with open(local / "install.lock", "w") as lock:
        # Two targets started side by side install once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed():
            install()


def installed() -> bool:
    """Whether .venv works and holds exactly this lock file's libraries."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_bytes() == LOCK.read_bytes()


def install() -> None:
    """Make .venv, let pip fill it, and leave the stamp."""
    if not VENV.exists() and shutil.disk_usage(ROOT).free < FREE_BYTES:
        stop(f"The disk is nearly full: the libraries need 2 GB in {ROOT}.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("Python's venv is missing: install the package python3-venv (apt install python3-venv).")
    print("Installing the pinned libraries into .venv (once, some minutes)…", flush=True)
    if not (PYTHON.exists() and (VENV / "bin" / "pip").exists()):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Python's venv cannot be made")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries=2"]
    # The lock file is complete: with dependencies looked up, a newer release of one with extras stops the installation.
    run(
        [*pip, "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(LOCK)],
        "The libraries cannot be installed",
    )
    shutil.copyfile(LOCK, STAMP)


def run(command: "list[str]", failure: str) -> None:
    """Run a command; when it fails, show its output and end with the reason in one line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout[-3000:], file=sys.stderr)
        stop(f"{failure}: {reason(done.stdout)}.")


def reason(output: str) -> str:
    """What to do about a failure of pip or venv, from their words."""
    return next((text for sign, text in REASONS if sign in output), "see the lines above")


def stop(message: str) -> None:
    """End with one line."""
    sys.exit(message)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        stop(f"Installing stopped: {error.strerror} ({error.filename}).")

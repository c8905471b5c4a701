"""Imports and exports in real worker processes; imports killed in the middle and finished by the next."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from core.models import Job, StoredFile
from core.states import ChunkState, JobState
from core.uploads.storage import file_open
from creators.models import Creator, CreatorFacts, Snapshot
from creators.selectors.exports import Wanted, export_source
from creators.services import imports
from creators.services.exports import export_start
from tests.factories import make_creator, make_user
from tests.imports import make_import

ROWS = 8_000
WAIT_SECONDS = 90
Worker = subprocess.Popen[bytes]


def wait_until(true: Callable[[], bool], *, pause: float) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_import_runs_in_a_worker(celery_worker_process: Worker) -> None:
    job = imports.import_start(source_import=make_import("Handle,Followers\namy,1\n"), by=None)
    wait_until(lambda: state_of(job) == JobState.DONE, pause=0.1)
    assert CreatorFacts.objects.get().followers == 1


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_killed_worker_loses_and_doubles_no_row(celery_worker_process: Worker, stage: int) -> None:
    lines = "\n".join(f"row{number},{number}" for number in range(ROWS))
    job = imports.import_start(source_import=make_import(f"Handle,Followers\n{lines}\n"), by=None)
    running = job.chunks.filter(stage=stage, attempts=1, state=ChunkState.WAITING)
    wait_until(running.exists, pause=0.002)
    os.killpg(celery_worker_process.pid, signal.SIGKILL)
    wait_until(lambda: imports.import_run_inline(job).state == JobState.DONE, pause=0.5)
    assert (Creator.objects.count(), Snapshot.objects.count(), CreatorFacts.objects.count()) == (ROWS, ROWS, ROWS)
    assert job.chunks.filter(stage=stage, attempts=2).exists()


def test_export_is_written_by_a_worker(celery_worker_process: Worker) -> None:
    make_creator("tinlantern", followers=9)
    user, wanted = make_user(), Wanted("csv", query="followers_min=5")
    job = export_start(wanted=wanted, source=export_source(wanted, user), by=user, back="/creators/")
    wait_until(lambda: state_of(job) == JobState.DONE, pause=0.1)
    with file_open(StoredFile.objects.get(pk=job.result["file"])) as stored:
        assert b"tinlantern" in stored.read()

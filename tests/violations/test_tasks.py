"""The sweep of the standings in a real worker."""

import subprocess
import time

import pytest

from creators.models import Creator, CreatorFacts
from tests.factories import make_creator
from violations.tasks import standings_sweep_task

WAIT_SECONDS = 60


@pytest.fixture
def stale(transactional_db: None) -> Creator:
    """Somebody whose points ended while no worker ran."""
    return make_creator(points=6)


def test_sweep_task_publishes(db: None) -> None:
    creator = make_creator(points=6)
    standings_sweep_task()
    assert CreatorFacts.objects.get(pk=creator.pk).points is None


def test_worker_sweeps_when_it_starts(stale: Creator, celery_worker_process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while CreatorFacts.objects.get(pk=stale.pk).points is not None:
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)

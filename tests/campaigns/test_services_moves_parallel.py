"""Twenty at one collaboration at the same instant, each with a connection of its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.models import Collaboration
from campaigns.services.collaborations import collaboration_move
from campaigns.services.sweeps import collaborations_sweep
from core.errors import DomainError
from tests.plans import NOON, make_collaboration

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 20


def together(calls):
    """What each call returns, or the code of its refusal; all begin at once."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            return call()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_exactly_one_wins_each_step():
    collaboration = make_collaboration()
    by = collaboration.owner
    for step in ("invited", "accepted", "content_due", "published", "closed"):

        def move(step=step):
            collaboration_move(collaboration=Collaboration(pk=collaboration.pk), to=step, by=by, at=NOON)
            return "won"

        found = together([move] * THREADS)
        assert Counter(found) == {"won": 1, "move_impossible": THREADS - 1}
    steps = list(collaboration.moves.values_list("to_state", flat=True))
    assert steps == ["seated", "invited", "accepted", "content_due", "published", "closed"]


def test_two_sweeps_move_each_once():
    plan = make_collaboration(state="invited").plan
    for _place in range(7):
        make_collaboration(plan, state="invited")
    late = NOON.replace(month=12, day=20)
    swept = together([lambda: collaborations_sweep(at=late).expired] * 4)
    # What one sweep holds the others leave out.
    assert sum(swept) == 8
    assert set(plan.collaborations.values_list("state", flat=True)) == {"expired"}

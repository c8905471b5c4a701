from datetime import timedelta

import pytest

from campaigns.models import Conversation, Seat
from campaigns.services.sweeps import Swept, collaborations_sweep
from campaigns.tasks.collaborations import collaborations_sweep_task
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOTHING = Swept(0, 0, 0)


def test_an_invitation_expires_when_its_days_are_over():
    collaboration = make_collaboration(state="invited")
    assert collaborations_sweep(at=NOON + 7 * DAY - timedelta(seconds=1)) == NOTHING
    assert collaborations_sweep(at=NOON + 7 * DAY).expired == 1
    collaboration.refresh_from_db()
    move = collaboration.moves.last()
    assert (collaboration.state, move.by, move.at) == ("expired", None, NOON + 7 * DAY)
    assert collaboration.reason == "No reply in time"
    assert not Seat.objects.taken().exists()


def test_who_wrote_back_is_not_expired():
    collaboration = make_collaboration(state="invited")
    Conversation.objects.create(
        shop=collaboration.shop, creator=collaboration.creator, last_in_at=collaboration.invited_at + DAY
    )
    assert collaborations_sweep(at=NOON + 30 * DAY) == NOTHING


def test_content_comes_due_a_week_before():
    collaboration = make_collaboration(state="accepted")
    assert collaborations_sweep(at=NOON + 6 * DAY) == NOTHING
    assert collaborations_sweep(at=NOON + 7 * DAY).content_due == 1
    collaboration.refresh_from_db()
    assert (collaboration.state, collaboration.due_at) == ("content_due", NOON + 14 * DAY)


def test_a_sample_on_its_way_comes_first():
    make_collaboration(make_plan(sample_rule="approval"), state="accepted")
    assert collaborations_sweep(at=NOON + 30 * DAY).content_due == 0


def test_a_week_without_it_is_caught_up_and_twice_is_once():
    plan = make_plan()
    for _place in range(3):
        make_collaboration(plan, state="invited")
    late = NOON + 21 * DAY
    assert collaborations_sweep(at=late).expired == 3
    assert collaborations_sweep(at=late) == NOTHING


def test_one_that_refuses_does_not_stop_the_others(monkeypatch):
    plan = make_plan()
    first, second = (make_collaboration(plan, state="invited") for _place in range(2))
    from campaigns.services import sweeps

    move = sweeps.collaboration_move

    def refusing(*, collaboration, **values):
        if collaboration.pk == first.pk:
            raise DomainError("move_impossible", "No.")
        return move(collaboration=collaboration, **values)

    monkeypatch.setattr(sweeps, "collaboration_move", refusing)
    assert collaborations_sweep(at=NOON + 8 * DAY).expired == 1
    second.refresh_from_db()
    assert second.state == "expired"


def test_the_task_sweeps_now():
    collaboration = make_collaboration(state="invited", at=NOON - 900 * DAY)
    collaborations_sweep_task()
    collaboration.refresh_from_db()
    assert collaboration.state == "expired"

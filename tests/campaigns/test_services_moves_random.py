"""Random sequences of moves: nothing leaves the table, every change is recorded, seats stay within 30."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from campaigns.models import Collaboration, CollaborationMove, Seat
from campaigns.services.collaborations import collaboration_move, moves_open_to
from campaigns.services.seats import seats_add
from campaigns.states.collaborations import COLLABORATION_TRANSITIONS, RELEASED, CollaborationState
from core.errors import DomainError
from tests.plans import NOON, make_creators, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


def moved(collaboration, to, **values):
    """The code of the refusal; "" when it moved."""
    try:
        collaboration_move(collaboration=collaboration, to=to, **values)
    except DomainError as refusal:
        return refusal.code
    return ""


def check(plan):
    for one in Collaboration.objects.filter(plan=plan).select_related("seat").prefetch_related("moves"):
        moves = list(one.moves.all())
        assert moves[0].from_state == ""
        assert moves[-1].to_state == one.state
        for before, after in pairwise(moves):
            assert before.to_state == after.from_state
            assert after.to_state in COLLABORATION_TRANSITIONS[after.from_state]
        assert (one.seat.released_at is not None) == (one.state in RELEASED)
    assert Seat.objects.taken().filter(plan=plan).count() <= 30
    slots = list(Seat.objects.taken().filter(plan=plan).values_list("slot", flat=True))
    assert len(slots) == len(set(slots))


@pytest.mark.parametrize("seed", range(6))
def test_random_moves_keep_the_table(seed):
    chance = random.Random(seed)
    plan = make_plan(contents_wanted=chance.choice([1, 2]), sample_rule=chance.choice(["none", "approval"]))
    creators, at, changes = make_creators(34), NOON, 0
    for _step in range(60):
        at += timedelta(hours=chance.randint(1, 30))
        found = list(Collaboration.objects.filter(plan=plan))
        if not found or chance.random() < 0.2:
            chosen = [one.pk for one in chance.sample(creators, chance.randint(1, 20))]
            changes += len(seats_add(plan=plan, creator_ids=chosen, by=plan.owner, at=at).seats)
            continue
        one = chance.choice(found)
        to = chance.choice(list(CollaborationState))
        is_open = to in moves_open_to(one)
        reason = chance.choice(["", "Because"])
        code = moved(one, to, by=plan.owner, at=at, reason=reason)
        assert code in ({"", "reason_missing"} if is_open else {"move_impossible"})
        changes += not code
    check(plan)
    assert CollaborationMove.objects.filter(collaboration__plan=plan).count() == changes

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import Collaboration
from campaigns.services.collaborations import collaboration_follow, collaboration_move, moves_open_to
from campaigns.states.collaborations import COLLABORATION_TRANSITIONS, CollaborationState
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


def move(collaboration, to, *, at=LATER, reason="", by="owner"):
    by = collaboration.owner if by == "owner" else by
    return collaboration_move(collaboration=collaboration, to=to, by=by, at=at, reason=reason)


def test_each_move_is_one_row():
    collaboration = make_collaboration()
    move(collaboration, "invited")
    rows = list(collaboration.moves.values_list("from_state", "to_state", "by", "at"))
    owner = collaboration.owner_id
    assert rows == [("", "seated", owner, NOON), ("seated", "invited", owner, LATER)]


def test_an_invitation_waits_for_the_reply_of_the_shops_days():
    collaboration = make_collaboration(state="invited")
    assert collaboration.due_at == NOON + timedelta(days=7)


def test_acceptance_freezes_terms_makes_contents_and_connects():
    collaboration = make_collaboration(make_plan(contents_wanted=2), state="invited")
    accepted = move(collaboration, "accepted")
    assert accepted.agreement.terms["products"][0]["commission_rate"] == "15.00"
    assert list(accepted.contents.values_list("number", "state")) == [(1, "due"), (2, "due")]
    assert accepted.due_at == LATER + timedelta(days=14)
    conversation = accepted.creator.conversations.get()
    assert (conversation.connected_at, conversation.is_exempt) == (LATER, True)


def test_acceptance_asks_for_the_sample():
    collaboration = make_collaboration(make_plan(sample_rule="approval"), state="invited")
    accepted = move(collaboration, "accepted")
    assert accepted.samples.get().state == "requested"
    assert accepted.due_at == LATER + timedelta(days=7)


def test_a_drop_cancels_what_was_not_sent():
    collaboration = make_collaboration(make_plan(sample_rule="approval"), state="accepted")
    dropped = move(collaboration, "dropped", reason="Asked for twice the fee")
    assert (dropped.samples.get().state, dropped.contents.get().state) == ("cancelled", "cancelled")
    assert (dropped.due_at, dropped.reason) == (None, "Asked for twice the fee")


def test_impossible_moves_name_the_rule():
    with pytest.raises(DomainError, match="no way") as refused:
        move(make_collaboration(), "published")
    assert refused.value.code == "move_impossible"


def test_an_unknown_state():
    with pytest.raises(DomainError) as refused:
        move(make_collaboration(), "lost_in_space")
    assert refused.value.code == "state_unknown"


def test_on_hold_goes_back_to_where_it_came_from_and_the_clock_stood_still():
    collaboration = make_collaboration(state="accepted")
    due, content_due = collaboration.due_at, collaboration.contents.get().due_at
    held = move(collaboration, "on_hold", reason="Restricted", by=None)
    assert moves_open_to(held) == [CollaborationState.ACCEPTED, CollaborationState.DROPPED]
    back = move(held, "accepted", at=LATER + timedelta(days=3))
    assert back.due_at == due + timedelta(days=3)
    assert back.contents.get().due_at == content_due + timedelta(days=3)
    assert back.samples.count() == 0
    assert back.contents.count() == 1


def test_on_hold_goes_nowhere_else():
    held = move(make_collaboration(state="accepted"), "on_hold", reason="Restricted")
    with pytest.raises(DomainError, match="goes back to") as refused:
        move(held, "content_due")
    assert refused.value.code == "move_impossible"


def test_the_state_follows_the_least_advanced_content():
    collaboration = make_collaboration(make_plan(contents_wanted=2), state="content_due")
    first, second = collaboration.contents.all()
    collaboration.contents.filter(pk=first.pk).update(state="published", published_at=NOON)
    assert collaboration_follow(collaboration=collaboration, at=LATER).state == "content_due"
    collaboration.contents.filter(pk=second.pk).update(state="in_review")
    assert collaboration_follow(collaboration=collaboration, at=LATER).state == "in_review"
    collaboration.contents.filter(pk=second.pk).update(state="published", published_at=NOON)
    assert collaboration_follow(collaboration=collaboration, at=LATER).state == "published"


def pairs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'campaigns_move_allowed'")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("state", CollaborationState)
def test_the_database_knows_the_same_table(state):
    source = pairs()
    allowed = {to for to in CollaborationState if f"('{state}', '{to}')" in source}
    assert allowed == COLLABORATION_TRANSITIONS[state]


def test_the_database_refuses_moves_outside_the_table():
    collaboration = make_collaboration()
    with pytest.raises(IntegrityError, match="cannot go from seated to closed"), transaction.atomic():
        Collaboration.objects.filter(pk=collaboration.pk).update(state="closed", ended_at=NOON)


def test_the_database_wants_a_row_for_each_move():
    collaboration = make_collaboration()
    Collaboration.objects.filter(pk=collaboration.pk).update(state="invited", state_at=LATER)
    with pytest.raises(IntegrityError, match="is not recorded"):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_the_database_keeps_frozen_terms():
    agreement = make_collaboration(state="accepted").agreement
    agreement.usage_rights = "All of them, for ever"
    with pytest.raises(IntegrityError, match="are frozen"), transaction.atomic():
        agreement.save()
    agreement.refresh_from_db()
    agreement.acknowledged_at = LATER
    agreement.save()

import pytest

from campaigns.services import bulk_moves
from campaigns.services.bulk_moves import collaborations_move
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db


def test_each_says_what_became_of_it():
    plan = make_plan()
    invited, seated = make_collaboration(plan, state="invited"), make_collaboration(plan)
    outcomes = collaborations_move(collaborations=[seated, invited], to="accepted", by=plan.owner, at=NOON)
    found = {one.collaboration.pk: one.refusal.code if one.refusal else "" for one in outcomes}
    assert found == {invited.pk: "", seated.pk: "move_impossible"}
    assert [one.state for one in plan.collaborations.order_by("pk")] == ["accepted", "seated"]


def test_a_drop_of_many_needs_one_reason():
    plan = make_plan()
    chosen = [make_collaboration(plan), make_collaboration(plan)]
    outcomes = collaborations_move(collaborations=chosen, to="dropped", by=plan.owner, at=NOON)
    assert {one.refusal.code for one in outcomes} == {"reason_missing"}
    outcomes = collaborations_move(collaborations=chosen, to="dropped", by=plan.owner, at=NOON, reason="Sold out")
    assert [one.refusal for one in outcomes] == [None, None]


def test_nothing_and_too_many(monkeypatch):
    collaboration = make_collaboration()
    with pytest.raises(DomainError) as refused:
        collaborations_move(collaborations=[], to="invited", by=collaboration.owner, at=NOON)
    assert refused.value.code == "nothing_chosen"
    monkeypatch.setattr(bulk_moves, "MOST", 0)
    with pytest.raises(DomainError) as refused:
        collaborations_move(collaborations=[collaboration], to="invited", by=collaboration.owner, at=NOON)
    assert refused.value.code == "too_many_chosen"

from datetime import timedelta

import pytest
from django.core import mail

from campaigns.models import CollaborationMove
from campaigns.selectors.consequences import hold_lines
from campaigns.services.collaborations import collaboration_move
from campaigns.services.holds import hold_mail_send
from campaigns.services.sweeps import collaborations_sweep
from tests.factories import make_creator
from tests.ledger import NOON, log, log_all, make_book
from tests.plans import make_collaboration, make_plan

pytestmark = pytest.mark.django_db
CONSEQUENCES = ("campaigns.services.holds.HOLDS",)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def connected(settings):
    settings.CONSEQUENCES = f"{__name__}.CONSEQUENCES"
    make_book()


def restricted(creator, *, at=NOON):
    """25 points withdraw everything for a while."""
    return log_all(creator, ["fraud", "medical_claim", "fraud"], at=at)


def test_a_restriction_puts_what_needs_the_feature_on_hold():
    creator = make_creator()
    live = make_collaboration(make_plan(content_form="live"), creator, state="accepted", at=NOON)
    video = make_collaboration(make_plan(content_form="video"), creator, state="accepted", at=NOON)
    closed = make_collaboration(make_plan(content_form="live"), creator, state="closed", at=NOON)
    assert hold_lines(creator, {"live"}, NOON) == ["1 open collaboration in 1 plan goes on hold."]
    assert hold_lines(creator, {"live", "video"}, NOON) == ["2 open collaborations in 2 plans go on hold."]
    entries = restricted(creator, at=NOON + DAY)
    for one in (live, video, closed):
        one.refresh_from_db()
    assert (live.state, live.held_state) == ("on_hold", "accepted")
    assert closed.state == "closed"
    move = live.moves.last()
    assert move.by in {entry.recorded_by for entry in entries}
    assert move.reason.startswith("Restricted: ")


def test_the_owner_hears_of_it_once():
    collaboration = make_collaboration(make_plan(content_form="live"), state="accepted", at=NOON)
    restricted(collaboration.creator, at=NOON + DAY)
    moves = list(CollaborationMove.objects.filter(to_state="on_hold").values_list("pk", flat=True))
    assert hold_mail_send(user_id=collaboration.owner_id, move_ids=moves)
    assert not hold_mail_send(user_id=collaboration.owner_id, move_ids=moves)
    assert [one.to for one in mail.outbox] == [[collaboration.owner.email]]
    assert "state=on_hold" in mail.outbox[0].body
    assert collaboration.creator.handle in mail.outbox[0].body


def test_the_mail_is_asked_for_when_the_entry_is_written(monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr("campaigns.services.holds.current_app.send_task", lambda *args, **kwargs: asked.append(args))
    collaboration = make_collaboration(make_plan(content_form="live"), state="accepted", at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        restricted(collaboration.creator, at=NOON + DAY)
    held = [args for args in asked if "hold_mail" in args[0]]
    assert [args[1][0] for args in held] == [collaboration.owner_id]


def test_it_comes_back_when_the_restriction_is_over_and_not_before():
    collaboration = make_collaboration(make_plan(content_form="live"), state="accepted", at=NOON)
    due = collaboration.due_at
    restricted(collaboration.creator, at=NOON + DAY)
    assert collaborations_sweep(at=NOON + 2 * DAY).resumed == 0
    later = NOON + 400 * DAY
    assert collaborations_sweep(at=later).resumed == 1
    collaboration.refresh_from_db()
    began = collaboration.moves.get(to_state="on_hold").at
    assert (collaboration.state, collaboration.due_at) == ("accepted", due + (later - began))
    assert collaboration.moves.last().by is None


def test_what_a_person_put_on_hold_stays():
    collaboration = make_collaboration(state="accepted")
    collaboration_move(collaboration=collaboration, to="on_hold", by=collaboration.owner, at=NOON, reason="Holiday")
    assert collaborations_sweep(at=NOON + 400 * DAY).resumed == 0


def test_an_entry_that_withdraws_nothing_touches_nothing():
    collaboration = make_collaboration(state="accepted")
    log(collaboration.creator, "late_content", at=NOON + DAY)
    collaboration.refresh_from_db()
    assert collaboration.state == "accepted"

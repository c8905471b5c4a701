from datetime import timedelta

import pytest
from django.apps import apps

from accounts.models import User
from core.errors import DomainError
from creators.models import Creator
from tests.factories import make_creator, make_user
from tests.ledger import NOON, log, make_book
from violations.models import LedgerEntry, ReversalRequest
from violations.selectors.standings import standing_of
from violations.services.ledger import reversal_append
from violations.services.reversals import reversal_decide, reversal_propose
from violations.states import RequestState, ReversalKind

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def book() -> None:
    make_book()


def make_request(entry: LedgerEntry | None = None, by: User | None = None) -> ReversalRequest:
    entry = entry or log(make_creator(), "fraud")
    return reversal_propose(entry=entry, reason="The wrong creator.", by=by or make_user("ops"), at=LATER)


def decide(
    request: ReversalRequest, *, confirm: bool = True, note: str = "", by: User | None = None
) -> ReversalRequest:
    return reversal_decide(request=request, confirm=confirm, note=note, by=by or make_user("ops"), at=LATER)


def points_of(creator: Creator) -> int:
    return standing_of(creator.pk, at=LATER).balance


def test_propose_changes_nothing_yet() -> None:
    request = make_request()
    assert request.state == RequestState.PROPOSED
    assert points_of(request.entry.creator) == 6


def test_second_person_confirms_and_the_reversal_is_in_the_ledger() -> None:
    request, second = make_request(), make_user("ops")
    decide(request, by=second)
    reversal = request.entry.reversals.get()
    assert (reversal.reversal_kind, reversal.points, reversal.recorded_by) == (ReversalKind.OWN_MISTAKE, -6, second)
    assert reversal.details.reason == "The wrong creator."
    assert points_of(request.entry.creator) == 0


def test_second_person_refuses_with_a_note() -> None:
    request = decide(make_request(), confirm=False, note=" It was this creator. ")
    assert (request.state, request.decision_note) == (RequestState.REFUSED, "It was this creator.")
    assert not request.entry.reversals.exists()


def test_refused_reversal_can_be_proposed_again() -> None:
    request = decide(make_request(), confirm=False, note="No.")
    assert make_request(request.entry).state == RequestState.PROPOSED


def test_the_same_person_cannot_decide() -> None:
    proposer = make_user("ops")
    with pytest.raises(DomainError) as refusal:
        decide(make_request(by=proposer), by=proposer)
    assert (refusal.value.code, refusal.value.status) == ("second_person_needed", 403)


def test_a_decided_request_stays_decided() -> None:
    request = decide(make_request())
    with pytest.raises(DomainError) as refusal:
        decide(request, confirm=False, note="No.")
    assert (refusal.value.code, refusal.value.status) == ("already_decided", 409)


def test_refusing_needs_a_note() -> None:
    with pytest.raises(DomainError) as refusal:
        decide(make_request(), confirm=False, note=" ")
    assert (refusal.value.code, list(refusal.value.fields)) == ("note_missing", ["note"])


def test_only_one_request_of_an_entry_is_open() -> None:
    request = make_request()
    with pytest.raises(DomainError) as refusal:
        make_request(request.entry)
    assert (refusal.value.code, refusal.value.status) == ("already_proposed", 409)
    assert ReversalRequest.objects.count() == 1


def test_proposing_needs_a_reason() -> None:
    with pytest.raises(DomainError) as refusal:
        reversal_propose(entry=log(make_creator()), reason=" ", by=make_user("ops"), at=LATER)
    assert refusal.value.code == "reason_missing"


def test_a_reversal_cannot_be_reversed() -> None:
    request = decide(make_request())
    with pytest.raises(DomainError) as refusal:
        make_request(request.entry.reversals.get())
    assert refusal.value.code == "not_a_violation"


def test_reversed_entry_is_not_proposed_again() -> None:
    request = decide(make_request())
    with pytest.raises(DomainError) as refusal:
        make_request(request.entry)
    assert refusal.value.code == "already_reversed"


def test_entry_that_an_appeal_reversed_meanwhile_is_not_reversed_twice() -> None:
    request = make_request()
    reversal_append(entry=request.entry, kind=ReversalKind.APPEAL_WON, reason="Won.", by=make_user("ops"), at=LATER)
    with pytest.raises(DomainError) as refusal:
        decide(request)
    request.refresh_from_db()
    assert (refusal.value.code, request.state) == ("already_reversed", RequestState.PROPOSED)


def test_decisions_are_kept_in_the_history() -> None:
    request = decide(make_request(), confirm=False, note="No.")
    events = apps.get_model("violations", "ReversalRequestEvent").objects.filter(pgh_obj=request)
    assert [(event.state, event.decided_by) for event in events] == [(RequestState.REFUSED, request.decided_by)]

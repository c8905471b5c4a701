"""Two at one ledger at the same instant, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from core.errors import DomainError
from creators.models import Creator, CreatorFacts
from tests.factories import make_creator, make_user
from tests.ledger import NOON, log, make_book
from violations.models import LedgerEntry, ReversalRequest
from violations.services.reversals import reversal_decide, reversal_propose
from violations.services.verification import ledger_verify, restrictions_verify

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def creator() -> Creator:
    make_book()
    return make_creator()


def together(calls: Sequence[Callable[[], object]]) -> list[object]:
    """What each call returns, or the refusal it raises; all begin at once."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=30)
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sorted_out(found: Sequence[object]) -> tuple[int, list[str]]:
    """How many won, and the codes with which the others were refused."""
    codes = [one.code for one in found if isinstance(one, DomainError)]
    return len(found) - len(codes), codes


def test_two_ops_logging_at_the_same_instant_are_both_in_the_chain(creator: Creator) -> None:
    people = [make_user("ops") for _ in range(2)]
    found = together([lambda by=by: log(creator, "fraud", by=by) for by in people])
    assert sorted_out(found) == (2, [])
    entries = LedgerEntry.objects.order_by("sequence")
    assert [entry.sequence for entry in entries] == [1, 2]
    assert {entry.recorded_by for entry in entries} == set(people)
    assert ledger_verify().broken == restrictions_verify().differences == []
    assert CreatorFacts.objects.get(pk=creator.pk).points == 12


def test_many_loggers_with_clocks_that_differ_leave_no_gap(creator: Creator) -> None:
    people = [make_user("ops") for _ in range(8)]
    calls = [
        lambda by=by, number=number: log(creator, by=by, at=NOON + timedelta(milliseconds=number * 7 % 5))
        for number, by in enumerate(people)
    ]
    assert sorted_out(together(calls)) == (8, [])
    report = ledger_verify()
    assert (report.entries, report.broken) == (8, [])
    assert restrictions_verify().differences == []


def test_same_incident_logged_twice_at_once_is_there_once(creator: Creator) -> None:
    link, people = "https://www.tiktok.com/@amy/video/7300000000000000001", [make_user("ops") for _ in range(2)]
    found = together([lambda by=by: log(creator, content_link=link, by=by) for by in people])
    assert sorted_out(found) == (1, ["same_incident"])
    assert LedgerEntry.objects.count() == 1


def test_two_confirmations_of_one_reversal_are_one_reversal(creator: Creator) -> None:
    entry = log(creator, "fraud")
    request = reversal_propose(entry=entry, reason="Wrong creator.", by=make_user("ops"), at=LATER)
    people = [make_user("ops") for _ in range(2)]
    found = together(
        [
            lambda by=by: reversal_decide(
                request=ReversalRequest.objects.get(pk=request.pk), confirm=True, note="", by=by, at=LATER
            )
            for by in people
        ]
    )
    assert sorted_out(found) == (1, ["already_decided"])
    assert LedgerEntry.objects.filter(answers=entry).count() == 1


def test_two_proposals_at_once_are_one(creator: Creator) -> None:
    entry, people = log(creator), [make_user("ops") for _ in range(2)]
    found = together([lambda by=by: reversal_propose(entry=entry, reason="Wrong", by=by, at=LATER) for by in people])
    assert sorted_out(found) == (1, ["already_proposed"])
    assert ReversalRequest.objects.count() == 1

"""Many at one appeal at the same instant, each with a connection of its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from core.errors import DomainError
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, make_appeal, make_book
from violations.models import Appeal, LedgerEntry
from violations.selectors.standings import standing_of
from violations.services.appeals import appeal_decide, appeal_file

pytestmark = pytest.mark.django_db(transaction=True)
PARALLEL = 20


def together(calls) -> list[object]:
    """What each call returns, or the refusal it raises; all begin at once."""
    barrier = Barrier(len(calls))

    def run(call) -> object:
        try:
            barrier.wait(timeout=30)
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_twenty_decisions_one_wins_and_the_others_are_told():
    make_book()
    creator = make_creator()
    entry = log(creator, "spam")
    appeal = make_appeal(entry)
    reviewers = [make_user("ops", name=f"Reviewer {number}") for number in range(PARALLEL)]

    def decision(number: int):
        def decide() -> Appeal:
            return appeal_decide(
                appeal=Appeal.objects.get(pk=appeal.pk),
                overturn=number % 2 == 0,
                reason=f"Reason {number}.",
                by=reviewers[number],
                at=NOON + timedelta(hours=1),
            )

        return decide

    found = together([decision(number) for number in range(PARALLEL)])

    won = [one for one in found if isinstance(one, Appeal)]
    lost = [one for one in found if isinstance(one, DomainError)]
    assert (len(won), len(lost)) == (1, PARALLEL - 1)
    assert {(error.code, error.status) for error in lost} == {("appeal_closed", 409)}
    assert all(f"{won[0].decided_by} closed this appeal on 22 Nov, 13:00" in str(error) for error in lost)
    is_overturned = won[0].state == "overturned"
    assert entry.reversals.count() == is_overturned
    assert standing_of(creator.pk, at=NOON + timedelta(hours=1)).balance == (0 if is_overturned else 4)
    assert appeal.steps.count() == 1


def test_of_two_who_file_at_once_one_is_told():
    make_book()
    entry = log(make_creator(), "spam")
    user = make_user()
    files = [make_file(user, content=f"file {number}".encode()) for number in range(2)]

    def filing(number: int):
        def file() -> Appeal:
            fresh = LedgerEntry.objects.get(pk=entry.pk)
            return appeal_file(entry=fresh, statement="Late parcel.", by=user, at=NOON, evidence=[files[number]])

        return file

    found = together([filing(number) for number in range(2)])

    codes = Counter(one.code if isinstance(one, DomainError) else "filed" for one in found)
    assert codes == {"filed": 1, "appeal_exists": 1}

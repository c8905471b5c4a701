from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from creators.models import Creator, CreatorFacts
from creators.services.merge import FACTS_LOCK
from tests.factories import make_creator, make_user
from tests.ledger import FEATURES, NOON, log, log_all, make_book
from violations.models import BlacklistEntry, Restriction
from violations.rules.restrictions import NEVER_ENDS
from violations.selectors.standings import events_of, standing_of, standings_of
from violations.services.ledger import reversal_append
from violations.services.standings import restrictions_store, standing_refresh, standings_sweep
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def book() -> None:
    make_book()


def facts_of(creator: Creator) -> tuple[Any, ...]:
    names = ("points", "strikes", "restricted_until", "is_blacklisted")
    return CreatorFacts.objects.values_list(*names).get(pk=creator.pk)


def exact(creator: Creator, at) -> tuple[Any, ...]:
    found = standing_of(creator.pk, at=at)
    return (found.balance or None, found.strikes or None, found.restricted_until, None)


def make_restricted() -> Creator:
    """12 points and two strikes at noon: LIVE is withdrawn for 7 days."""
    creator = make_creator()
    log_all(creator, ["fraud", "counterfeit_goods"])
    return creator


def test_without_the_sweep_decisions_are_right_and_the_stored_numbers_stale() -> None:
    creator = make_restricted()
    stored = facts_of(creator)
    in_force = Restriction.objects.in_force
    for days, restricted in ((6.99, True), (7.01, False), (14, False)):
        at = NOON + days * DAY
        assert standing_of(creator.pk, at=at).is_restricted is restricted
        assert in_force(at=at).exists() is restricted
    assert standing_of(creator.pk, at=NOON + 97 * DAY).balance == 0
    assert facts_of(creator) == stored == (12, 2, NOON + 7 * DAY + timedelta(minutes=1), None)


def test_sweep_publishes_what_ended_by_itself() -> None:
    creator, quiet = make_restricted(), make_creator()
    assert standings_sweep(at=NOON + 8 * DAY) == 1
    assert facts_of(creator) == (12, 2, None, None)
    assert standings_sweep(at=NOON + 97 * DAY) == 1
    assert facts_of(creator) == facts_of(quiet) == (None, None, None, None)


def test_sweep_of_what_did_not_change_writes_nothing() -> None:
    make_restricted()
    assert standings_sweep(at=NOON + DAY) == 0


def test_sweep_repairs_numbers_that_were_edited() -> None:
    creator, quiet = make_restricted(), make_creator()
    CreatorFacts.objects.filter(pk=creator.pk).update(points=99, restricted_until=None)
    CreatorFacts.objects.filter(pk=quiet.pk).update(strikes=2)
    assert standings_sweep(at=NOON + DAY) == 2
    assert [facts_of(one) for one in (creator, quiet)] == [exact(one, NOON + DAY) for one in (creator, quiet)]


@pytest.mark.parametrize("days", [0.5, 3, 10, 30, 89.5, 91, 200])
def test_sweep_says_what_the_exact_standing_says(days: float) -> None:
    plain, struck, endless, relieved = (make_creator() for _ in range(4))
    log(plain, "medical_claim")
    log_all(struck, ["spam", "prohibited_goods", "public_backlash", "sensational_content"])
    log_all(endless, ["fraud", "counterfeit_goods", "illegal_activity", "spam", "prohibited_goods"])
    entries = log_all(relieved, ["spam", "prohibited_goods", "public_backlash", "sensational_content"])
    by, kind = make_user("ops"), ReversalKind.APPEAL_WON
    reversal_append(entry=entries[0], kind=kind, reason="Won", by=by, at=NOON + DAY / 4)
    at = NOON + days * DAY
    standings_sweep(at=at)
    creators = (plain, struck, endless, relieved)
    assert [facts_of(one) for one in creators] == [exact(one, at) for one in creators]
    assert facts_of(endless)[2] == NEVER_ENDS


def test_sweep_counts_no_strikes_that_a_replay_spent_without_time_left() -> None:
    creator = make_creator()
    rules = ["spam", "prohibited_goods", "public_backlash"]
    first = log_all(creator, rules)[0]
    log(creator, "sensational_content", at=NOON + 20 * DAY)
    reversal_append(entry=first, kind=ReversalKind.APPEAL_WON, reason="Won", by=make_user("ops"), at=NOON + 21 * DAY)
    standings_sweep(at=NOON + 21 * DAY)
    assert facts_of(creator)[1] is None


def test_sweep_publishes_the_blacklist_of_the_organisation() -> None:
    creator = make_creator()
    people = {"proposed_by": make_user("ops"), "decided_by": make_user("admin")}
    times = {"proposed_at": NOON, "decided_at": NOON}
    BlacklistEntry.objects.create(creator=creator, state="active", reason="Fraud", **people, **times)
    standings_sweep(at=NOON)
    assert facts_of(creator)[3] is True


def test_refresh_stores_restrictions_and_numbers() -> None:
    creator = make_restricted()
    Restriction.objects.all().delete()
    CreatorFacts.objects.update(points=None, strikes=None, restricted_until=None)
    found = standing_refresh(creator_id=creator.pk, at=NOON + DAY)
    assert facts_of(creator) == exact(creator, NOON + DAY)
    assert Restriction.objects.count() == len(found.withdrawals) == 2


def test_restrictions_that_are_the_same_are_not_written_again() -> None:
    creator = make_restricted()
    keys = set(Restriction.objects.values_list("pk", flat=True))
    rows = standing_of(creator.pk, at=NOON + DAY).withdrawals
    assert restrictions_store(creator_id=creator.pk, rows=rows) is False
    assert set(Restriction.objects.values_list("pk", flat=True)) == keys
    assert restrictions_store(creator_id=creator.pk, rows=rows[:1]) is True


def test_standings_of_many_are_those_of_each() -> None:
    creators = [make_restricted(), make_creator(), make_restricted()]
    ids, at = [creator.pk for creator in creators], NOON + 2 * DAY
    assert standings_of(ids, at=at) == {pk: standing_of(pk, at=at) for pk in ids}
    assert set(events_of(ids)) == {creators[0].pk, creators[2].pk}


def test_as_of_a_past_instant_nothing_later_is_known() -> None:
    creator = make_restricted()
    log(creator, "illegal_activity", at=NOON + DAY)
    assert set(standing_of(creator.pk, at=NOON + 2 * DAY).withdrawn) == set(FEATURES)
    assert set(standing_of(creator.pk, at=NOON + DAY / 2).withdrawn) == {"live"}


@pytest.mark.django_db(transaction=True)
def test_logging_does_not_wait_for_a_rebuild_of_the_facts() -> None:
    """The entry is written at once, its numbers by the next sweep."""
    creator = make_creator()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [FACTS_LOCK])
        log(creator, "fraud")
        assert facts_of(creator)[0] is None
    finally:
        other.close()
    standings_sweep(at=NOON)
    assert facts_of(creator)[0] == 6

"""Random histories through the services: what is stored is what a replay of the ledger says."""

from datetime import datetime, timedelta
from random import Random

import pytest

from accounts.models import User
from creators.models import Creator
from tests.factories import make_creator, make_file, make_user
from tests.ledger import FEATURES, NOON, RULES, log, make_book
from violations.models import LedgerEntry, Restriction
from violations.selectors.standings import standing_of
from violations.services.ledger import measure_take, restriction_lift, reversal_append
from violations.services.verification import ledger_verify, restrictions_verify
from violations.states import Measure, ReversalKind

STEPS = 25
CODES = [rule for _points, _strike, rules in RULES.values() for rule in rules]
LAST = timedelta(hours=2160)


def step(random: Random, creator: Creator, *, by: User, at: datetime) -> None:
    """One thing that ops do; one that is not possible is left out."""
    entries = list(LedgerEntry.objects.filter(creator=creator).violations().not_reversed(at=at))
    withdrawn = sorted(standing_of(creator.pk, at=at).withdrawn)
    what = random.choice(["log", "log", "log", "reverse", "reverse", "measure", "lift"])
    if what == "log":
        happened = at - timedelta(hours=random.choice([0, 0, 5, 2000, 2160]))
        log(creator, random.choice(CODES), at=at, by=by, effective_at=happened, reason="Audit")
    elif what == "reverse" and entries:
        reversal_append(entry=random.choice(entries), kind=ReversalKind.APPEAL_WON, reason="Won", by=by, at=at)
    elif what == "measure":
        options = {"features": random.sample(FEATURES, 2), "ends_at": random.choice([None, at + timedelta(days=5)])}
        measure_take(
            creator=creator,
            measure=Measure.LIMIT_ACCOUNT,
            reason="Press",
            by=by,
            at=at,
            evidence=[make_file(by)],
            **options,
        )
    elif what == "lift" and withdrawn:
        feature = random.choice(withdrawn)
        restriction_lift(creator=creator, features=[feature], reason="Agreed", by=by, at=at, evidence=[make_file(by)])


def counted(creator: Creator, at: datetime) -> int:
    """The balance, one entry after the other."""
    total = 0
    for entry in LedgerEntry.objects.filter(creator=creator, kind="violation", recorded_at__lte=at):
        is_reversed = entry.reversals.filter(recorded_at__lte=at).exists()
        total += entry.points if not is_reversed and entry.effective_at <= at < entry.effective_at + LAST else 0
    return total


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_any_interleaving_gives_the_stored_restrictions_and_a_naive_balance(seed: int) -> None:
    random, creator, by, at = Random(seed), make_creator(), make_user("ops"), NOON
    make_book()
    for _ in range(STEPS):
        at += timedelta(hours=random.choice([0, 0, 1, 24, 72, 240, 700]))
        step(random, creator, by=by, at=at)
        found = standing_of(creator.pk, at=at)
        assert found.balance == counted(creator, at) == creator.ledger.balance(at=at) >= 0
        stored = Restriction.objects.filter(creator=creator).in_force(at=at)
        assert set(stored.values_list("feature", flat=True)) == set(found.withdrawn)
    assert restrictions_verify().differences == []
    assert ledger_verify(with_details=True).broken == []

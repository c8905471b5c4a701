"""Old snapshots go, the newest of each source and month stays."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from creators.models import Creator, Snapshot
from creators.services.snapshots import snapshots_prune
from creators.states import Quality
from tests.factories import make_market

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.make_aware(datetime(2026, 8, 1))


@pytest.fixture
def creator() -> Creator:
    day = date(2026, 7, 1)
    return Creator.objects.create(market=make_market("US"), handle="amy", first_seen_on=day, last_seen_on=day)


def say(creator: Creator, day: int, **fields: Any) -> Snapshot:
    values = {"source": "tool", "quality": Quality.ESTIMATE, "recorded_at": LONG_AGO}
    return Snapshot.objects.create(creator=creator, as_of=date(2026, 7, day), **values | fields)


def left(creator: Creator) -> list[int]:
    return list(creator.snapshots.order_by("pk").values_list("pk", flat=True))


def test_older_one_of_the_month_goes(creator: Creator) -> None:
    say(creator, 1)
    newest = say(creator, 9)
    assert snapshots_prune(at=LONG_AGO + timedelta(days=31)) == 1
    assert left(creator) == [newest.pk]


def test_nothing_goes_while_the_newer_import_may_be_undone(creator: Creator) -> None:
    kept = [say(creator, 1).pk, say(creator, 9).pk]
    assert snapshots_prune(at=LONG_AGO + timedelta(days=29)) == 0
    assert left(creator) == kept


@pytest.mark.parametrize("other", [{"source": "another"}, {"as_of": date(2026, 6, 30)}, {"quality": Quality.EDITED}])
def test_other_sources_months_and_edits_stay(creator: Creator, other: dict[str, Any]) -> None:
    values = {"source": "tool", "quality": Quality.ESTIMATE, "recorded_at": LONG_AGO, "as_of": date(2026, 7, 1)}
    first = Snapshot.objects.create(creator=creator, **values | other)
    second = say(creator, 9)
    assert snapshots_prune(at=LONG_AGO + timedelta(days=99)) == 0
    assert left(creator) == [first.pk, second.pk]

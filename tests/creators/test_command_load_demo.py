from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from accounts.models import Shop, User
from accounts.states import RoleCode
from core.states import JobState
from creators.management.commands.load_demo import accounts_table
from creators.models import Audience, Creator, CreatorContact, CreatorFacts, DailyMetric, Import, Shortlist, Snapshot
from creators.services.demo import DEMO_ACCOUNTS, DEMO_LISTS, PASSWORD, demo_load
from creators.services.loading import reference_load
from creators.services.merge import facts_merge
from creators.states import ConflictState, Quality, Visibility

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_demo_is_the_same_every_time() -> None:
    reference_load()
    made = []
    for _time in range(2):
        with transaction.atomic():
            demo_load(size=50, at=NOW)
            made.append(set(Creator.objects.values_list("market_id", "nickname", "language", "facts__followers")))
            transaction.set_rollback(True)
    assert made[0] == made[1]


def test_load_demo_twice_does_nothing_more() -> None:
    reference_load()
    out = StringIO()
    call_command("load_demo", size=20, stdout=out)
    call_command("load_demo", size=20, stdout=out)
    assert DailyMetric.objects.values("creator_id").distinct().count() == 10
    assert "there already" in out.getvalue()


def test_load_demo_prints_the_accounts_alone() -> None:
    out = StringIO()
    call_command("load_demo", accounts=True, stdout=out)
    assert out.getvalue().strip() == accounts_table().strip()
    assert all(account.email in out.getvalue() for account in DEMO_ACCOUNTS)
    assert PASSWORD in out.getvalue()
    assert not User.objects.exists()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo for the tests below, which only read: each runs in a savepoint of its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference_load()
        assert demo_load(size=300, at=NOW)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("demo")
def test_demo_has_somebody_of_each_role_who_can_sign_in() -> None:
    assert set(User.objects.values_list("role", flat=True)) == set(RoleCode.values)
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    sellers = User.objects.filter(role=RoleCode.SELLER).annotate(count=Count("shops"))
    assert [seller.count for seller in sellers] == [1, 1]
    assert Shop.objects.count() == 3


@pytest.mark.usefixtures("demo")
def test_demo_creators_have_facts_of_yesterday_and_older() -> None:
    # Four more come with the import.
    assert Creator.objects.count() == CreatorFacts.objects.count() == 304
    days = set(CreatorFacts.objects.values_list("as_of", flat=True))
    assert max(days) == NOW.date() - timedelta(days=1)
    assert len(days) > 5


@pytest.mark.usefixtures("demo")
def test_demo_sources_differ_in_quality() -> None:
    qualities = set(Snapshot.objects.values_list("quality", flat=True))
    assert qualities == {Quality.EXACT, Quality.RANGE, Quality.ESTIMATE}
    assert Snapshot.objects.filter(quality=Quality.RANGE, ranges__has_key="gmv_30d").exists()
    assert not Snapshot.objects.exclude(quality=Quality.RANGE).filter(ranges__isnull=False).exists()


@pytest.mark.usefixtures("demo")
def test_demo_has_daily_rows_for_half() -> None:
    counts = DailyMetric.objects.values("creator_id").annotate(days=Count("day")).values_list("days", flat=True)
    assert len(counts) == 150
    assert set(counts) == {60}


@pytest.mark.usefixtures("demo")
def test_demo_contacts_belong_to_the_shop_of_the_market() -> None:
    contacts = CreatorContact.objects.select_related("creator", "shop")
    assert contacts
    assert all(contact.creator.market_id == contact.shop.market_code for contact in contacts)
    assert all(contact.value.endswith("@mail.example") for contact in contacts)


@pytest.mark.usefixtures("demo")
def test_demo_audiences_leave_room_for_elsewhere() -> None:
    totals: dict[int, float] = {}
    for creator_id, share in Audience.objects.values_list("creator_id", "share"):
        totals[creator_id] = totals.get(creator_id, 0) + float(share)
    assert len(totals) > 100
    assert max(totals.values()) <= 1


@pytest.mark.usefixtures("demo")
def test_demo_shortlists_tell_a_story() -> None:
    lists = Shortlist.objects.with_sizes()
    assert lists.count() == len(DEMO_LISTS)
    assert all(shortlist.size > 0 for shortlist in lists)
    assert lists.filter(visibility=Visibility.PRIVATE).count() == 1
    entries = lists.get(name="Glow serum launch").entries.select_related("creator")
    assert {entry.creator.market_id for entry in entries} == {"US"}
    assert entries.exclude(note="").exists()


@pytest.mark.usefixtures("demo")
def test_demo_facts_are_what_the_snapshots_say() -> None:
    before = list(CreatorFacts.objects.order_by("pk").values())
    facts_merge(creator_ids=[row["creator_id"] for row in before])
    assert list(CreatorFacts.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("demo")
def test_demo_import_shows_what_lists_bring() -> None:
    source_import = Import.objects.select_related("job", "created_by").get()
    assert source_import.job is not None
    assert source_import.job.state == JobState.DONE
    assert source_import.created_by is not None
    assert source_import.created_by.email == "sofia@demo.example"
    assert (source_import.created, source_import.failed, source_import.repeats) == (4, 3, 1)
    assert source_import.updated + source_import.unchanged == 24
    conflict = source_import.conflict_rows.get()
    assert conflict.state == ConflictState.OPEN
    assert conflict.external_id != conflict.creator.external_id

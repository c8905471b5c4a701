from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.models import User
from core.errors import DomainError
from creators.models import CreatorFacts
from creators.services.demo import demo_load
from creators.services.loading import reference_load
from tests.factories import make_creator, make_user
from violations.models import (
    Appeal,
    BlacklistEntry,
    CreatorLink,
    Evidence,
    HealthRating,
    LedgerEntry,
    Notice,
    ReversalRequest,
    RuleBook,
)
from violations.rules.windows import working_days_after
from violations.selectors.appeals import contact_of, steps_to_mail
from violations.selectors.standings import standing_of
from violations.services.demo import _cast, violations_demo_load
from violations.services.verification import ledger_verify, restrictions_verify

pytestmark = pytest.mark.django_db
# A Wednesday.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo for the tests below, which only read: each runs in a savepoint of its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference_load()
        demo_load(size=80, at=NOW)
        assert violations_demo_load(at=NOW) > 140
        yield
        transaction.set_rollback(True)


def standing(role):
    return standing_of(_cast()[role].pk, at=NOW)


def test_demo_without_its_people_says_what_to_do():
    with pytest.raises(DomainError) as caught:
        violations_demo_load(at=NOW)
    assert caught.value.code == "demo_missing"
    with pytest.raises(CommandError, match="load_demo"):
        call_command("load_violations_demo")


def test_demo_with_few_creators_stays_empty():
    make_user("admin", email="mei@demo.example")
    make_creator("brass")
    out = StringIO()
    call_command("load_violations_demo", stdout=out)
    assert "No ledger entries" in out.getvalue()


@pytest.mark.usefixtures("demo")
def test_demo_a_second_time_does_nothing():
    before = LedgerEntry.objects.count()
    assert violations_demo_load(at=NOW) == 0
    assert LedgerEntry.objects.count() == before


@pytest.mark.usefixtures("demo")
def test_demo_ledger_is_whole():
    assert ledger_verify(with_details=True).broken == []
    assert restrictions_verify().differences == []
    assert not LedgerEntry.objects.filter(recorded_at__gt=NOW).exists()


@pytest.mark.usefixtures("demo")
def test_demo_points_expire_tomorrow():
    creator = _cast()["tomorrow"]
    ends = creator.ledger.values_list("expires_at", flat=True)
    assert NOW + DAY in list(ends)
    assert standing_of(creator.pk, at=NOW + DAY).balance < standing("tomorrow").balance


@pytest.mark.usefixtures("demo")
def test_demo_creators_stand_where_the_story_wants_them():
    assert standing("eleven").balance == 11
    assert standing("banned").balance == 24
    assert standing("banned").withdrawn == dict.fromkeys(("live", "video", "showcase"))
    assert set(standing("strikes").withdrawn) == {"live", "video", "showcase"}
    assert standing("overturned").withdrawn == {}
    assert standing("late").balance == 0


@pytest.mark.usefixtures("demo")
def test_demo_facts_hold_the_standing_of_now():
    facts = CreatorFacts.objects.get(pk=_cast()["banned"].pk)
    assert (facts.points, facts.restricted_until is not None) == (24, True)


@pytest.mark.usefixtures("demo")
def test_demo_appeal_has_two_working_days_left():
    appeal = Appeal.objects.get(entry__creator=_cast()["waiting"])
    zone = appeal.entry.creator.market.time_zone
    assert appeal.due_at == working_days_after(NOW, days=2, time_zone=zone)
    assert appeal.assigned_to == User.objects.get(email="owen@demo.example")


@pytest.mark.usefixtures("demo")
def test_demo_appeals_are_in_every_state():
    assert set(Appeal.objects.values_list("state", flat=True)) >= {
        "submitted", "evidence_asked", "under_review", "upheld", "overturned", "withdrawn",
    }  # fmt: skip
    assert Appeal.objects.overdue(at=NOW).get().escalated_at is not None
    assert Appeal.objects.get(filed_by=None).filed_through == CreatorLink.objects.get()


@pytest.mark.usefixtures("demo")
def test_demo_has_the_rest_of_the_desk():
    assert set(ReversalRequest.objects.values_list("state", flat=True)) == {"proposed", "confirmed", "refused"}
    shared = BlacklistEntry.objects.filter(shop=None)
    assert set(shared.values_list("state", flat=True)) == {"active", "proposed"}
    assert BlacklistEntry.objects.get(shop__name="Luma Skin").state == "active"
    assert BlacklistEntry.objects.due_for_review(on=NOW.date()).exists()
    assert HealthRating.objects.values("creator").distinct().count() == 40
    draft = RuleBook.objects.get(state="draft")
    assert draft.effective_from == datetime(2026, 12, 1, tzinfo=UTC)
    assert Evidence.objects.count() > 80


@pytest.mark.usefixtures("demo")
def test_demo_leaves_no_mail_to_send():
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent", "failed"}
    unsent = steps_to_mail(since=NOW - 365 * DAY).select_related("appeal__entry")
    assert all(contact_of(step.appeal) is None for step in unsent)
    assert not Appeal.objects.overdue(at=NOW).filter(escalated_at=None).exists()

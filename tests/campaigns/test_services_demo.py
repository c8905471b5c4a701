from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from campaigns.models import (
    Collaboration,
    Content,
    Message,
    OrderLine,
    Payout,
    Problem,
    Product,
    Sample,
    SettlementLine,
    StockMove,
    TargetedPlan,
)
from campaigns.services.demo import campaigns_demo_load
from campaigns.services.sweeps import collaborations_sweep
from campaigns.states.collaborations import CollaborationState
from core.errors import DomainError
from creators.services.demo import demo_load
from creators.services.loading import reference_load
from violations.services.demo import violations_demo_load

pytestmark = pytest.mark.django_db
# A Wednesday.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo for the tests below, which only read: each runs in a savepoint of its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference_load()
        demo_load(size=150, at=NOW)
        violations_demo_load(at=NOW)
        assert campaigns_demo_load(at=NOW) > 60
        yield
        transaction.set_rollback(True)


def plan(name):
    return TargetedPlan.objects.get(name=name)


def states(name):
    return Counter(plan(name).collaborations.values_list("state", flat=True))


def test_without_its_people_it_says_what_to_do():
    with pytest.raises(DomainError) as caught:
        campaigns_demo_load(at=NOW)
    assert caught.value.code == "demo_missing"
    with pytest.raises(CommandError, match="load_demo"):
        call_command("load_campaigns_demo")


def test_a_second_run_adds_nothing(demo):
    before = Collaboration.objects.count()
    assert campaigns_demo_load(at=NOW) == 0
    assert Collaboration.objects.count() == before


def test_the_plan_of_the_story_has_17_seats(demo):
    found = plan("Winter barrier care")
    assert found.seats.taken().count() == 17
    assert states("Winter barrier care") == {
        "invited": 4, "accepted": 3, "sample_sent": 3, "content_due": 3, "in_review": 1, "published": 2,
        "closed": 1, "dropped": 2,
    }  # fmt: skip
    late = found.collaborations.overdue(at=NOW)
    assert sorted(late.values_list("state", flat=True)) == ["content_due", "content_due", "invited"]
    assert all(found.collaborations.filter(state="dropped").values_list("reason", flat=True))


def test_a_full_a_closed_a_draft_and_another_shops_plan(demo):
    assert plan("Night cream launch").seats.taken().count() == 30
    assert plan("Autumn table").state == "closed"
    assert plan("Valentine gift set").state == "draft"
    assert (plan("Tết ấm áp").shop.name, plan("Tết ấm áp").currency) == ("Nhà Xinh", "VND")


def test_every_state_has_somebody_but_on_hold_needs_a_restriction(demo):
    found = set(Collaboration.objects.values_list("state", flat=True))
    assert set(CollaborationState.values) - found <= {"on_hold"}


def test_the_sweep_of_the_first_hour_leaves_the_seats(demo):
    with transaction.atomic():
        collaborations_sweep(at=NOW)
        assert plan("Winter barrier care").seats.taken().count() == 17
        transaction.set_rollback(True)


def test_samples_wait_for_everything_somebody_can_do(demo):
    found = Counter(Sample.objects.values_list("state", flat=True))
    assert {"requested", "approved", "shipped", "delivered", "fulfilled", "unfulfilled"} <= set(found)
    assert Sample.objects.filter(state="delivered", content_due_at__lt=NOW).exists()
    for product in Product.objects.all():
        assert product.sample_stock == sum(product.stock_moves.values_list("delta", flat=True))
    assert StockMove.objects.filter(sample=None).count() == Product.objects.filter(sample_stock__gt=0).count()


def test_a_script_in_review_makes_a_medical_claim(demo):
    drafts = [content.drafts.latest("number") for content in Content.objects.filter(state="in_review")]
    found = [item["found"] for draft in drafts for item in draft.checklist if item["code"] == "medical"]
    assert ["heals", "treatment for"] in [sorted(one) for one in found]


def test_nobody_is_written_to(demo):
    assert set(Message.objects.values_list("channel", flat=True)) == {"chat"}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent", "received"}


def test_money_stands_in_every_state(demo):
    ours = SettlementLine.objects.payable()
    assert {"pending", "due", "approved", "paid", "disputed"} <= set(ours.values_list("state", flat=True))
    assert ours.filter(amount=Decimal("-38.00"), adjusts__state="paid").exists()
    assert Payout.objects.exclude(paid_on=None).count() == 2
    assert OrderLine.objects.filter(collaboration=None).count() == 0


def test_a_problem_is_open_and_one_is_resolved(demo):
    assert sorted(Problem.objects.values_list("state", "outcome")) == [("open", ""), ("resolved", "mended")]


def test_cells_of_the_matrix_have_contents(demo):
    assert Content.objects.exclude(cell=None).count() > 6

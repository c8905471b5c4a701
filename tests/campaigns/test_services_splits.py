import pytest

from campaigns.models import SEATS, TargetedPlan
from campaigns.services.splits import plan_split
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_creators, make_plan

pytestmark = pytest.mark.django_db


def test_forty_seven_creators_become_two_plans():
    plan = make_plan()
    creators = make_creators(47)
    first, second = plan_split(plan=plan, creator_ids=[one.pk for one in creators], by=plan.owner, at=NOON)
    assert (len(first.seats), len(second.seats)) == (SEATS, 17)
    assert (first.refused, second.refused) == ({}, {})
    copy = second.seats[0].plan
    assert (copy.source, copy.state, copy.name) == (plan, "draft", f"{plan.name} 2")
    assert [seat.creator_id for seat in second.seats] == [one.pk for one in creators[SEATS:]]


def test_who_is_refused_for_another_reason_gets_no_seat_anywhere():
    seated = make_collaboration()
    creators = make_creators(SEATS)
    ids = [seated.creator_id, *(one.pk for one in creators)]
    first, second = plan_split(plan=seated.plan, creator_ids=ids, by=seated.owner, at=NOON)
    assert {pk: one.code for pk, one in first.refused.items()} == {seated.creator_id: "already_in_plan"}
    assert (len(first.seats), len(second.seats)) == (SEATS - 1, 1)


def test_all_of_it_or_nothing():
    plan = make_plan(message="{creator}")
    TargetedPlan.objects.filter(pk=plan.pk).update(message="{discount}")
    with pytest.raises(DomainError) as refused:
        plan_split(plan=plan, creator_ids=[one.pk for one in make_creators(31)], by=plan.owner, at=NOON)
    assert refused.value.code == "variable_unknown"
    assert not plan.seats.exists()

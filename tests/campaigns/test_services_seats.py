from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import SEATS, DoNotContact, Seat, TargetedPlan
from campaigns.services.collaborations import collaboration_move
from campaigns.services.seats import seat_remove, seats_add
from core.errors import DomainError
from creators.models import Person
from tests.factories import make_creator, make_market, make_shop, make_user
from tests.ledger import log, make_book
from tests.plans import NOON, make_collaboration, make_creators, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db


def add(plan, *creators, at=NOON, by=None):
    return seats_add(plan=plan, creator_ids=[one.pk for one in creators], by=by or plan.owner, at=at)


def test_thirty_seats_and_no_more():
    plan = make_plan()
    creators = make_creators(SEATS + 2)
    seating = add(plan, *creators)
    assert [seat.slot for seat in seating.seats] == list(range(1, SEATS + 1))
    assert {one.code for one in seating.refused.values()} == {"plan_full"}
    assert list(seating.refused) == [creator.pk for creator in creators[SEATS:]]
    assert "30 of 30" in seating.refused[creators[-1].pk].message


def test_the_order_of_the_choice_decides():
    plan = make_plan()
    first, second = make_creators(2)
    seating = add(plan, second, first)
    assert [seat.creator_id for seat in seating.seats] == [second.pk, first.pk]


@pytest.mark.parametrize("slot", [0, 31])
def test_the_database_knows_thirty_slots(slot):
    plan = make_plan()
    with pytest.raises(IntegrityError, match="seat_slot_1_to_30"), transaction.atomic():
        Seat.objects.create(plan=plan, slot=slot, creator=make_creator(), added_by=plan.owner, added_at=NOON)


def test_the_database_gives_a_slot_once():
    seat = make_collaboration().seat
    with pytest.raises(IntegrityError, match="seat_slot_once"), transaction.atomic():
        Seat.objects.create(
            plan=seat.plan, slot=seat.slot, creator=make_creator(), added_by=seat.added_by, added_at=NOON
        )


def test_the_database_seats_a_creator_once():
    seat = make_collaboration().seat
    with pytest.raises(IntegrityError, match="seat_creator_once"), transaction.atomic():
        Seat.objects.create(plan=seat.plan, slot=9, creator=seat.creator, added_by=seat.added_by, added_at=NOON)


@pytest.mark.parametrize("state", ["declined", "expired", "dropped"])
def test_a_seat_that_was_given_up_is_free_again(state):
    collaboration = make_collaboration(state="invited")
    collaboration_move(collaboration=collaboration, to=state, by=None, at=NOON, reason="No answer")
    again = add(collaboration.plan, collaboration.creator)
    assert [seat.slot for seat in again.seats] == [collaboration.seat.slot]


def test_a_removed_seat_needs_a_reason():
    seat = make_collaboration().seat
    with pytest.raises(DomainError) as refused:
        seat_remove(seat=seat, by=seat.added_by, at=NOON, reason=" ")
    assert refused.value.code == "reason_missing"
    dropped = seat_remove(seat=seat, by=seat.added_by, at=NOON, reason="Wrong creator")
    assert (dropped.state, dropped.seat.released_because) == ("dropped", "dropped")


def test_a_closed_plan_takes_nobody():
    plan = make_plan(state="closed")
    with pytest.raises(DomainError) as refused:
        add(plan, make_creator())
    assert refused.value.code == "plan_closed"


def test_nobody_chosen():
    with pytest.raises(DomainError) as refused:
        add(make_plan())
    assert refused.value.code == "nobody_chosen"


def codes(seating):
    return [one.code for one in seating.refused.values()]


def test_refused_for_an_unknown_creator():
    plan = make_plan()
    assert codes(seats_add(plan=plan, creator_ids=[987654], by=plan.owner, at=NOON)) == ["creator_unknown"]


def test_refused_in_the_plan_already():
    collaboration = make_collaboration()
    assert codes(add(collaboration.plan, collaboration.creator)) == ["already_in_plan"]


def test_refused_in_a_running_plan_for_the_same_product():
    collaboration = make_collaboration()
    product = collaboration.plan.plan_products.get().product
    other = make_plan(collaboration.shop, collaboration.owner, products=[product])
    seating = add(other, collaboration.creator)
    assert codes(seating) == ["other_plan"]
    assert collaboration.plan.name in seating.refused[collaboration.creator_id].message


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_plan_that_does_not_run_keeps_nobody(state):
    collaboration = make_collaboration()
    TargetedPlan.objects.filter(pk=collaboration.plan_id).update(state=state)
    product = collaboration.plan.plan_products.get().product
    assert codes(add(make_plan(collaboration.shop, products=[product]), collaboration.creator)) == []


def test_other_products_and_other_shops_do_not_matter():
    collaboration = make_collaboration()
    assert codes(add(make_plan(collaboration.shop), collaboration.creator)) == []
    assert codes(add(make_plan(), collaboration.creator)) == []


def test_refused_as_the_ledger_restricts():
    make_book()
    creator, plan = make_creator(), make_plan(content_form="live")
    for _ in range(2):
        log(creator, "counterfeit_goods")
    seating = add(plan, creator, at=NOON + timedelta(minutes=5))
    assert codes(seating) == ["restricted"]
    assert "Withdrawn" in seating.refused[creator.pk].message


def test_who_does_not_want_to_be_contacted_gets_no_seat():
    plan = make_plan()
    person = Person.objects.create(created_by=plan.owner, created_at=NOON)
    one, other = make_creator(person=person), make_creator(person=person)
    DoNotContact.objects.create(creator=one, reason="Asked us by mail", added_by=plan.owner, added_at=NOON)
    assert codes(add(plan, one, other)) == ["do_not_contact"] * 2


def test_a_wish_towards_another_shop_is_theirs():
    plan, creator = make_plan(), make_creator()
    DoNotContact.objects.create(
        creator=creator, shop=make_shop(), reason="Had enough", added_by=plan.owner, added_at=NOON
    )
    assert codes(add(plan, creator)) == []


def test_another_market_is_a_warning():
    plan, creator = make_plan(), make_creator(market="GB")
    make_market("GB")
    seating = add(plan, creator)
    assert len(seating.seats) == 1
    assert [one.code for one in seating.warnings[creator.pk]] == ["other_market"]


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    plan = make_plan()
    creators = make_creators(20)
    with django_assert_max_num_queries(26):
        add(plan, *creators)


def in_parallel(number, act):
    def run(index):
        try:
            return act(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_for_the_last_seat():
    plan = make_plan()
    seat_all(plan, make_creators(SEATS - 1))
    creators = make_creators(50)
    seatings = in_parallel(50, lambda index: add(plan, creators[index]))
    assert sum(len(one.seats) for one in seatings) == 1
    assert Counter(code for one in seatings for code in codes(one)) == {"plan_full": 49}
    assert plan.seats.taken().count() == SEATS


@pytest.mark.django_db(transaction=True)
def test_two_plans_for_one_product_at_once_seat_a_creator_once():
    owner = make_user()
    shop = make_shop([owner])
    product, creator = make_product(shop, owner), make_creator()
    plans = [make_plan(shop, owner, products=[product]) for _ in range(4)]
    seatings = in_parallel(4, lambda index: add(plans[index], creator))
    assert sum(len(one.seats) for one in seatings) == 1

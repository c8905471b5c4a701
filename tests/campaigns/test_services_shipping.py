from datetime import date

import pytest

from campaigns.models import Product
from campaigns.services.collaborations import collaboration_move
from campaigns.services.shipping import (
    sample_answer_defect,
    sample_deliver,
    sample_extend,
    sample_lose,
    sample_report_defective,
    sample_return,
    sample_ship,
    sample_tracking_correct,
    samples_ship,
)
from core.errors import DomainError
from tests.plans import NOON
from tests.works import days, make_sample

pytestmark = pytest.mark.django_db
LATER = NOON + days(2)


def does(act, sample, at=LATER, **kwargs):
    return act(sample=sample, by=sample.collaboration.owner, at=at, **kwargs)


def refused(code, act, sample, **kwargs):
    with pytest.raises(DomainError) as error:
        does(act, sample, **kwargs)
    assert error.value.code == code


def state(sample):
    sample.collaboration.refresh_from_db()
    return sample.collaboration.state


def stock(sample):
    return Product.objects.get(pk=sample.product_id).sample_stock


def test_a_shipped_sample_brings_the_collaboration_along():
    sample = make_sample(state="approved")
    refused("carrier_missing", sample_ship, sample, carrier=" ")
    shipped = does(sample_ship, sample, carrier="UPS", tracking=" 1Z9 ", expected_on=date(2026, 11, 27))
    assert (shipped.state, shipped.tracking, shipped.shipped_at, state(sample)) == (
        "shipped", "1Z9", LATER, "sample_sent",
    )  # fmt: skip


def test_nothing_is_shipped_on_hold():
    sample = make_sample(state="approved")
    owner = sample.collaboration.owner
    collaboration_move(collaboration=sample.collaboration, to="on_hold", at=LATER, by=owner, reason="Restricted")
    refused("not_agreed", sample_ship, sample, carrier="UPS")


def test_tracking_can_be_mended_on_the_way():
    sample = make_sample(state="shipped")
    mended = does(sample_tracking_correct, sample, carrier="DHL", tracking="77", expected_on=None)
    assert (mended.carrier, mended.tracking) == ("DHL", "77")
    refused("carrier_missing", sample_tracking_correct, sample, carrier="", tracking="", expected_on=None)
    does(sample_deliver, sample)
    refused("sample_not_shipped", sample_tracking_correct, sample, carrier="DHL", tracking="", expected_on=None)


def test_several_are_shipped_at_once():
    approved, requested = make_sample(state="approved"), make_sample()
    bulk = samples_ship(samples=[approved, requested], carrier="UPS", by=approved.collaboration.owner, at=LATER)
    assert [one.pk for one in bulk.done] == [approved.pk]
    assert list(bulk.refused) == [requested.pk]


def test_delivery_makes_content_due_in_14_days():
    sample = make_sample(state="shipped")
    got = does(sample_deliver, sample, delivered_at=NOON + days(1))
    assert got.content_due_at == NOON + days(15)
    assert state(sample) == "delivered"
    assert sample.collaboration.contents.get().due_at == sample.collaboration.due_at == NOON + days(15)


def test_wrong_moments_of_delivery():
    sample = make_sample(state="shipped")
    refused("moment_in_future", sample_deliver, sample, delivered_at=LATER + days(1))
    refused("delivered_before_shipped", sample_deliver, sample, delivered_at=NOON - days(1))
    refused("sample_move_impossible", sample_deliver, make_sample())


def test_one_extension_of_seven_days():
    sample = make_sample(state="delivered")
    refused("reason_missing", sample_extend, sample, reason="")
    longer = does(sample_extend, sample, reason="Was ill")
    assert longer.content_due_at == NOON + days(21)
    state(sample)
    assert sample.collaboration.due_at == NOON + days(21)
    refused("extended_already", sample_extend, sample, reason="Once more")
    refused("sample_not_delivered", sample_extend, make_sample(), reason="Early")


def test_a_refused_defect_leaves_the_content_due():
    sample = make_sample(state="delivered")
    does(sample_report_defective, sample, reason="Broken cap")
    kept = does(sample_answer_defect, sample, is_accepted=False, comes_back=False, reason="The photo shows no crack")
    assert (kept.state, kept.content_due_at) == ("delivered", NOON + days(14))
    refused("defect_not_reported", sample_answer_defect, sample, is_accepted=True, comes_back=True, reason="Late")


@pytest.mark.parametrize(("comes_back", "to"), [(True, "returned"), (False, "lost")])
def test_an_accepted_defect_can_be_replaced(comes_back, to):
    sample = make_sample(state="delivered")
    does(sample_report_defective, sample, reason="Broken cap")
    gone = does(sample_answer_defect, sample, is_accepted=True, comes_back=comes_back, reason="Sorry", replace=True)
    other = sample.collaboration.samples.exclude(pk=sample.pk).get()
    assert (gone.state, other.state, state(sample)) == (to, "requested", "accepted")
    assert stock(sample) == 9


def test_what_comes_back_goes_into_stock():
    sample = make_sample(state="shipped")
    does(sample_return, sample, reason="Nobody at home")
    assert (stock(sample), state(sample)) == (10, "accepted")


def test_what_comes_back_damaged_does_not():
    sample = make_sample(state="shipped")
    does(sample_return, sample, reason="Crushed", restock=False)
    assert stock(sample) == 9


def test_a_lost_sample_stays_paid():
    sample = make_sample(state="shipped")
    lost = does(sample_lose, sample, reason="Carrier lost it")
    assert (lost.state, lost.cost, stock(sample), state(sample)) == ("lost", sample.cost, 9, "accepted")

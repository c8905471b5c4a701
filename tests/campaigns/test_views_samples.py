"""Pages of samples, as the seller of the shop and as a stranger."""

from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.models import ContentResult, Sample
from campaigns.selectors.sections import samples as section
from tests.factories import make_user, sign_in
from tests.plans import NOON, make_product
from tests.works import days, make_sample, publish

pytestmark = pytest.mark.django_db
LIST = "/samples/"


def text(response) -> str:
    return response.content.decode()


def owner(sample):
    return sample.collaboration.owner


def step(client, sample, name, **data):
    return sign_in(client, owner(sample)).post(reverse("sample_step", args=[sample.pk, name]), data)


def state(sample):
    return Sample.objects.get(pk=sample.pk).state


def test_the_list_by_tab(client):
    sample = make_sample()
    sign_in(client, owner(sample))
    page = text(client.get(LIST))
    assert f"@{sample.collaboration.creator.handle}" in page
    assert "late" in page
    assert "No sample here" in text(client.get(LIST, {"tab": "ship"}))
    assert "No sample here is for" in text(client.get(LIST, {"q": "nobody"}))


@pytest.mark.parametrize(("wanted", "tab"), [("approved", "ship"), ("shipped", "way"), ("delivered", "content")])
def test_every_tab_shows_its_samples(client, wanted, tab):
    sample = make_sample(state=wanted)
    page = text(sign_in(client, owner(sample)).get(LIST, {"tab": tab}))
    assert f"@{sample.collaboration.creator.handle}" in page


def test_the_page_says_what_the_rules_said(client):
    sample = make_sample()
    page = text(sign_in(client, owner(sample)).get(sample.get_absolute_url()))
    for words in ("Pre-screen", "10 in stock, 1 wanted", "Earlier samples", "Approve the sample", "6.50"):
        assert words in page


def test_the_way_of_a_sample_through_its_page(client):
    sample = make_sample()
    assert step(client, sample, "approve", cost="7.25", note="Good fit").status_code == 302
    assert Sample.objects.get().cost == Decimal("7.25")
    assert step(client, sample, "ship", carrier="UPS", tracking="1Z9").status_code == 302
    page = text(client.get(sample.get_absolute_url()))
    assert "https://www.ups.com/track?tracknum=1Z9" in page
    assert step(client, sample, "deliver").status_code == 302
    assert step(client, sample, "extend", reason="Was ill").status_code == 302
    page = text(client.get(sample.get_absolute_url()))
    assert "Give 7 more days" not in page
    assert "7 days given by" in page
    assert step(client, sample, "defect", reason="Broken").status_code == 302
    answer = {"is_accepted": "yes", "comes_back": "on", "replace": "on", "reason": "Sorry"}
    assert step(client, sample, "answer-defect", **answer).status_code == 302
    assert [one.state for one in Sample.objects.order_by("pk")] == ["returned", "requested"]


def test_a_refusal_without_a_reason_shows_the_page_again(client):
    sample = make_sample()
    response = step(client, sample, "refuse", reason=" ")
    assert (response.status_code, state(sample)) == (422, "requested")
    assert step(client, sample, "refuse", reason="Wrong audience").status_code == 302
    assert step(client, sample, "ask-again").status_code == 302
    assert state(sample) == "requested"


def test_what_a_service_refuses_stands_in_the_form(client):
    sample = make_sample(state="shipped", at=NOON)
    response = step(client, sample, "deliver", delivered_at="2026-11-01T10:00")
    assert (response.status_code, state(sample)) == (422, "shipped")
    assert "before it was shipped" in text(response)


def test_what_has_no_field_is_a_page_of_its_own(client):
    response = step(client, make_sample(stock=0), "ask-again")
    assert response.status_code == 409
    assert step(client, make_sample(), "nonsense").status_code == 404


def test_approval_of_more_than_there_is(client):
    response = step(client, make_sample(stock=0), "approve")
    assert response.status_code == 422
    assert "0 samples in stock" in text(response)


def test_fulfilment_shows_its_parts(client):
    sample = make_sample(state="delivered")
    content = sample.collaboration.contents.get()
    content.collaboration = sample.collaboration
    publish(content, at=NOON + days(1))
    page = text(sign_in(client, owner(sample)).get(sample.get_absolute_url()))
    assert "Video public for 3 days" in page
    assert step(client, sample, "correct", is_fulfilled="no", reason="Not ours").status_code == 302
    assert state(sample) == "unfulfilled"


def test_bulk_approval_and_shipping(client):
    sample = make_sample()
    empty = make_sample(product=make_product(sample.collaboration.shop, owner(sample), sample_stock=0))
    sign_in(client, owner(sample))
    response = client.post(reverse("sample_bulk_approve"), {"samples": [sample.pk, empty.pk]}, follow=True)
    assert "1 sample approved." in text(response)
    assert "0 samples in stock" in text(response)
    response = client.post(reverse("sample_bulk_ship"), {"samples": [sample.pk]}, follow=True)
    assert "Write who carries them." in text(response)
    response = client.post(reverse("sample_bulk_ship"), {"samples": [sample.pk], "carrier": "DHL"}, follow=True)
    assert "1 sample shipped." in text(response)
    response = client.post(reverse("sample_bulk_approve"), {"samples": ["x"]}, follow=True)
    assert "Choose samples first." in text(response)


def test_another_sample_is_asked_for(client):
    sample = make_sample()
    address = reverse("sample_request", args=[sample.collaboration_id])
    assert sample.product.title in text(sign_in(client, owner(sample)).get(address))
    response = client.post(address, {"product": sample.product_id, "quantity": 2})
    assert response.status_code == 302
    assert Sample.objects.latest("pk").quantity == 2
    Sample.objects.get(pk=sample.pk).collaboration.plan.plan_products.update(removed_at=NOON)
    assert client.post(address, {"product": sample.product_id, "quantity": 2}).status_code == 422


@pytest.mark.parametrize("by", ["creator", "plan", "product"])
def test_economics(client, by):
    sample = make_sample(state="delivered")
    content = sample.collaboration.contents.get()
    content.collaboration = sample.collaboration
    publish(content, at=NOON + days(1))
    ContentResult.objects.create(
        content=content, day=(NOON + days(2)).date(), gmv=Decimal("70"), refunds=Decimal("5"), source="hand",
        recorded_by=owner(sample), recorded_at=NOON,
    )  # fmt: skip
    Sample.objects.update(state="fulfilled")
    page = text(sign_in(client, owner(sample)).get(reverse("sample_economics"), {"by": by}))
    for words in ("$6.50", "$65", "10.0", "100%"):
        assert words in page


def test_economics_of_nothing(client):
    assert "No sample left the stock yet" in text(sign_in(client, make_user()).get(reverse("sample_economics")))


def test_strangers_see_nothing(client):
    sample = make_sample()
    sign_in(client, make_user())
    assert client.get(sample.get_absolute_url()).status_code == 404
    assert f"@{sample.collaboration.creator.handle}" not in text(client.get(LIST))


def test_the_section_of_a_collaboration(rf):
    sample = make_sample()
    found = section.section_of(sample.collaboration, owner(sample), NOON + days(8))
    assert [(row.urgency, row.due_text) for row in found["samples"]] == [("late", "24 h late")]
    assert found["may_decide"]
    assert found["may_request"]

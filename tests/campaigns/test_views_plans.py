from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CommissionChange, TargetedPlan
from core.models import ExportRecord
from tests.factories import make_creator, make_market, make_shop, make_shortlist, make_user, sign_in
from tests.plans import make_campaign, make_collaboration, make_creators, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db

LATER = timezone.now().date() + timedelta(days=40)


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    make_market("US")
    return make_shop([seller])


@pytest.fixture
def signed(client, seller):
    return sign_in(client, seller)


def told(response):
    return [str(one) for one in response.context["messages"]] if response.context else []


def form_of(**changes):
    fields = {
        "name": "Winter care", "market": "US", "ends_on": LATER.isoformat(), "message": "Hi {creator}",
        "message_language": "en", "sample_rule": "none", "content_form": "video", "contents_wanted": "2",
    }  # fmt: skip
    return fields | changes


def test_the_list_and_its_filters(signed, shop, seller):
    campaign = make_campaign(shop, seller)
    plan = make_plan(shop, seller, name="Winter barrier care", campaign=campaign)
    make_plan(shop, seller, name="Old plan", state="archived")
    draft = make_plan(shop, seller, name="Draft plan", state="draft")
    seat_all(plan, make_creators(2))
    url = reverse("plan_list")
    page = signed.get(url).content.decode()
    assert "Winter barrier care" in page
    assert "2 / 30" in page
    assert "Old plan" not in page
    for query in (f"campaign={campaign.pk}", "q=barrier", f"q=tp-{plan.pk:04d}", "state=running"):
        found = signed.get(f"{url}?{query}").context["page"].object_list
        assert list(found) == [plan], query
    assert [one.name for one in signed.get(f"{url}?state=archived").context["page"]] == ["Old plan"]
    assert list(signed.get(f"{url}?shop={shop.pk}&owner={seller.pk}").context["page"]) == [draft, plan]
    assert "No plan passes all filters" in signed.get(f"{url}?q=nothing").content.decode()
    assert "<html" not in signed.get(url, headers={"HX-Request": "true"}).content.decode()


def test_the_queries_of_the_list_are_pinned(signed, shop, seller, django_assert_num_queries):
    for _ in range(3):
        seat_all(make_plan(shop, seller), make_creators(2))
    signed.get(reverse("plan_list"))
    with django_assert_num_queries(QUERIES):
        signed.get(reverse("plan_list"))
    for _ in range(4):
        seat_all(make_plan(shop, seller), make_creators(3))
    with django_assert_num_queries(QUERIES):
        signed.get(reverse("plan_list"))


# Session, user, the choices of the filters (3), the count, the plans, their collaborations, their money (4).
QUERIES = 11


def test_an_empty_list_leads_to_the_first_plan(signed, shop):
    assert reverse("plan_create") in signed.get(reverse("plan_list")).content.decode()


def test_a_new_plan_with_products(signed, shop, seller):
    product = make_product(shop, seller, default_commission_rate=Decimal(8))
    response = signed.post(reverse("plan_create"), form_of(owner=seller.pk, products=[product.pk]), follow=True)
    plan = TargetedPlan.objects.get()
    assert response.redirect_chain == [(plan.get_absolute_url(), 302)]
    assert (plan.shop, plan.state, plan.contents_wanted) == (shop, "draft", 2)
    assert plan.plan_products.get().commission_rate == 8
    assert any("Below 10%" in text for text in told(response))


def test_a_new_plan_goes_on_to_the_creators_it_was_made_for(signed, shop, seller):
    creator = make_creator()
    page = signed.get(f"{reverse('plan_create')}?creators={creator.pk}")
    assert "1 creator is proposed" in page.content.decode()
    response = signed.post(reverse("plan_create"), form_of(owner=seller.pk, ids=creator.pk))
    plan = TargetedPlan.objects.get()
    assert response.url == f"{reverse('plan_add_creators', args=[plan.pk])}?ids={creator.pk}"


def test_refusals_stand_under_their_fields(signed, shop, seller):
    response = signed.post(reverse("plan_create"), form_of(owner=seller.pk, message="Hi {discount}"))
    assert response.status_code == 422
    assert "{discount}" in str(response.context["form"].errors["message"])
    assert not TargetedPlan.objects.exists()


def test_who_works_for_several_shops_chooses_one(signed, shop, seller):
    make_shop([seller], name="Second shop")
    page = signed.get(f"{reverse('plan_create')}?ids=1,2").content.decode()
    assert "Second shop" in page
    assert 'value="1,2"' in page
    assert signed.get(f"{reverse('plan_create')}?shop={shop.pk}").context["shop"] == shop


def test_the_page_of_a_plan(signed, shop, seller):
    plan = make_plan(shop, seller, budget=Decimal(9000), expected_gmv=Decimal(62400), message="Hello {creator}")
    make_collaboration(plan, state="accepted")
    gone = make_collaboration(plan)
    page = signed.get(plan.get_absolute_url()).content.decode()
    for text in (plan.code, "Hello {creator}", f"@{gone.creator.handle}", "$9,000", "$62,400", "1 confirmed"):
        assert text in page
    stage = signed.get(f"{plan.get_absolute_url()}?stage=accepted").content.decode()
    assert f"@{gone.creator.handle}</b>" not in stage
    assert "Nobody is in this stage" in signed.get(f"{plan.get_absolute_url()}?stage=closed").content.decode()


def test_a_viewer_sees_no_buttons(client, shop, seller):
    viewer = make_user("viewer")
    shop.members.add(viewer)
    plan = make_plan(shop, seller)
    page = sign_in(client, viewer).get(plan.get_absolute_url()).content.decode()
    assert reverse("plan_add_creators", args=[plan.pk]) not in page
    assert reverse("plan_edit", args=[plan.pk]) not in page


def test_edit(signed, shop, seller):
    plan = make_plan(shop, seller)
    url = reverse("plan_edit", args=[plan.pk])
    assert signed.get(url).context["form"].initial["name"] == plan.name
    assert signed.post(url, form_of(owner=seller.pk, budget="500")).url == plan.get_absolute_url()
    plan.refresh_from_db()
    assert (plan.name, plan.budget) == ("Winter care", 500)
    assert signed.post(url, form_of(owner=seller.pk, ends_on="2020-01-01")).status_code == 422


def test_start_close_archive_and_back(signed, shop, seller):
    plan = make_plan(shop, seller, state="draft", ends_on=LATER)
    for name, state in (("start", "running"), ("close", "closed"), ("archive", "archived"), ("close", "closed"),
                        ("start", "running")):  # fmt: skip
        url = reverse(f"plan_{name}", args=[plan.pk])
        assert signed.get(url).status_code == 200
        assert signed.post(url).url == plan.get_absolute_url()
        plan.refresh_from_db()
        assert plan.state == state


def test_closing_says_what_it_ends(signed, shop, seller):
    plan = make_plan(shop, seller)
    for state in ("invited", "invited", "seated", "accepted"):
        make_collaboration(plan, state=state)
    page = signed.get(reverse("plan_close", args=[plan.pk])).content.decode()
    assert "2 invitations expire." in page
    assert "1 seat without an invitation is given up." in page
    assert "1 agreed collaboration goes on." in page


def test_a_refused_start_names_the_creator(signed, shop, seller):
    draft = make_plan(shop, seller, state="draft", ends_on=LATER)
    collaboration = seat_all(draft, [make_creator()])[0]
    running = make_plan(shop, seller, products=[draft.plan_products.get().product])
    seat_all(running, [collaboration.creator])
    response = signed.post(reverse("plan_start", args=[draft.pk]))
    assert response.status_code == 409
    assert f"@{collaboration.creator.handle}" in response.content.decode()


def test_duplicate(signed, shop, seller):
    plan = make_plan(shop, seller, ends_on=LATER)
    url = reverse("plan_duplicate", args=[plan.pk])
    assert signed.get(url).context["form"].initial["name"] == f"{plan.name} (copy)"
    response = signed.post(url, {"name": "Spring care"})
    assert response.url == TargetedPlan.objects.get(name="Spring care").get_absolute_url()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_has_a_row_a_seat_and_is_recorded(signed, shop, seller, file_format):
    plan = make_plan(shop, seller)
    handles = [one.creator.handle for one in seat_all(plan, make_creators(2))]
    response = signed.get(f"{reverse('plan_export', args=[plan.pk])}?format={file_format}")
    content = b"".join(response.streaming_content)
    if file_format == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert [line.split(",")[1] for line in lines[1:]] == handles
    assert ExportRecord.objects.get().rows == 2


def test_products_are_added_and_taken_out(signed, shop, seller):
    plan = make_plan(shop, seller)
    product = make_product(shop, seller)
    url = reverse("plan_products", args=[plan.pk])
    response = signed.post(url, {"products": [product.pk], "commission_rate": "9"}, follow=True)
    line = plan.plan_products.get(product=product)
    assert line.commission_rate == 9
    assert any("Below 10%" in text for text in told(response))
    assert signed.post(url, {"products": [product.pk]}).status_code == 422
    assert signed.post(reverse("plan_product_remove", args=[plan.pk, line.pk])).url == url
    line.refresh_from_db()
    assert line.removed_at is not None


def test_a_commission_shows_both_dates_before_and_after(signed, shop, seller):
    plan = make_plan(shop, seller, rate="20")
    make_collaboration(plan, state="accepted")
    line = plan.plan_products.get()
    url = reverse("plan_commission", args=[plan.pk, line.pk])
    page = signed.get(url).content.decode()
    assert "at once for everybody" in page
    assert "00:00 (UTC) for the 1 creator who shows it" in page
    response = signed.post(url, {"commission_rate": "15"}, follow=True)
    assert any("for new creators, and from" in text and "00:00 (UTC)" in text for text in told(response))
    assert CommissionChange.objects.get().to_rate == 15
    assert "from" in response.content.decode()
    assert signed.post(url, {"commission_rate": "15"}).status_code == 422
    response = signed.post(url, {"commission_rate": "25"}, follow=True)
    assert any("for everybody" in text for text in told(response))


def test_the_bulk_page_leads_to_a_plan_or_a_new_one(signed, shop, seller):
    creators = make_creators(2)
    ids = ",".join(str(one.pk) for one in creators)
    url = reverse("plan_bulk_add")
    assert "No creator is marked" in signed.get(url).content.decode()
    assert f"{reverse('plan_create')}?ids={ids}" in signed.get(f"{url}?ids={ids}").content.decode()
    plan = make_plan(shop, seller)
    page = signed.get(f"{url}?creators={creators[0].pk}&creators={creators[1].pk}").content.decode()
    assert f"{plan.name} · {shop} · US · 0 / 30" in page
    response = signed.get(f"{url}?ids={ids}&plan={plan.pk}")
    assert response.url == f"{reverse('plan_add_creators', args=[plan.pk])}?ids={ids}"


def add_url(plan):
    return reverse("plan_add_creators", args=[plan.pk])


def test_pasted_handles_are_looked_at_first(signed, shop, seller):
    plan = make_plan(shop, seller)
    creator = make_creator("brass_lantern")
    make_creator("other", market="GB")
    response = signed.post(add_url(plan), {"action": "preview", "handles": "@brass_lantern, other\nnobody tt!"})
    page = response.content.decode()
    for text in ("2 / 30", "Add 2 creators", "1 is not in the directory", "nobody", reverse("import_list"), "tt!"):
        assert text in page
    assert "sells in United Kingdom" in page
    assert not plan.seats.exists()
    assert signed.post(add_url(plan), {"action": "add", "creators": [creator.pk]}).url == plan.get_absolute_url()
    assert plan.seats.get().creator == creator


def test_a_shortlist_and_marked_creators(signed, shop, seller):
    plan = make_plan(shop, seller)
    one, two = make_creators(2)
    shortlist = make_shortlist(shop, seller, creators=[one])
    preview = signed.get(f"{add_url(plan)}?shortlist={shortlist.pk}&creators={two.pk}").context["preview"]
    assert [row.creator for row in preview.chosen] == [one, two]
    hidden = make_shortlist(make_shop(), make_user(), creators=[one])
    assert signed.get(f"{add_url(plan)}?shortlist={hidden.pk}").status_code == 422


def test_what_was_refused_is_never_silent(signed, shop, seller):
    plan = make_plan(shop, seller)
    seated = seat_all(plan, [make_creator()])[0]
    fresh = make_creator()
    response = signed.post(add_url(plan), {"action": "add", "creators": [seated.creator_id, fresh.pk]})
    page = response.content.decode()
    assert response.status_code == 200
    assert "1 added, 1 blocked" in page
    assert "Has a seat in this plan already." in page


def test_nobody_ticked(signed, shop, seller):
    plan = make_plan(shop, seller)
    response = signed.post(add_url(plan), {"action": "add"})
    assert response.status_code == 422
    assert "Choose at least one creator." in response.content.decode()


def test_more_than_fit_are_split(signed, shop, seller):
    plan = make_plan(shop, seller, ends_on=LATER)
    ids = [one.pk for one in make_creators(47)]
    page = signed.get(f"{add_url(plan)}?ids={','.join(map(str, ids))}").content.decode()
    assert "Split: 30 here, 17 in a new plan" in page
    assert "Only the first 30" in page
    response = signed.post(add_url(plan), {"action": "split", "creators": ids})
    assert "47 added" in response.content.decode()
    copy = TargetedPlan.objects.exclude(pk=plan.pk).get()
    assert (plan.seats.count(), copy.seats.count()) == (30, 17)


def test_a_closed_plan_takes_nobody(signed, shop, seller):
    plan = make_plan(shop, seller, state="closed")
    assert "takes no creators" in signed.get(add_url(plan)).content.decode()
    response = signed.post(add_url(plan), {"action": "add", "creators": [make_creator().pk]})
    assert response.status_code == 422

"""Pages of campaigns, their map and test matrices."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, TargetedPlan, TestMatrix
from campaigns.services.matrices import matrix_create
from campaigns.services.stages import StageValues, stage_create
from tests.campaigns.matrices import make_contents
from tests.factories import make_market, make_shop, make_user, sign_in
from tests.plans import NOON, make_campaign, make_collaboration, make_plan, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user()


@pytest.fixture
def shop(seller):
    make_market("US")
    return make_shop([seller])


@pytest.fixture
def campaign(shop, seller):
    return make_campaign(shop, seller)


@pytest.fixture
def matrix(campaign, seller):
    products = [make_product(campaign.shop, seller, default_commission_rate=Decimal("12")) for _ in range(2)]
    styles = ["Unboxing", "Story"]
    return matrix_create(campaign=campaign, name="First test", products=products, styles=styles, by=seller, at=NOON)


@pytest.fixture
def browser(client, seller):
    return sign_in(client, seller)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def address(name, *rows):
    return reverse(name, args=[row.pk for row in rows])


def filled(shop, seller, **changes):
    values = {
        "name": "Spring", "shop": shop.pk, "goal": "sales", "owner": seller.pk, "starts_on": "2026-12-01",
        "ends_on": "2027-02-28", "budget": "5000", "currency": "USD", "forbidden_words": "cure\nbest\n",
    }  # fmt: skip
    return values | changes


def test_the_list_shows_filters_and_counts(browser, campaign, shop, seller):
    make_collaboration(make_plan(shop, seller, campaign=campaign), state="published")
    other = make_campaign(shop, seller, name="Brand week", goal="brand", state="archived")
    page = text(browser.get(reverse("campaign_list")))
    assert campaign.name in page
    assert "1 campaign<" in page
    assert other.name not in page
    found = text(browser.get(reverse("campaign_list"), {"state": "archived", "goal": "brand", "q": "brand"}))
    assert other.name in found
    assert "Remove Goal" in found
    fragment = text(browser.get(reverse("campaign_list"), {"q": "nobody"}, headers={"HX-Request": "true"}))
    assert "No campaign passes all filters" in fragment
    assert "<html" not in fragment


def test_the_list_takes_few_queries(browser, shop, seller, django_assert_max_num_queries):
    for _ in range(6):
        make_collaboration(make_plan(shop, seller, campaign=make_campaign(shop, seller)), state="published")
    with django_assert_max_num_queries(18):
        browser.get(reverse("campaign_list"))


def test_no_campaign_yet(browser):
    assert "No campaign yet" in text(browser.get(reverse("campaign_list")))


def test_the_export_follows_the_filters(browser, campaign, shop, seller):
    make_collaboration(make_plan(shop, seller, campaign=campaign), state="invited")
    response = browser.get(reverse("campaign_export"), {"format": "csv", "state": "active"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Campaign,Shop,Goal,State")
    assert lines[1].startswith(f"{campaign.name},{shop.name},Sales,Active")
    assert len(lines) == 2
    workbook = browser.get(reverse("campaign_export"), {"format": "xlsx"})
    assert workbook.getvalue().startswith(b"PK")
    assert "No campaign is left" in text(browser.get(reverse("campaign_export"), {"q": "nobody"}), 400)
    assert "could not be read" in text(browser.get(reverse("campaign_export"), {"shop": "x"}), 400)


def test_a_campaign_is_made_and_changed(browser, shop, seller):
    assert "Words that must not appear" in text(browser.get(reverse("campaign_create")))
    response = browser.post(reverse("campaign_create"), filled(shop, seller))
    made = Campaign.objects.get()
    assert response.url == made.get_absolute_url()
    assert (made.forbidden_words, made.budget, made.currency) == (["cure", "best"], 5000, "USD")
    form = text(browser.get(address("campaign_edit", made)))
    assert "cure\nbest" in form
    assert "Budget, USD" in form
    browser.post(address("campaign_edit", made), filled(shop, seller, name="Early spring"))
    page = text(browser.get(made.get_absolute_url()))
    assert "Early spring" in page
    assert "→ Early spring" in page


def test_what_is_refused_stays_in_the_form(browser, shop, seller):
    response = browser.post(reverse("campaign_create"), filled(shop, seller, ends_on="2026-11-01"))
    assert "The last day is before the first one." in text(response, 422)
    response = browser.post(reverse("campaign_create"), filled(shop, seller, forbidden_words="x" * 81))
    assert "80 characters" in text(response, 422)


def test_one_campaign_with_everything(browser, campaign, shop, seller):
    plan = make_plan(shop, seller, campaign=campaign, expected_gmv=Decimal("9000"), name="Barrier care")
    make_contents(campaign, matrix_create_cell(campaign, seller), ["120.50"])
    make_collaboration(plan, state="accepted")
    page = text(browser.get(campaign.get_absolute_url()))
    for part in ("Barrier care", "Budget used", "of $9,000", "GMV net by day", "Published", f"?campaign={campaign.pk}"):
        assert part in page


def matrix_create_cell(campaign, seller):
    product = make_product(campaign.shop, seller)
    made = matrix_create(campaign=campaign, name="One", products=[product], styles=["Story"], by=seller, at=NOON)
    return made.cells.get()


def test_closing_says_how_many_plans_still_run(browser, campaign, shop, seller):
    make_plan(shop, seller, campaign=campaign)
    assert "1 plan still runs and goes on." in text(browser.get(campaign.get_absolute_url()))
    response = browser.post(address("campaign_move", campaign), {"to": "closed"}, follow=True)
    assert "Closed. 1 plan still runs and goes on." in text(response)
    assert "Open it again" in text(browser.get(address("campaign_edit", campaign)), 409)
    page = text(browser.post(address("campaign_move", campaign), {"to": "active"}, follow=True))
    assert f"{campaign.name}: Active." in page


def test_the_map_by_preset_and_by_hand(browser, campaign):
    page = text(browser.get(address("campaign_map", campaign)))
    assert "No stage yet" in page
    browser.post(address("stage_preset", campaign))
    stage = campaign.stages.get(name="Push")
    values = {
        "name": "Push",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-30",
        "goal_gmv": "3000",
        "goal_invited": "60",
    }
    assert "Push" in text(browser.get(address("stage_edit", campaign, stage)))
    assert browser.post(address("stage_edit", campaign, stage), values).status_code == 302
    page = text(browser.get(address("campaign_map", campaign)))
    assert "By week" in page
    assert "$3,000" in page
    browser.post(address("stage_delete", campaign, stage))
    assert campaign.stages.count() == 2


def test_a_stage_outside_is_refused_in_the_form(browser, campaign):
    assert 'value="2026-11-01"' in text(browser.get(address("stage_create", campaign)))
    values = {"name": "Late", "starts_on": "2027-01-01", "ends_on": "2027-02-02"}
    response = browser.post(address("stage_create", campaign), values)
    assert "2026-11-01 to 2027-01-31" in text(response, 422)
    response = browser.post(address("stage_create", campaign), values | {"ends_on": "2027-01-31"})
    assert campaign.stages.get().name == "Late"
    crossed = values | {"ends_on": "2026-12-31"}
    assert "before the first" in text(
        browser.post(address("stage_edit", campaign, campaign.stages.get()), crossed), 422
    )


def test_a_matrix_is_made_with_the_five_usual_styles(browser, campaign, seller):
    products = [make_product(campaign.shop, seller) for _ in range(3)]
    page = text(browser.get(address("matrix_create", campaign)))
    assert "Unboxing\nTutorial\nBefore and after\nStory\nLIVE demo" in page
    values = {"name": "Test", "products": [one.pk for one in products], "styles": "Unboxing\nStory"}
    response = browser.post(address("matrix_create", campaign), values)
    made = TestMatrix.objects.get()
    assert (response.url, made.cells.count()) == (made.get_absolute_url(), 6)
    assert "Test" in text(browser.get(address("matrix_list", campaign)))
    refused = browser.post(address("matrix_create", campaign), values | {"styles": "x" * 61})
    assert "at most 60" in text(refused, 422)


def test_no_matrix_yet(browser, campaign):
    assert "No test matrix yet" in text(browser.get(address("matrix_list", campaign)))


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ([], [], "No cell has a result"),
        (["100"], [], "nothing to compare it with"),
        (["100"], ["50", "50"], "1 content is too few to tell"),
        (["100", "100", "100"], ["95", "95", "95"], "too close to tell"),
        (["100", "100", "100"], ["50", "50", "50"], "is best by GMV net a content"),
    ],
)
def test_the_grid_says_how_sure_the_winner_is(browser, campaign, matrix, first, second, told):
    at = timezone.now() - timedelta(days=9)
    for cell, amounts in zip(matrix.cells.all()[:2], (first, second), strict=True):
        if amounts:
            make_contents(campaign, cell, amounts, at=at)
    page = text(browser.get(matrix.get_absolute_url()))
    assert told in page
    assert ("Push the winner into a plan" in page) == bool(first)


def test_other_currencies_and_running_weeks_are_named(browser, campaign, matrix):
    cell = matrix.cells.first()
    make_contents(campaign, cell, ["1"], currency="GBP", market=make_market("GB"), at=timezone.now())
    page = text(browser.get(matrix.get_absolute_url(), {"measure": "gmv_net", "window": "first_24h"}))
    assert "paid in another currency" in page
    assert "within its 7 days" in page


def test_seats_and_contents_go_into_cells(browser, campaign, matrix, seller):
    cell, other = matrix.cells.filter(row=1)
    content = make_contents(campaign, cell, ["1"], by_seat=True)[0]
    seat = content.collaboration.seat
    url = address("matrix_assign", matrix)
    assert str(seat.creator) in text(browser.get(url))
    assert browser.post(url, {"chosen": [seat.pk], "cell": other.pk}).status_code == 302
    seat.refresh_from_db()
    assert seat.cell == other
    assert "by its seat" in text(browser.get(url, {"what": "contents"}))
    browser.post(f"{url}?what=contents", {"chosen": [content.pk], "cell": cell.pk})
    content.refresh_from_db()
    assert content.cell == cell
    assert "Tick at least one row" in text(browser.post(url, {"cell": cell.pk}), 422)
    wrong = matrix.cells.filter(row=2).first()
    assert "is not in" in text(browser.post(url, {"chosen": [seat.pk], "cell": wrong.pk}), 422)


def test_nothing_to_assign(browser, matrix):
    assert "No seat in the campaign" in text(browser.get(address("matrix_assign", matrix)))
    assert "No content in the campaign" in text(browser.get(address("matrix_assign", matrix), {"what": "contents"}))


def test_the_winner_is_pushed_with_one_action(browser, matrix):
    cell = matrix.cells.first()
    response = browser.post(reverse("matrix_push", args=[matrix.pk, cell.pk]))
    plan = TargetedPlan.objects.get()
    assert (response.status_code, plan.state, plan.campaign) == (302, "draft", matrix.campaign)
    assert cell.style in plan.name


def test_a_viewer_reads_and_sees_no_buttons(client, campaign, shop, matrix, seller):
    viewer = make_user("viewer")
    shop.members.add(viewer)
    sign_in(client, viewer)
    stage_create(
        campaign=campaign, by=seller, values=StageValues("Push", campaign.starts_on, campaign.ends_on)
    )  # fmt: skip
    for url in (campaign.get_absolute_url(), address("campaign_map", campaign), matrix.get_absolute_url()):
        page = text(client.get(url))
        assert "/edit/" not in page
        assert "/push/" not in page
        assert "/delete/" not in page

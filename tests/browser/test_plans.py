"""From a shortlist to a plan: thirty get seats, the next one is refused with the reason and a split is offered."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import SEATS, TargetedPlan
from tests.factories import make_creator, make_shop, make_shortlist, make_user
from tests.plans import make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_shortlist_to_thirty_seats_and_a_split(open_page: Callable[..., Page]) -> None:
    seller = make_user()
    shop = make_shop([seller], name="Brass & Co")
    make_product(shop, seller, title="Barrier serum")
    creators = [make_creator(f"lantern_{number:02}", followers=1000) for number in range(SEATS)]
    shortlist = make_shortlist(shop, seller, name="Winter list", creators=creators)
    make_creator("late_comer", followers=1000)
    page = open_page(seller)

    page.goto("/plans/")
    page.get_by_role("link", name="New plan").first.click()
    page.get_by_label("Name", exact=True).fill("Winter barrier care")
    page.locator(".ts-control input").click()
    page.locator(".ts-dropdown .option").get_by_text("Barrier serum").click()
    page.keyboard.press("Escape")
    page.get_by_label("Commission of these products").fill("18")
    page.get_by_label("Invitation optional").fill("Hi {creator}, {commission} for {products} until {ends_on}.")
    page.get_by_role("button", name="Create the plan").click()
    expect(page.get_by_role("heading", name="Winter barrier care")).to_be_visible()
    expect(page.locator(".plan-tiles")).to_contain_text("18%")

    page.get_by_role("link", name="Add creators").first.click()
    page.get_by_label("Shortlist").select_option(str(shortlist.pk))
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text("30 / 30 seats afterwards")).to_be_visible()
    page.get_by_role("button", name="Add 30 creators").click()
    expect(page.locator(".plan-tiles")).to_contain_text("30 of 30")
    expect(page.locator(".plan-seats .seat.wait")).to_have_count(SEATS)

    page.get_by_role("link", name="Start").click()
    page.get_by_role("button", name="Start the plan").click()
    expect(page.locator(".head")).to_contain_text("Running")

    page.get_by_role("link", name="Add creators").first.click()
    page.get_by_label("Handles").fill("@late_comer, @lantern_00")
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text("no seat left here")).to_be_visible()
    expect(page.get_by_text("Has a seat in this plan already.")).to_be_visible()
    page.get_by_role("button", name="Put 1 into a new plan").click()
    expect(page.get_by_role("heading", name="1 added")).to_be_visible()
    expect(page.get_by_role("link", name="Winter barrier care 2")).to_be_visible()
    plan, copy = TargetedPlan.objects.order_by("pk")
    assert (plan.state, plan.seats.taken().count()) == ("running", SEATS)
    assert (copy.state, copy.source, copy.seats.get().creator.handle) == ("draft", plan, "late_comer")


def test_from_the_directory_into_a_new_plan_without_scripts(open_page: Callable[..., Page]) -> None:
    seller = make_user()
    make_product(make_shop([seller]), seller, title="Barrier serum", sku="BRS", default_commission_rate=12)
    creator = make_creator("brass_lantern", followers=1000)
    page = open_page(seller, script=False)

    page.goto(creator.get_absolute_url())
    page.get_by_role("link", name="Add to plan").click()
    page.get_by_role("link", name="New plan").click()
    page.get_by_label("Name", exact=True).fill("Small plan")
    page.get_by_label("Products optional").select_option(label="Barrier serum · BRS · 12%")
    page.get_by_role("button", name="Create the plan and look at its creators").click()
    page.get_by_role("button", name="Add 1 creator").click()
    expect(page.get_by_text("@brass_lantern").first).to_be_visible()
    assert TargetedPlan.objects.get().seats.get().creator == creator

"""From the invitation to the money: a sample, a content and a fee on the pages of a seller and an account manager."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from campaigns.models import Collaboration, Content, Payout, Sample, SettlementLine, Statement
from campaigns.services.agreements import agreement_write
from campaigns.services.collaborations import collaboration_move
from tests.factories import make_creator, make_shop, make_user
from tests.plans import make_campaign, make_plan, make_product, seat_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIDEO = "https://www.tiktok.com/@brass_lantern/video/7301234567890120001"


@pytest.fixture
def invited(reference: None) -> Collaboration:
    """Brass Lantern is invited to a plan with samples, for a fixed fee that the account manager has to approve."""
    seller, manager = make_user(name="Sofia Okoye"), make_user("account_manager", name="Jonas Weber")
    shop = make_shop([seller, manager], name="Luma Skin")
    now, today = timezone.now(), timezone.localdate()
    campaign = make_campaign(
        shop, seller, starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=60),
        talking_points="Repairs the skin barrier",
    )  # fmt: skip
    product = make_product(shop, seller, title="Barrier serum")
    plan = make_plan(
        shop, seller, campaign=campaign, products=[product], sample_rule="approval",
        ends_on=today + timedelta(days=30),
    )  # fmt: skip
    collaboration = seat_all(plan, [make_creator("brass_lantern")], at=now - timedelta(days=2))[0]
    agreement_write(collaboration=collaboration, basis="fixed", fixed_fee=Decimal(120), by=seller, at=now)
    return collaboration_move(collaboration=collaboration, to="invited", by=seller, at=now - timedelta(days=1))


def confirm(page: Page, button: Locator) -> None:
    """Press a button that asks first, and say yes."""
    button.click()
    page.locator("#confirm button[value=yes]").click()


def step(page: Page, submit: str) -> Locator:
    """The form of a step, opened where it is closed."""
    form = page.locator(".work-step").filter(has=page.get_by_role("button", name=submit, include_hidden=True))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def take(page: Page, submit: str, told: str, **fields: str) -> None:
    """Fill in the form of a step by its labels, send it, and read what the page says."""
    form = step(page, submit)
    for label, value in fields.items():
        form.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).fill(value)
    form.get_by_role("button", name=submit).click()
    expect(page.get_by_text(told)).to_be_visible()


def sample_goes(page: Page, sample: Sample) -> None:
    page.goto(sample.get_absolute_url())
    take(page, "Approve the sample", "Approved: the cost is booked.")
    take(page, "Mark as shipped", "Shipped.", Carrier="UPS", Tracking_number="1Z999AA10123456784")
    take(page, "Mark as delivered", "Delivered: content is due in 14 days.")


def content_goes_out(page: Page, content: Content) -> None:
    page.goto(content.get_absolute_url())
    take(page, "Send to review", "The draft waits for its review.", Script_or_caption="Repairs the skin barrier. #ad")
    for box in page.locator("#id_confirmed input[type=checkbox]").all():
        box.check()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Save the verdict").click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    form = step(page, "Mark as published")
    form.get_by_label("Tagged product").select_option(label="Barrier serum")
    take(page, "Mark as published", "Published.", Link=VIDEO, Published=f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    day = timezone.localdate(timezone=ZoneInfo(content.collaboration.plan.market.time_zone)).isoformat()
    take(
        page, "Save the results", "Results saved.", Day=day, Views="12000", Orders="42",
        GMV="1008.50",
    )  # fmt: skip


def fee_is_due(page: Page) -> None:
    page.goto("/settlements/")
    page.locator("summary", has_text="Compute again").click()
    page.locator(".money-menu").get_by_role("button", name="Compute again").click()
    row = page.get_by_role("row", name="brass_lantern")
    expect(row).to_contain_text("Fixed fee")
    expect(row).to_contain_text("$120")
    # Who wrote the terms does not approve what they bring.
    expect(row).to_contain_text("Somebody else approves it.")
    expect(row.get_by_role("checkbox")).to_have_count(0)


def fee_is_paid(page: Page) -> None:
    page.goto("/settlements/")
    page.get_by_role("row", name="brass_lantern").get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve the chosen").click()
    expect(page.get_by_role("row", name="brass_lantern")).to_contain_text("Approved")
    page.goto("/settlements/payouts/")
    page.get_by_role("button", name="Make a payout").click()
    expect(page.get_by_text("Payout made.")).to_be_visible()
    page.get_by_label("Reference of the bank").fill("TT-2026-77")
    page.get_by_label("Paid on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_text("Paid. The lines stay as they are from now on.")).to_be_visible()


def statement_is_issued(page: Page, collaboration: Collaboration) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    page.goto(f"/settlements/statements/new/?shop={collaboration.shop_id}&month={month}")
    confirm(page, page.get_by_role("button", name="Issue all"))
    page.wait_for_url(re.compile(r"/settlements/statements/(?!new)"))
    page.goto("/settlements/statements/")
    expect(page.get_by_role("row", name="brass_lantern")).to_contain_text("$120")


def test_from_the_invitation_to_the_money(open_page: Callable[..., Page], invited: Collaboration):
    seller, manager = (invited.shop.members.get(role=role) for role in ("seller", "account_manager"))
    page = open_page(seller)

    page.goto(invited.get_absolute_url())
    confirm(page, page.get_by_role("button", name="Accepted"))
    expect(page.locator("#samples")).to_contain_text("To decide")
    sample_goes(page, Sample.objects.get(collaboration=invited))
    content_goes_out(page, Content.objects.get(collaboration=invited))
    page.goto(invited.get_absolute_url())
    expect(page.locator("#contents")).to_contain_text("$1,009")
    fee_is_due(page)
    fee_is_paid(open_page(manager))
    statement_is_issued(page, invited)

    invited.refresh_from_db()
    line = SettlementLine.objects.get()
    assert (invited.state, line.state, line.approved_by, line.made_by) == ("published", "paid", manager, seller)
    assert (Payout.objects.get().total, Statement.objects.get().totals["payable"]) == (120, "120.00")

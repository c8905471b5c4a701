"""A violation is logged with evidence: what the preview said is what the ledger then says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import make_creator, make_shop, make_user
from tests.ledger import log
from violations.models import LedgerEntry
from violations.selectors.standings import standing_of
from violations.services.rulebooks import rulebooks_load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 400


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    path = tmp_path / "post-7741.png"
    path.write_bytes(PNG)
    return path


def test_logging_does_what_the_preview_said(open_page: Callable[..., Page], shot: Path) -> None:
    rulebooks_load(at=timezone.now())
    ops = make_user("ops")
    shop = make_shop([ops], name="Brass & Co")
    creator = make_creator("brass_lantern")
    creator.contacts.create(shop=shop, kind="email", value="brass@example.com", added_at=timezone.now())
    log(creator, "fraud", at=timezone.now(), by=ops)
    log(creator, "late_content", at=timezone.now(), by=ops)
    page = open_page(ops)

    page.goto("/violations/new/")
    page.get_by_role("combobox", name="Creator").fill("brass_l")
    expect(page.locator(".match")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".picked")).to_contain_text("balance 7")
    page.get_by_role("radio", name="Extreme").check()
    page.locator(".ts-control").click()
    expect(page.locator(".ts-dropdown .option")).to_have_count(3)
    page.locator(".ts-dropdown [data-value=counterfeit_goods]").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Adds 6 points. The balance goes from 7 to 13.")
    expect(preview).to_contain_text("LIVE until")
    page.locator("input[name=evidence]").set_input_files(shot)
    expect(page.locator(".file-row")).to_contain_text("sealed")
    page.get_by_label("Shop it came from").select_option(label="Brass & Co")
    page.get_by_role("radio", name="Mail").check()
    expect(page.get_by_label("E-mail of the creator")).to_have_value("brass@example.com")
    page.get_by_label("Note to the creator").fill("The bag is no original.")
    page.get_by_role("button", name="Log 6 points").click()

    expect(page.get_by_role("heading", name="Counterfeit goods")).to_be_visible()
    expect(page.get_by_text("post-7741.png")).to_be_visible()
    expect(page.get_by_text("verified")).to_be_visible()
    entry = LedgerEntry.objects.get(rule_code="counterfeit_goods")
    assert (entry.shop, entry.evidence.count()) == (shop, 1)
    assert entry.notices.get().address == "brass@example.com"
    found = standing_of(creator.pk, at=timezone.now())
    assert (found.balance, list(found.withdrawn)) == (13, ["live"])


def test_logging_works_without_scripts(open_page: Callable[..., Page], shot: Path) -> None:
    rulebooks_load(at=timezone.now())
    make_creator("brass_lantern")
    page = open_page(make_user("ops"), script=False)

    page.goto("/violations/new/")
    page.get_by_label("Creator", exact=True).fill("lantern")
    page.get_by_role("button", name="Find").click()
    page.locator(".match").click()
    page.get_by_label("Rule", exact=True).select_option("spam")
    page.locator("input[name=evidence]").set_input_files(shot)
    page.locator("button.no-js[value=preview]").click()
    expect(page.locator("#preview")).to_contain_text("from 0 to 4")
    page.get_by_role("button", name="Log 4 points").click()

    expect(page.get_by_text("post-7741.png")).to_be_visible()
    assert LedgerEntry.objects.get().points == 4

"""An appeal is filed with a file, claimed and overturned, and the restriction is gone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import make_creator, make_user
from tests.ledger import log_all, make_book
from violations.models import Appeal, LedgerEntry
from violations.selectors.standings import standing_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 400


@pytest.fixture
def restricted(reference: None) -> LedgerEntry:
    """The third strike of a creator, which withdrew everything for seven days."""
    make_book()
    creator = make_creator("brass_lantern")
    return log_all(creator, ["spam", "spam", "spam"], at=timezone.now() - timedelta(days=1))[-1]


def file_appeal(page: Page, entry: LedgerEntry, folder: Path) -> None:
    picture = folder / "label-on-screen.png"
    picture.write_bytes(PNG)
    page.goto(f"/violations/entries/{entry.pk}/appeal/")
    page.get_by_label("Statement").fill("The label was on from the first second.")
    page.get_by_label("Evidence").set_input_files(picture)
    page.get_by_role("button", name="File the appeal").click()
    expect(page.get_by_role("heading", name=f"Appeal against {entry.case}")).to_be_visible()


def test_appeal_is_overturned_and_the_restriction_is_gone(
    open_page: Callable[..., Page], restricted: LedgerEntry, tmp_path: Path
):
    file_appeal(open_page(make_user("seller")), restricted, tmp_path)
    page = open_page(make_user("ops", name="Wen Zhao"))

    page.goto("/violations/appeals/")
    row = page.get_by_role("row", name=restricted.case)
    expect(row).to_contain_text("12 → 8")
    row.get_by_role("button", name=f"Claim {restricted.case}").click()
    expect(page.get_by_text("The balance goes from 12 to 8.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="label-on-screen.png").click()
    assert Path(download.value.path()).read_bytes() == PNG
    page.get_by_label("Overturn: the entry is taken back").check()
    page.locator("#decide").get_by_label("Reason").fill("The recording shows the label.")
    page.locator("#decide").get_by_role("button", name="Decide").click()

    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    expect(page.get_by_text("given back at once")).to_have_count(3)
    found = standing_of(restricted.creator_id, at=timezone.now())
    assert (found.balance, dict(found.withdrawn)) == (8, {})
    assert Appeal.objects.get().decided_by.name == "Wen Zhao"


def test_everything_works_without_scripts(open_page: Callable[..., Page], restricted: LedgerEntry, tmp_path: Path):
    file_appeal(open_page(make_user("seller"), script=False), restricted, tmp_path)
    page = open_page(make_user("ops"), script=False)

    page.goto("/violations/appeals/?rule=spam")
    page.get_by_role("button", name=f"Claim {restricted.case}").click()
    page.get_by_text("Ask for evidence").click()
    page.get_by_label("What is missing").fill("Where is the box?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Where is the box?")).to_be_visible()
    page.get_by_label("Uphold: the entry stays").check()
    page.locator("#decide").get_by_label("Reason").fill("No answer.")
    page.locator("#decide").get_by_role("button", name="Decide").click()

    expect(page.get_by_role("heading", name="Decision")).to_be_visible()
    assert Appeal.objects.get().state == "upheld"


def test_inbox_fits_a_phone(open_page: Callable[..., Page], restricted: LedgerEntry, tmp_path: Path):
    file_appeal(open_page(make_user("seller"), width=390), restricted, tmp_path)
    page = open_page(make_user("ops"), width=390, theme="dark")

    page.goto("/violations/appeals/")

    expect(page.get_by_role("button", name=f"Claim {restricted.case}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""The main job: a list is imported, filtered, and three creators are kept."""

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from creators.models import Creator, CreatorFacts, Import, ShortlistEntry
from tests.factories import make_shop, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = [
    "S.no",
    "Tiktoker name",
    "Tiktok name",
    "Subscribers",
    "Subscribers",
    "Views avg.",
    "Views avg.",
    "Likes avg",
    "Likes avg",
]


def write_list(folder: Path, rows: int = 60) -> Path:
    """An invented list of the shape of real ones: a title and a blank row above doubled headers, K and M beside the
    exact figure, Windows-1252, one creator twice and one row that cannot be read."""
    path = folder / "top-list_2026-10.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Top creators, October 2026"])
        writer.writerow([""] * len(HEADERS))
        writer.writerow(HEADERS)
        for number in range(1, rows + 1):
            followers, views = number * 100_000, number * 5_000
            name = f"Caf\u00e9 \u201c{number}\u201d"
            short = [
                f"{followers / 1e6:.1f}M",
                followers,
                f"{views / 1e3:.0f}K",
                views,
                f"{number / 10:.1f}K",
                number * 100,
            ]
            writer.writerow([number, f"brass.kettle{number}", name, *short])
        writer.writerow([rows + 1, "brass.kettle7", "Caf\u00e9 again", "0.8M", 800_000, "35K", 35_000, "0.7K", 700])
        writer.writerow([rows + 2, "oat lantern", "Two words", "1M", 1_000_000, "5K", 5_000, "0.1K", 100])
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/imports/")
    page.get_by_role("link", name="Import a list").first.click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at the columns").click()
    page.wait_for_url("**/preview/")


def start(page: Page) -> None:
    page.get_by_label("Market", exact=True).select_option("US")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Open the directory")).to_be_visible()


def filter_and_pick(page: Page) -> None:
    """Creators with 5M followers and more, the three with most of them."""
    page.get_by_role("link", name="Open the directory").click()
    page.locator("input[name=followers_min]").fill("5M")
    page.locator("input[name=followers_min]").press("Enter")
    expect(page.locator("#list-count")).to_contain_text("11")
    for row in range(3):
        page.locator("tr[data-row] [data-pick]").nth(row).check()
    expect(page.locator("[data-picked-count]").first).to_have_text("3 selected")


def keep(page: Page) -> None:
    """Put the picked creators on a new shortlist and open it."""
    page.get_by_role("button", name="Add to shortlist").click()
    page.get_by_label("Name of the new list").fill("Kettles")
    page.get_by_role("button", name="Add to the list").click()
    expect(page.locator(".toast-x").first).to_contain_text("3")
    page.goto("/shortlists/")
    page.get_by_role("link", name="Kettles").click()
    expect(page.locator("tr[data-row]")).to_have_count(3)


def export(page: Page, folder: Path) -> Path:
    """The shortlist as a workbook."""
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_list_is_imported_filtered_and_kept(
    open_page: Callable[..., Page], celery_worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    user = make_user("seller")
    make_shop([user], name="Brass & Co")
    page = open_page(user)
    upload(page, write_list(tmp_path))
    expect(page.get_by_label("As of")).to_have_value("2026-10-31")
    chosen = page.locator("table.preview select").evaluate_all("all => all.map(one => one.value)")
    assert chosen == ["", "handle", "nickname", "", "followers", "", "avg_views", "", "avg_likes"]

    start(page)

    done = Import.objects.get()
    assert (done.rows, done.created, done.repeats, done.failed) == (62, 60, 1, 1)
    assert CreatorFacts.objects.get(creator__handle="brass.kettle7").followers == 800_000
    assert Creator.objects.get(handle="brass.kettle9").nickname == "Caf\u00e9 \u201c9\u201d"
    expect(page.get_by_text("Failed rows")).to_be_visible()
    filter_and_pick(page)
    keep(page)
    book = openpyxl.load_workbook(export(page, tmp_path), read_only=True)
    kept = {str(cell) for row in book["Kettles"].iter_rows(values_only=True) for cell in row}
    assert {"brass.kettle60", "brass.kettle59", "brass.kettle58", "Caf\u00e9 \u201c60\u201d"} <= kept
    assert "brass.kettle57" not in kept
    assert ShortlistEntry.objects.count() == 3

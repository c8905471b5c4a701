"""Every page at a phone's width, dark and in Chinese; the keys of lists; the import without scripts."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from creators.models import Import
from creators.services import imports as services
from tests.factories import make_creator, make_shop, make_shortlist, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/creators/",
    "/creators/{creator}/",
    "/creators/{creator}/edit/",
    "/creators/compare/?ids={creator}",
    "/creators/export/",
    "/shortlists/",
    "/shortlists/new/",
    "/shortlists/{shortlist}/",
    "/shortlists/add/?creators={creator}",
    "/metrics/",
    "/imports/",
    "/imports/new/",
    "/imports/{draft}/preview/",
    "/imports/{done}/",
    "/imports/{done}/undo/",
    "/reference/rates/",
    "/reference/headers/",
    "/people/",
    "/shops/",
    "/profile/",
    "/help/",
)
LIST = "handle,followers,gmv\n@brasskettle,12.4K,$100\n@oatlantern,many,$20\n@oatlantern,500,$20\n"


def make_import(user: User, folder: Path, *, start: bool) -> Import:
    path = folder / "echo_2026-11-01.csv"
    path.write_text(LIST)
    defaults = {"market": make_creator().market}
    made = services.import_submit(by=user, path=path, settings=defaults, start=start)
    if made.job:
        services.import_run_inline(made.job)
    return made


def words_of_the_other_language(page: Page, language: str) -> set[str]:
    """Lines of the page that the catalogue has in both languages, and that stand there in the wrong one."""
    catalogue = polib.pofile(settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES" / "django.po")
    pairs = [(entry.msgid, entry.msgstr) for entry in catalogue if entry.msgstr and entry.msgid != entry.msgstr]
    wrong = {english if language == "zh-hans" else chinese for english, chinese in pairs}
    return wrong & {line.strip() for line in page.inner_text("body").splitlines()}


@pytest.mark.parametrize(("language", "theme", "width"), [("zh-hans", "dark", 390), ("en", "light", 1440)])
def test_pages_work_and_nothing_complains(
    open_page: Callable[..., Page], tmp_path: Path, language: str, theme: str, width: int
) -> None:
    user = make_user("admin", language=language)
    creator = make_creator()
    shortlist = make_shortlist(make_shop([user]), user, creators=[creator])
    done, draft = make_import(user, tmp_path, start=True), make_import(user, tmp_path, start=False)
    keys = {"creator": creator.pk, "draft": draft.pk, "done": done.pk, "shortlist": shortlist.pk}
    page = open_page(user, theme=theme, width=width)
    for address in PAGES:
        page.goto(address.format(**keys), wait_until="networkidle")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").get_attribute("data-bs-theme") == theme
        assert words_of_the_other_language(page, language) == set(), address
        scrolled = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert scrolled <= 0, f"{address} is {scrolled} pixels too wide"


def test_keys_move_select_and_open(open_page: Callable[..., Page]) -> None:
    for followers in (300, 200, 100):
        make_creator(f"lantern{followers}", followers=followers)
    page = open_page(make_user())
    page.goto("/creators/", wait_until="networkidle")
    rows = page.locator("tr[data-row]")
    for key in ("j", "j", "k", "j", "x"):
        page.keyboard.press(key)
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer .drawer")).to_contain_text("lantern200")
    page.keyboard.press("j")
    expect(page.locator("#drawer .drawer")).to_contain_text("lantern100")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer .drawer")).to_have_count(0)


def test_a_click_anywhere_in_a_row_opens_it(open_page: Callable[..., Page]) -> None:
    make_creator("lantern", followers=300)
    page = open_page(make_user())
    page.goto("/creators/", wait_until="networkidle")
    page.locator("tr[data-row] td").last.click()
    expect(page.locator("#drawer .drawer")).to_contain_text("lantern")


def test_a_search_without_result_offers_nothing_to_do_with_rows(open_page: Callable[..., Page]) -> None:
    make_creator("lantern", followers=300)
    page = open_page(make_user())
    page.goto("/creators/?q=nobody", wait_until="networkidle")
    expect(page.get_by_text("No creator passes all filters.")).to_be_visible()
    expect(page.locator(".bulk")).to_have_count(0)


def test_a_list_is_imported_without_scripts(
    open_page: Callable[..., Page], celery_worker_process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "echo_2026-11-01.csv"
    path.write_text(LIST)
    page = open_page(make_user(), script=False)
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at the columns").click()
    page.get_by_label("Market", exact=True).select_option("US")
    page.get_by_role("button", name="Start the import").click()
    for _attempt in range(20):
        if page.get_by_text("Open the directory").count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name=re.compile("Look again")).click()
    expect(page.locator(".counts")).to_contain_text("of 3 rows")


def test_a_changed_column_shows_its_problems_at_once(open_page: Callable[..., Page], tmp_path: Path) -> None:
    user = make_user()
    draft = make_import(user, tmp_path, start=False)
    page = open_page(user)
    page.goto(f"/imports/{draft.pk}/preview/", wait_until="networkidle")
    expect(page.locator("td.is-bad")).to_have_count(1)
    page.get_by_label("followers", exact=True).select_option("")
    expect(page.locator("td.is-bad")).to_have_count(0)
    page.get_by_label("followers", exact=True).select_option("likes_total")
    expect(page.locator("td.is-bad")).to_have_count(1)


def test_a_refused_file_says_why(open_page: Callable[..., Page], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"%PDF-1.7")
    page = open_page(make_user())
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at the columns").click()
    expect(page.locator(".drop .errors")).to_contain_text("not a table")

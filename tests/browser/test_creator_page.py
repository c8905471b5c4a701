"""A creator's way through the link: door, code, page, appeal; on a phone, with and without scripts."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from creators.models import Creator, Market
from tests.browser.conftest import WAIT_MS, Complaints
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import log
from tests.links import mailed_code, make_link
from violations.models import Appeal, LinkCode
from violations.services.rulebooks import rulebooks_load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(
    browser: Browser, live_server: object, complaints: Complaints, reference: None
) -> Iterator[Callable[..., Page]]:
    """A function that opens a browser in which nobody is signed in."""
    cache.clear()
    contexts = []

    def opened(*, script: bool = True, theme: str = "light", width: int = 390) -> Page:
        context = browser.new_context(
            base_url=str(live_server),
            viewport={"width": width, "height": 844},
            color_scheme=theme,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        complaints.watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def creator(reference: None) -> Creator:
    """Four points, from an hour ago, by the rule book that ships."""
    rulebooks_load(at=timezone.now())
    creator = make_creator("brass_lantern", followers=12_400)
    shop, at = make_shop(name="Tin Lantern Home"), timezone.now() - timedelta(hours=1)
    log(creator, "spam", at=at, shop=shop, note="Please label ads.", content_link="https://shop.example/video/1")
    return creator


@pytest.mark.parametrize(("script", "theme"), [(True, "light"), (False, "dark")])
def test_creator_opens_the_link_and_appeals(
    visitor: Callable[..., Page], creator: Creator, tmp_path: Path, script: bool, theme: str
) -> None:
    link, token = make_link(creator)
    proof = tmp_path / "label.png"
    proof.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 32)
    page = visitor(script=script, theme=theme)

    page.goto(f"/c/{token}/?language=en")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.get_by_label("Code").fill(mailed_code(link))
    page.get_by_role("button", name="Open the page").click()
    expect(page.locator(".balance")).to_contain_text("4")
    expect(page.get_by_text("Please label ads.")).to_be_visible()

    page.get_by_role("link", name="Appeal").click()
    page.get_by_label("Why is this entry wrong?").fill("The label was on.")
    page.locator("input[type=file]").set_input_files(proof)
    page.get_by_role("button", name="File the appeal").click()
    expect(page.get_by_text("Appeal filed.")).to_be_visible()
    assert Appeal.objects.get().filed_through == link


@pytest.mark.parametrize("width", [390, 1440])
def test_pages_are_chinese_and_fit(visitor: Callable[..., Page], creator: Creator, width: int) -> None:
    link, token = make_link(creator, language="zh-hans")
    page = visitor(width=width, theme="dark")
    page.goto(f"/c/{token}/open/?language=zh-hans")
    page.locator("input[name=code]").fill(mailed_code(link))
    page.locator("form button[type=submit]").click()

    entry = creator.ledger.get()
    assert Market.objects.get(code="US").name_zh in page.inner_text("body")
    for path in ("", "review/", f"entries/{entry.pk}/appeal/"):
        page.goto(f"/c/{token}/{path}")
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_staff_send_a_link_and_revoke_it(open_page: Callable[..., Page], creator: Creator) -> None:
    page = open_page(make_user("ops"))
    page.goto(f"/creators/{creator.pk}/creator-link/")
    page.get_by_label("E-mail of the creator").fill("brass@example.com")
    page.get_by_role("button", name="Send the link").click()
    address = page.locator("[data-link]").inner_text()
    assert LinkCode.objects.count() == 0

    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked", exact=False).first).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()

"""Journeys in Debian's Chromium against a live server and a real worker."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from accounts.models import User
from creators.services.loading import reference_load

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
WAIT_MS = 20_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; without it the tests are skipped, and conftest.py says so loudly."""
    if not CHROMIUM.exists():
        pytest.skip(f"There is no Chromium at {CHROMIUM}: install it, or set CHROMIUM.")
    # Playwright runs an event loop in this thread; Django would refuse queries beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        # No sandbox: in containers the tests run as root.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Complaints(list[str]):
    """What the browser complained of: errors on the console (the CSP reports there), exceptions, failed pages."""

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"exception: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # htmx reports a request that the next page cut short.
        if (
            message.type in ("error", "warning")
            and "sendAbort" not in message.text
            and "afterRequest" not in message.text
        ):
            self.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.append(f"{response.status}: {response.url}")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def reference(transactional_db: None) -> None:
    reference_load()


@pytest.fixture
def open_page(
    browser: Browser, live_server: object, complaints: Complaints, reference: None
) -> Iterator[Callable[..., Page]]:
    """A function that opens a page for a signed-in user: language, theme and size as options.

    Whatever the browser complained of fails the test at its end.
    """
    contexts: list[BrowserContext] = []

    def opened(user: User, *, width: int = 1440, height: int = 900, theme: str = "light", script: bool = True) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            base_url=str(live_server),
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            accept_downloads=True,
        )
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)},
                {"name": "theme", "value": theme, "url": str(live_server)},
            ]
        )
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        complaints.watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints

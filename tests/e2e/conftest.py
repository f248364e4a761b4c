"""A real Chromium against the built page: one server a session, a context a test.

A page that logs an error to the console fails its test; a test that fails leaves its pictures in
the folder that the report names.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from tests.e2e.served import Served, build_page

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Root has no sandbox; the rest keeps the browser from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1440, "height": 900}
# Chromium writes this line by itself for a page that is answered with 404 (Spec 9.4).
OWN_404_LINE = re.compile(r"Failed to load resource.*404")
failed = pytest.StashKey[bool]()
# What a page shows, it shows within moments; the machine of a test run may be busier than a user's.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The product with its demo accounts, served once for all browser tests."""
    build_page()
    served = Served(tmp_path_factory.mktemp("site") / "data")
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one of this machine."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("The browser tests need Chromium: apt install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@dataclass
class Visit:
    """A person at the site: contexts with a cookie jar each, and what their consoles said."""

    site: Served
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_404_expected: bool = False

    def open(self, path: str = "/login", **options: object) -> Page:
        """A page in a new context, as nobody."""
        context = self.browser.new_context(base_url=self.site.url, **({"viewport": WIDE} | options))
        self.contexts.append(context)
        context.on("page", self._listen)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(path)
        return page

    def sign_in(self, email: str, path: str = "/dashboard", **options: object) -> Page:
        """A page in a new context as a demo account, by the button a person presses."""
        page = self.open("/login", **options)
        page.get_by_role("button", name=f"Continue as {email}").click()
        page.wait_for_url(re.compile("/dashboard"))
        if path != "/dashboard":
            page.goto(path)
        return page

    def _listen(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def complaints(self) -> list[str]:
        """What the consoles said that no page may say."""
        if self.is_404_expected:
            return [line for line in self.errors if not OWN_404_LINE.search(line)]
        return self.errors


@pytest.fixture
def visit(
    site: Served, browser: Browser, request: pytest.FixtureRequest, tmp_path: object
) -> Iterator[Visit]:
    """The site in a browser; fails the test where a page logged an error."""
    visiting = Visit(site, browser)
    yield visiting
    if request.node.stash.get(failed, False):
        _keep_pictures(visiting, tmp_path)
    for context in visiting.contexts:
        context.close()
    assert visiting.complaints() == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """The sign-in page, as nobody."""
    return visit.open()


@pytest.fixture
def signed_in(visit: Visit) -> Callable[..., Page]:
    """`signed_in(email, path)`: a page as that demo account."""
    return visit.sign_in


def _keep_pictures(visiting: Visit, folder: object) -> None:
    pages = [page for context in visiting.contexts for page in context.pages]
    for number, page in enumerate(pages):
        with suppress(Error):
            page.screenshot(path=f"{folder}/failed-{number}.png", full_page=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the built page: `make check` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """Tell `visit` whether the test's body failed, and the reader where the pictures are."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[failed] = True
        if folder := getattr(item, "funcargs", {}).get("tmp_path"):
            report.sections.append(("pictures", str(folder)))
    return report

"""How long a page takes to answer clicks while another tab of the same Chromium sends files.

Measured in the page itself, from the click to the first change it makes to the table. Leaves what
is made of the samples to `bench.upload`.
"""

from __future__ import annotations

import re
import shutil
import time
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.e2e.served import Served

EMAIL = "demo@ingestio.test"
PAUSE_S = 0.2
ANSWERED = """() => new Promise((done) => {
  const table = document.querySelector("table");
  const began = performance.now();
  new MutationObserver((_, seen) => {
    seen.disconnect();
    done((performance.now() - began) / 1000);
  }).observe(table, {attributes: true, childList: true, characterData: true, subtree: true});
  table.querySelector("thead button").click();
})"""


def clicks_meanwhile(served: Served, paths: Sequence[Path]) -> list[float]:
    """Seconds from click to answer, one a click, as long as the other tab is sending."""
    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            return _clicked(browser, served, paths)
        finally:
            browser.close()


def _clicked(browser: Browser, served: Served, paths: Sequence[Path]) -> list[float]:
    context = browser.new_context(base_url=served.url)
    wizard = context.new_page()
    wizard.goto("/login")
    wizard.get_by_role("button", name=f"Continue as {EMAIL}").click()
    wizard.wait_for_url(re.compile("/dashboard"))
    wizard.goto("/dashboard/batch-upload")
    listed = context.new_page()
    listed.goto("/dashboard/batches")
    listed.locator("table tbody tr").first.wait_for()
    listed.evaluate(ANSWERED)  # hydrated, and warm
    wizard.locator("input[type=file]").first.set_input_files([str(path) for path in paths])
    samples = []
    while _is_sending(wizard, len(paths)):
        samples.append(listed.evaluate(ANSWERED))
        time.sleep(PAUSE_S)
    return samples


def _is_sending(wizard: Page, files: int) -> bool:
    return f"Selected Files ({files} valid)" not in wizard.inner_text("main")

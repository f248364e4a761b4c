"""Photographs every page, narrow and wide, light and dark: `make pictures` fills `pictures/`.

To be looked at by a person. The pages show real work: batches that ended well, partly and badly,
one in work, a wizard with good and refused files.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as TooSlow
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, Visit
from tests.e2e.scripted import Script
from tests.e2e.served import ROOT, Served, build_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SAMPLES = ROOT / "tests" / "samples"
PICTURES = ROOT / "pictures"
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
SETTLE_MS = 900
PROMPT = "Extract vendor, date, total and currency"


def main() -> None:
    """Serve, fill, photograph, end."""
    build_page()
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with tempfile.TemporaryDirectory(prefix="ingestio-pictures-") as folder:
        served = Served(Path(folder) / "data")
        try:
            served.start()
            _photograph_all(served, _fill(served))
        finally:
            served.stop()
    sys.stderr.write(f"{len(list(PICTURES.iterdir()))} pictures in {PICTURES}\n")


def _fill(served: Served) -> dict[str, str]:
    """Batches to show; the addresses of what they lead to."""
    script = Script.of(served, "demo@ingestio.test")
    names = ("invoice-en.pdf", "receipt.jpg", "bank-statement.pdf", "invoice.png", "contract.pdf")
    _, good = script.submit(_files(*names), "auto", name="March invoices")
    _, partly = script.submit(
        _files("invoice-de.pdf", "receipt-en.pdf"), "global", name="Receipts", prompt="Say hello"
    )
    _, asked = script.submit(
        _files("invoice-fr.pdf", "payslip-scan.pdf"), "global", name="Payroll", prompt=PROMPT
    )
    for batch in (good, partly, asked):
        script.wait(batch["id"], 180)
    completed = [d for d in script.documents(good["id"]) if d["status"] == "completed"]
    return {
        "batch": f"/dashboard/batches/{good['id']}",
        "batch-failed": f"/dashboard/batches/{partly['id']}",
        "review": f"/dashboard/review/{completed[0]['id']}",
    }


def _files(*names: str) -> list[tuple[str, bytes]]:
    return [(name, (SAMPLES / name).read_bytes()) for name in names]


def _photograph_all(served: Served, made: dict[str, str]) -> None:
    pages = {
        "dashboard": "/dashboard",
        "wizard-empty": "/dashboard/batch-upload",
        "batches": "/dashboard/batches",
        "batches-none": "/dashboard/batches?q=nothing-is-called-this",
        **made,
        "billing": "/dashboard/billing",
        "admin": "/admin",
        "not-found": "/dashboard/batches/00000000-0000-4000-8000-000000000000",
    }
    path = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for label, options in _ways():
            visit = Visit(served, browser)
            _take(visit.open("/login", **options), "login", label)
            starter = visit.sign_in("starter@ingestio.test", "/dashboard/batch-upload", **options)
            _take(starter, "upgrade", label)
            page = visit.sign_in("demo@ingestio.test", **options)
            _forget_drafts(served)
            for name, address in pages.items():
                page.goto(address)
                _take(page, name, label)
            _wizard(page, label)
            for context in visit.contexts:
                context.close()
        browser.close()


def _ways() -> Iterator[tuple[str, dict[str, object]]]:
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            viewport = {"width": width, "height": height}
            yield f"{size}-{scheme}", {"viewport": viewport, "color_scheme": scheme}


def _forget_drafts(served: Served) -> None:
    """Begin the wizard anew: what it holds survives a visit."""
    script = Script.of(served, "demo@ingestio.test")
    for draft in script.call("GET", "/api/v1/drafts")[1]["items"]:
        script.call("DELETE", f"/api/v1/drafts/{draft['id']}")


def _wizard(page: Page, label: str) -> None:
    """The three steps, with a refused file beside the good ones."""
    page.goto("/dashboard/batch-upload")
    page.wait_for_timeout(SETTLE_MS)
    good = [str(SAMPLES / name) for name in ("invoice-en.pdf", "receipt.jpg", "invoice.png")]
    page.locator("input[type=file]").first.set_input_files([*good, str(SAMPLES / "README.md")])
    page.get_by_text(re.compile(r"Selected Files \(3 valid\)")).first.wait_for(timeout=60_000)
    _take(page, "wizard-1", label)
    page.get_by_role("button", name="Next: Configure Prompts").click()
    page.get_by_role("radio", name=re.compile("Global Prompt")).first.click()
    page.locator("textarea:visible").first.fill(PROMPT)
    _take(page, "wizard-2", label)
    page.get_by_role("button", name="Next: Review Batch").click()
    page.get_by_role("button", name="Submit Batch").wait_for()
    _take(page, "wizard-3", label)


def _take(page: Page, name: str, label: str) -> None:
    """One picture of the whole page, after it has come to rest."""
    with suppress(TooSlow):
        page.wait_for_load_state("networkidle", timeout=3_000)
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=PICTURES / f"{name}-{label}.png", full_page=True)


if __name__ == "__main__":
    main()

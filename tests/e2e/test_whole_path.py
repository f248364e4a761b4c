"""From the wizard to the data, with real documents, for each strategy: what a person does and sees.

A text PDF, a scan, a photograph and a picture; beside them one of another type and a damaged one.
Statuses arrive on the open page without a reload; the commits are the processor's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.scripted import Script
from tests.e2e.work import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.served import Served

GOOD = ("invoice-en.pdf", "payslip-scan.pdf", "receipt.jpg", "invoice.png")
DEMO = "demo@ingestio.test"
WATCH = """() => {
  window.seen = new Set();
  const look = () => document.querySelectorAll('table tbody tr .bdg')
    .forEach((badge) => window.seen.add(badge.innerText.trim()));
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(look).observe(document.body, all);
  look();
}"""
ENDED = """() => [...document.querySelectorAll('table tbody tr')]
  .filter((row) => /Completed/.test(row.innerText)).length === 4"""


@pytest.fixture
def files(tmp_path: Path, request: pytest.FixtureRequest) -> list[Path]:
    """The good ones (the scan made unlike any before, so that it is read anew) and the bad ones."""
    for name in GOOD:
        content = (SAMPLES / name).read_bytes()
        if name.endswith(".pdf"):
            content += f"\n% {request.node.name}\n".encode()
        (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.txt").write_text("not a document")
    damaged = (SAMPLES / "bank-statement.pdf").read_bytes()[:700]
    (tmp_path / "damaged.pdf").write_bytes(damaged)
    return [tmp_path / name for name in (*GOOD, "notes.txt", "damaged.pdf")]


def choose_files(page: Page, files: list[Path]) -> None:
    page.locator("input[type=file]").first.set_input_files(files)
    expect(page.get_by_text("Selected Files (4 valid)")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("This is a TXT file.", exact=False)).to_be_visible()
    expect(page.get_by_text("damaged", exact=False).last).to_be_visible()
    page.get_by_role("button", name="Next: Configure Prompts").click()


def say_what(page: Page, strategy: str) -> None:
    page.get_by_role("radio", name=strategy).click()
    onwards = page.get_by_role("button", name="Next: Review Batch")
    if strategy != "Auto-Detect & Prompt":
        expect(onwards).to_be_disabled()
        areas = page.locator("textarea:visible")
        expect(areas).to_have_count(1 if strategy == "Global Prompt" else len(GOOD))
        for number in range(areas.count()):
            areas.nth(number).fill("Extract total, date and currency")
    expect(onwards).to_be_enabled()
    onwards.click()


@pytest.mark.parametrize(
    ("strategy", "source"),
    [
        ("Global Prompt", "batch"),
        ("Per-Document Prompt", "document"),
        ("Auto-Detect & Prompt", "detected"),
    ],
)
def test_documents_become_data_on_the_open_page(
    site: Served,
    signed_in: Callable[..., Page],
    files: list[Path],
    strategy: str,
    source: str,
):
    page = signed_in(DEMO, "/dashboard/batch-upload")
    choose_files(page, files)
    say_what(page, strategy)
    expect(page.get_by_text("Once submitted, this batch will be processed")).to_be_visible()
    page.get_by_role("button", name="Submit Batch").click()
    page.wait_for_url(re.compile(r"/dashboard/batches/[0-9a-f-]{36}"))
    page.evaluate(WATCH)

    page.wait_for_function(ENDED, timeout=90_000)

    seen = set(page.evaluate("() => [...window.seen]"))
    assert {"Processing", "Completed"} <= seen, "the page was reloaded, or showed only the end"
    script = Script.of(site, DEMO)
    documents = script.documents(page.url.rsplit("/", 1)[1])
    assert [document["filename"] for document in documents] == list(GOOD)
    assert {document["prompt_source"] for document in documents} == {source}
    assert all(document["fields"] and document["kind"] for document in documents)

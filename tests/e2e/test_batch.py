"""One batch: its numbers, its documents, and what can be done with them (Spec 4.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import NAMES_NO_FIELDS, finished, submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.e2e.conftest import Visit
    from tests.e2e.served import Served

DEMO = "demo@ingestio.test"
NO_BATCH = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def script(site: Served) -> Script:
    return Script.of(site, DEMO)


@pytest.fixture(scope="module")
def good(script: Script) -> str:
    return finished(script, "Three good", "invoice-en.pdf", "receipt-en.pdf", "contract.pdf")


@pytest.fixture
def paused(visit: Visit) -> Iterator[None]:
    """The processor stands still, as an administrator would have it."""
    admin = visit.sign_in(DEMO, "/admin")
    admin.get_by_role("button", name="Pause with a reason").click()
    admin.get_by_label("Reason").fill("testing")
    admin.get_by_role("button", name="Pause", exact=True).click()
    expect(admin.get_by_role("region", name="Processor").get_by_text("testing")).to_be_visible()
    yield
    admin.get_by_role("button", name="Resume").click()
    expect(admin.get_by_text("Running")).to_be_visible()


def test_the_counters_filter_the_documents_at_once(
    good: str, signed_in: Callable[..., Page]
) -> None:
    page = signed_in(DEMO, f"/dashboard/batches/{good}")
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(3)
    page.evaluate("window.kept = 1")

    page.locator("button.stat", has_text="Failed").click()
    expect(rows).to_have_count(0)
    page.get_by_role("group", name="Filter by status").get_by_role("button", name="All 3").click()
    expect(rows).to_have_count(3)

    assert page.evaluate("window.kept") == 1


def test_documents_sort_by_name(good: str, signed_in: Callable[..., Page]) -> None:
    page = signed_in(DEMO, f"/dashboard/batches/{good}")
    header = page.get_by_role("columnheader", name="Name")

    header.get_by_role("button").click()

    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("tbody tr").first).to_contain_text("contract.pdf")


def test_a_prompt_is_shown_with_its_source_and_in_full_on_focus(
    good: str, signed_in: Callable[..., Page]
) -> None:
    page = signed_in(DEMO, f"/dashboard/batches/{good}")
    row = page.locator("tbody tr", has_text="contract.pdf")
    expect(row).to_contain_text("Auto: Contract")

    row.get_by_role("note").focus()

    expect(page.get_by_text(re.compile("Extract title, .*notice period")).last).to_be_visible()


def test_export_links_lead_to_files(good: str, signed_in: Callable[..., Page]) -> None:
    page = signed_in(DEMO, f"/dashboard/batches/{good}")
    page.get_by_role("button", name="Export 3").click()

    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV").click()

    assert download.value.suggested_filename.endswith(".csv")


@pytest.mark.parametrize("batch_id", [NO_BATCH, "not-an-id", "..%2F..%2Fetc"])
def test_a_missing_batch_is_not_found(batch_id: str, visit: Visit) -> None:
    visit.is_404_expected = True
    page = visit.sign_in(DEMO, f"/dashboard/batches/{batch_id}")

    expect(page.get_by_text(re.compile("not found", re.IGNORECASE)).first).to_be_visible()


def test_somebody_elses_batch_is_not_found(good: str, visit: Visit) -> None:
    visit.is_404_expected = True
    page = visit.sign_in("plus@ingestio.test", f"/dashboard/batches/{good}")

    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(page.get_by_text("Three good")).to_have_count(0)


def test_cancelling_stops_what_waits_and_charges_nothing(
    paused: None,  # noqa: ARG001  a fixture
    script: Script,
    signed_in: Callable[..., Page],
) -> None:
    used_before = script.usage()["used_pages"]
    batch_id = submit(script, "To be cancelled", "invoice-en.pdf", "receipt-en.pdf")
    page = signed_in(DEMO, f"/dashboard/batches/{batch_id}")
    expect(page.get_by_text("Processing is paused: testing.")).to_be_visible()

    page.locator("tbody tr").first.get_by_role("button", name="Cancel").click()
    expect(page.locator("tbody tr", has_text="Cancelled")).to_have_count(1)
    page.get_by_role("button", name="Cancel batch").click()

    expect(page.locator("tbody tr", has_text="Cancelled")).to_have_count(2)
    expect(page.locator("button.stat", has_text="Cancelled")).to_contain_text("not charged")
    expect(page.get_by_role("button", name="Cancel batch")).to_have_count(0)
    assert script.usage()["used_pages"] == used_before


def test_a_failure_says_why_and_what_to_do_and_is_tried_again(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    batch_id = finished(script, "All fail", "receipt-en.pdf", prompt=NAMES_NO_FIELDS)
    page = signed_in(DEMO, f"/dashboard/batches/{batch_id}")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("This prompt names no fields.")
    row.get_by_role("button", name="Details").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing was charged")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Retry failed").click()

    expect(page.get_by_text("1 document is tried again")).to_be_visible()
    assert script.wait(batch_id, 60)["failed_count"] == 1


def test_deleting_a_document_lowers_the_numbers(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    batch_id = finished(script, "One goes", "invoice-en.pdf", "receipt-en.pdf")
    page = signed_in(DEMO, f"/dashboard/batches/{batch_id}")
    row = page.locator("tbody tr", has_text="receipt-en.pdf")
    row.get_by_role("button", name="More for receipt-en.pdf").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete document").click()

    expect(row).to_have_count(0)
    expect(page.get_by_text("1 of 1 document ended").first).to_be_visible()


def test_deleting_the_batch_leads_back_to_the_list(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    batch_id = finished(script, "All of it goes", "receipt-en.pdf")
    page = signed_in(DEMO, f"/dashboard/batches/{batch_id}")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete batch").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete batch").click()

    page.wait_for_url(re.compile(r"/dashboard/batches/?$"))
    expect(page.get_by_text("“All of it goes” is deleted")).to_be_visible()
    expect(page.locator("tbody tr", has_text="All of it goes")).to_have_count(0)


def test_only_administrators_find_the_admin_page(visit: Visit) -> None:
    visit.is_404_expected = True
    page = visit.sign_in("plus@ingestio.test", "/admin")

    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(page.get_by_text("demo@ingestio.test")).to_have_count(0)

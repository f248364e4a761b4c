"""The list of batches: all of what is wanted stands in the address (Spec 4.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import NAMES_NO_FIELDS, finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.served import Served

LIST = "/dashboard/batches"


@pytest.fixture(scope="module")
def script(site: Served) -> Script:
    script = Script.of(site, "plus@ingestio.test")
    finished(script, "Alpha receipts", "receipt-en.pdf")
    finished(script, "Beta invoices", "invoice-en.pdf", "invoice-fr.pdf")
    finished(script, "Gamma failures", "receipt-en.pdf", prompt=NAMES_NO_FIELDS)
    return script


@pytest.fixture
def page(script: Script, signed_in: Callable[..., Page]) -> Page:  # noqa: ARG001  there is work
    page = signed_in("plus@ingestio.test", LIST)
    expect(page.locator("table tbody tr")).not_to_have_count(0)
    expect(page.get_by_text("Alpha receipts")).to_be_visible()
    return page


def test_a_row_says_what_became_of_a_batch(page: Page) -> None:
    row = page.locator("tbody tr", has_text="Gamma failures")

    expect(row).to_contain_text("Failed")
    expect(row).to_contain_text("1 / 1 documents")
    expect(row.get_by_role("progressbar")).to_have_attribute(
        "aria-valuetext", "1 failed of 1 document"
    )


def test_a_search_stands_in_the_address_and_survives_a_reload(page: Page) -> None:
    page.get_by_label("Search by name").press_sequentially("beta", delay=20)
    page.wait_for_url(re.compile(r"\?q=beta$"))
    expect(page.locator("tbody tr")).to_have_count(1)

    page.reload()

    expect(page.get_by_label("Search by name")).to_have_value("beta")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_back_undoes_a_filter(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Failed")).click()
    page.wait_for_url(re.compile("status=failed"))
    expect(page.get_by_text("Alpha receipts")).to_have_count(0)

    page.go_back()

    expect(page.get_by_text("Alpha receipts")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^All"))).to_have_attribute(
        "aria-current", "page"
    )


def test_a_column_sorts_and_sorts_the_other_way_round(page: Page) -> None:
    name = page.get_by_role("columnheader", name="Name")
    name.get_by_role("button").click()
    page.wait_for_url(re.compile("sort=name"))
    expect(name).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("tbody tr").first).to_contain_text("Alpha")

    name.get_by_role("button").click()
    page.wait_for_url(re.compile("sort=-name"))
    expect(name).to_have_attribute("aria-sort", "descending")
    expect(page.locator("tbody tr").last).to_contain_text("Alpha")


def test_nothing_found_says_so_and_clears(page: Page) -> None:
    page.goto(f"{LIST}?q=nothing-is-called-this&status=failed")
    expect(page.get_by_text("No batches found matching your criteria")).to_be_visible()

    page.get_by_role("link", name="Clear filters").click()

    expect(page.get_by_text("Alpha receipts")).to_be_visible()


def test_nonsense_in_the_address_shows_the_plain_list(page: Page) -> None:
    page.goto(f"{LIST}?status=x&sort=password&page=-1&size=7")

    expect(page.get_by_text("Alpha receipts")).to_be_visible()


def test_who_has_no_batch_is_shown_the_way(signed_in: Callable[..., Page]) -> None:
    page = signed_in("starter@ingestio.test", LIST)

    expect(page.get_by_text("Upload your first batch!")).to_be_visible()


def test_below_1024_px_rows_are_cards(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    expect(page.locator("thead")).to_be_hidden()
    expect(page.get_by_text("Alpha receipts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_deleting_asks_first_with_keep_it_in_focus(page: Page, script: Script) -> None:
    batch_id = finished(script, "To be deleted", "receipt-en.pdf")
    row = page.locator("tbody tr", has_text="To be deleted")
    row.get_by_role("button", name="Actions for To be deleted").click()
    page.get_by_role("menuitem", name="Delete").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("Delete “To be deleted”?")
    expect(asked.get_by_role("button", name="Keep it")).to_be_focused()

    page.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    expect(row).to_have_count(1)

    row.get_by_role("button", name="Actions for To be deleted").click()
    page.get_by_role("menuitem", name="Delete").click()
    asked.get_by_role("button", name="Delete batch").click()
    expect(row).to_have_count(0)
    assert script.call("GET", f"/api/v1/batches/{batch_id}")[0] == 404

"""Administration: one account's ledger, pages given, a processor that stands still (Spec 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.served import Served

DEMO, PLUS = "demo@ingestio.test", "plus@ingestio.test"


def _admin(signed_in: Callable[..., Page]) -> Page:
    page = signed_in(DEMO, "/admin")
    expect(page.locator("tbody tr", has_text=PLUS)).to_be_visible()
    return page


def _action(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Actions for {PLUS}").click()
    page.get_by_role("menuitem", name=name).click()


def test_pages_that_are_given_count_at_once(site: Served, signed_in: Callable[..., Page]) -> None:
    script = Script.of(site, PLUS)
    before = script.usage()["limit_pages"]
    page = _admin(signed_in)
    _action(page, "Grant pages")
    asked = page.get_by_role("dialog")
    expect(asked.get_by_label("Account")).to_have_value(PLUS)
    asked.get_by_label("Pages", exact=True).fill("25")
    asked.get_by_label("Reason").fill("an apology")

    asked.get_by_role("button", name="Grant pages").click()

    expect(page.get_by_text(f"25 pages given to {PLUS}")).to_be_visible()
    assert script.usage()["limit_pages"] == before + 25


def test_an_accounts_ledger_is_shown(site: Served, signed_in: Callable[..., Page]) -> None:
    finished(Script.of(site, PLUS), "Charged", "receipt-en.pdf")
    page = _admin(signed_in)

    _action(page, "Ledger")

    ledger = page.get_by_role("region", name="Ledger")
    expect(ledger.locator("tbody tr", has_text="receipt-en.pdf").first).to_contain_text("Settled")


def test_accounts_are_searched_and_sorted(signed_in: Callable[..., Page]) -> None:
    page = _admin(signed_in)
    rows = page.get_by_role("region", name="Accounts").locator("tbody tr")

    page.get_by_label("Search e-mail").fill("plus@")
    expect(rows).to_have_count(1)
    page.get_by_label("Search e-mail").fill("")
    expect(rows).not_to_have_count(1)

    left = page.get_by_role("columnheader", name="Left")
    left.get_by_role("button").click()
    expect(left).to_have_attribute("aria-sort", "ascending")

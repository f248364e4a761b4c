"""Pages that change by themselves, and followers that end with their pages.

That Reflex cancels a follower when its page closes, is left or reconnects stands in no
documentation: here it is pinned.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Visit
    from tests.e2e.served import Served

FOLLOWERS_A_PAGE = 2
"""The frame's and the page's own."""


@pytest.fixture(scope="module")
def script(site: Served) -> Script:
    return Script.of(site, "demo@ingestio.test")


def _open_pages(script: Script) -> int:
    _, text = Script(script.site).call("GET", "/metrics")
    found = re.search(rb"^ingestio_open_pages (\d+)$", text, re.MULTILINE)
    assert found, text
    return int(found[1])


def _settles(script: Script, expected: int, within_s: float = 5.0) -> int:
    """The number of followers once it is as expected, or after a while."""
    deadline = time.monotonic() + within_s
    while (now := _open_pages(script)) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    return now


def test_a_batch_comes_to_its_end_on_the_open_page_without_a_reload(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    batch_id = submit(script, "Watched", "invoice-en.pdf", "receipt-en.pdf")
    page = signed_in("demo@ingestio.test", f"/dashboard/batches/{batch_id}")
    page.evaluate("window.kept = 1")

    expect(page.locator("table tbody tr", has_text="Completed")).to_have_count(2, timeout=60_000)

    expect(page.get_by_text("2 of 2 documents ended").first).to_be_visible()
    expect(page).to_have_title(re.compile("2 of 2 documents ended"))
    assert page.evaluate("window.kept") == 1


def test_a_batch_made_by_the_api_appears_in_the_open_list(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("demo@ingestio.test", "/dashboard/batches")
    expect(page.get_by_role("searchbox").or_(page.get_by_label("Search by name"))).to_be_visible()

    submit(script, "From elsewhere", "invoice-en.pdf")

    row = page.locator("table tbody tr", has_text="From elsewhere")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Completed", timeout=60_000)


def test_a_change_reaches_every_tab_of_its_owner(
    script: Script, signed_in: Callable[..., Page]
) -> None:
    batch_id = submit(script, "Two tabs", "invoice-en.pdf")
    script.wait(batch_id, 60)
    page = signed_in("demo@ingestio.test", f"/dashboard/batches/{batch_id}")
    other = page.context.new_page()
    other.goto(f"/dashboard/batches/{batch_id}")
    expect(other.get_by_text("Nothing to check").or_(other.get_by_text("to check"))).to_be_visible()

    (document,) = script.documents(batch_id)
    code, _ = script.call("DELETE", f"/api/v1/documents/{document['id']}")

    assert code in {200, 204}
    for tab in (page, other):
        expect(tab.locator("table tbody tr")).to_have_count(0)


def test_followers_equal_open_pages_through_navigation_reload_and_closing(
    script: Script, visit: Visit
) -> None:
    before = _settles(script, 0)
    page = visit.sign_in("demo@ingestio.test", "/dashboard/batches")
    expect(page.get_by_label("Search by name")).to_be_visible()
    assert _settles(script, before + FOLLOWERS_A_PAGE) == before + FOLLOWERS_A_PAGE

    page.get_by_role("link", name=re.compile("^Completed")).click()
    page.wait_for_url(re.compile("status=completed"))
    page.go_back()
    page.reload()
    page.get_by_role("link", name="Billing").first.click()
    page.wait_for_url(re.compile("billing"))
    page.go_back()
    page.wait_for_url(re.compile("batches"))
    assert _settles(script, before + FOLLOWERS_A_PAGE) == before + FOLLOWERS_A_PAGE

    page.context.set_offline(True)
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    assert _settles(script, before + FOLLOWERS_A_PAGE) == before + FOLLOWERS_A_PAGE

    page.close()
    assert _settles(script, before) == before

"""The way in, as a person takes it (Spec 4.5, 9.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from ingestio.services.accounts import DEMO_PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Visit


def test_sign_in_offers_each_demo_account(page: Page) -> None:
    for email in ("demo@ingestio.test", "plus@ingestio.test", "starter@ingestio.test"):
        expect(page.get_by_role("button", name=f"Continue as {email}")).to_be_visible()


def test_a_demo_button_leads_to_the_dashboard(visit: Visit) -> None:
    page = visit.sign_in("demo@ingestio.test")

    expect(page).to_have_url(re.compile(r"/dashboard/?$"))
    expect(page.get_by_role("main")).to_be_visible()


def test_a_private_page_sends_a_stranger_to_sign_in_and_back(visit: Visit) -> None:
    page = visit.open("/dashboard/batches")
    page.wait_for_url(re.compile(r"/login/?\?next="))

    page.locator("input[name=email]:visible").first.fill("demo@ingestio.test")
    page.locator("input[name=password]:visible").first.fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url(re.compile(r"/dashboard/batches"))


def test_the_session_cookie_is_kept_from_scripts(visit: Visit) -> None:
    page = visit.sign_in("demo@ingestio.test")

    (cookie,) = [c for c in page.context.cookies() if c["name"] == "ingestio_session"]
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    assert "ingestio_session" not in page.evaluate("document.cookie")


def test_signing_out_in_one_tab_counts_in_the_other(visit: Visit) -> None:
    page = visit.sign_in("demo@ingestio.test", "/dashboard/batches")
    other = page.context.new_page()
    other.goto("/dashboard")

    out = other.context.request.post("/api/sign-out", headers={"Origin": visit.site.url})
    assert out.ok
    page.reload()

    page.wait_for_url(re.compile("/login"))

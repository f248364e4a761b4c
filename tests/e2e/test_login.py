"""The login page in a browser: its words, its two forms, and what a demo offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Visit

PASSWORD = "a long enough password"


def fill(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)


def test_a_wrong_password_is_said_and_the_way_back_is_kept(visit: Visit) -> None:
    page = visit.open("/login?next=%2Fdashboard%2Fbatches")
    fill(page, "demo@ingestio.test", "not the password")

    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("do not match")
    assert "next=%2Fdashboard%2Fbatches" in page.url


def test_a_new_person_signs_up_and_is_in(visit: Visit) -> None:
    page = visit.open("/login")
    page.get_by_role("link", name="Create an account").click()
    expect(page.get_by_role("heading", name="Create an account")).to_be_visible()
    fill(page, f"new-{uuid4().hex[:8]}@ingestio.test", PASSWORD)

    page.get_by_role("button", name="Create account").click()

    expect(page).to_have_url(re.compile(r"/dashboard/?$"))


def test_an_address_that_is_taken_is_said_on_the_form_it_belongs_to(visit: Visit) -> None:
    page = visit.open("/login?mode=sign-up")
    fill(page, "demo@ingestio.test", PASSWORD)

    page.get_by_role("button", name="Create account").click()

    expect(page.get_by_role("alert")).to_contain_text("Sign in instead")
    expect(page.get_by_role("button", name="Create account")).to_be_visible()


def test_a_password_can_be_looked_at(visit: Visit) -> None:
    page = visit.open("/login")
    expect(page.get_by_role("button", name="Continue as plus@ingestio.test")).to_be_visible()

    page.get_by_role("button", name="Show password").click()

    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide password")).to_be_visible()


def test_who_is_signed_in_goes_on_from_the_login_page(visit: Visit) -> None:
    page = visit.sign_in("plus@ingestio.test")

    page.goto("/login?next=%2Fdashboard%2Fbatches")

    expect(page).to_have_url(re.compile(r"/dashboard/batches"))


def test_the_bare_address_leads_to_the_dashboard(visit: Visit) -> None:
    page = visit.sign_in("plus@ingestio.test")

    page.goto("/")

    expect(page).to_have_url(re.compile(r"/dashboard/?$"))

"""The review: a value and its box show each other, corrections and approval are kept (Spec 4.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Visit
    from tests.e2e.served import Served

DEMO = "demo@ingestio.test"


@pytest.fixture(scope="module")
def script(site: Served) -> Script:
    return Script.of(site, DEMO)


@pytest.fixture
def document(script: Script) -> dict[str, str]:
    batch_id = finished(script, "To review", "invoice-en.pdf")
    (document,) = script.documents(batch_id)
    return document


@pytest.fixture
def page(document: dict[str, str], signed_in: Callable[..., Page]) -> Page:
    page = signed_in(DEMO, f"/dashboard/review/{document['id']}")
    expect(page.get_by_role("heading", name="Invoice", exact=True)).to_be_visible()
    return page


def _again(script: Script, document: dict[str, str]) -> dict[str, str]:
    code, now = script.call("GET", f"/api/v1/documents/{document['id']}")
    assert code == 200
    return now


def test_the_page_picture_has_a_box_for_each_value(page: Page) -> None:
    picture = page.locator("img.pic")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('img.pic').naturalWidth > 300")

    assert page.locator("svg rect.ev").count() > 5


def test_a_value_shows_its_box_and_a_box_its_value(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Vendor CONTOSO")).click()
    expect(page.locator(".evl")).to_have_text("Vendor")

    page.locator("svg rect.ev:not(.on)").first.click()
    expect(page.locator(".evl")).not_to_have_text("Vendor")


def test_a_correction_is_validated_kept_and_says_what_it_was(
    page: Page, script: Script, document: dict[str, str]
) -> None:
    page.get_by_role("button", name=re.compile("Total 110.00")).first.click()
    page.keyboard.press("e")
    value = page.get_by_label("Value of Total")
    expect(value).to_be_focused()
    value.fill("twelve")
    value.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Type the amount")).to_be_visible()

    value.fill("111")
    value.press("Enter")

    expect(page.get_by_text("Edited by you. Was “110.00”")).to_be_visible()
    assert _again(script, document)["fields"]["total"]["value"] == "111.00"


def test_keys_move_confirm_and_approve(
    page: Page, script: Script, document: dict[str, str]
) -> None:
    active = page.locator("li.fr.on")
    first = active.inner_text()
    page.keyboard.press("j")
    expect(active).not_to_have_text(first)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 confirmed")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next value")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)  # an open dialog keeps its keys

    page.keyboard.press("Control+Enter")

    page.wait_for_url(lambda url: document["id"] not in url)
    assert _again(script, document)["review_state"] == "approved"


def test_rejecting_is_kept(page: Page, script: Script, document: dict[str, str]) -> None:
    page.get_by_role("button", name="Reject").click()

    page.wait_for_url(lambda url: document["id"] not in url)
    assert _again(script, document)["review_state"] == "rejected"


def test_typing_is_never_taken_for_a_key(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Vendor CONTOSO")).click()
    page.keyboard.press("e")
    value = page.get_by_label("Value of Vendor")
    expect(value).to_be_focused()
    value.press_sequentially("jkem?")

    expect(value).to_have_value(re.compile("jkem"))
    expect(page.locator("li.fr.on")).to_contain_text("Vendor")
    page.keyboard.press("Escape")
    expect(value).to_have_count(0)


def test_what_nobody_judged_waits_in_the_queue(
    document: dict[str, str], signed_in: Callable[..., Page]
) -> None:
    page = signed_in(DEMO, "/dashboard/review")

    expect(page.locator(f"a[href$='{document['id']}']").first).to_be_visible()


@pytest.mark.parametrize("document_id", ["00000000-0000-4000-8000-000000000000", "not-an-id"])
def test_a_missing_document_is_not_found(document_id: str, visit: Visit) -> None:
    visit.is_404_expected = True
    page = visit.sign_in(DEMO, f"/dashboard/review/{document_id}")

    expect(page.get_by_role("heading", name="Not found")).to_be_visible()


def test_somebody_elses_document_is_not_found(document: dict[str, str], visit: Visit) -> None:
    visit.is_404_expected = True
    page = visit.sign_in("plus@ingestio.test", f"/dashboard/review/{document['id']}")

    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(page.get_by_text("invoice-en.pdf")).to_have_count(0)


def test_a_value_being_typed_is_saved_before_anything_is_approved(
    page: Page, script: Script, document: dict[str, str]
) -> None:
    page.keyboard.press("e")
    page.locator("#field-value").fill("TYPED-1")

    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("TYPED-1").first).to_be_visible()
    expect(page.locator("#field-value")).to_have_count(0)
    now = _again(script, document)
    assert "TYPED-1" in {field["value"] for field in now["fields"].values()}
    assert now["review_state"] == "unreviewed"

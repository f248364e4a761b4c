"""The wizard in a browser: from files to a batch, and all that can be in the way (Spec 4.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.served import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import Visit

SAMPLES = ROOT / "tests" / "samples"
INVOICE, RECEIPT, PICTURE = (
    str(SAMPLES / name) for name in ("invoice-en.pdf", "receipt.jpg", "invoice.png")
)
WIZARD = "/dashboard/batch-upload"
PROMPT = "Extract vendor, date, total and currency"
BYTES_A_SECOND = 1_000_000


@pytest.fixture
def wizard(visit: Visit) -> Page:
    """The wizard of a new account, so that no other test's draft is in it."""
    page = visit.open("/login")
    form = {"email": f"wizard-{uuid4().hex}@ingestio.test", "password": uuid4().hex}
    signed = page.context.request.post(
        "/api/sign-up", form=form, headers={"Origin": visit.site.url}
    )
    assert signed.ok
    page.goto(WIZARD)
    expect(page.get_by_text("Max file size: 50MB")).to_be_visible()
    return page


def choose(page: Page, *files: str) -> None:
    page.locator("input[type=file]").first.set_input_files(list(files))


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="Files").get_by_role("listitem").filter(has_text=name)


def valid(page: Page, number: int) -> None:
    heading = page.get_by_role("heading", name=f"Selected Files ({number} valid)")
    expect(heading).to_be_visible(timeout=30_000)


def next_step(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def to_prompts(page: Page, *files: str) -> None:
    choose(page, *files)
    valid(page, len(files))
    next_step(page, "Next: Configure Prompts")


def test_files_are_chosen_by_the_button_and_counted(wizard: Page) -> None:
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_disabled()
    expect(wizard.get_by_text("Add a file to go on")).to_be_visible()

    with wizard.expect_file_chooser() as chooser:
        wizard.get_by_role("button", name="Upload Files").click()
    chooser.value.set_files([INVOICE, RECEIPT])

    valid(wizard, 2)
    expect(row(wizard, "invoice-en.pdf")).to_contain_text("1 page")
    expect(row(wizard, "receipt.jpg")).to_contain_text("Complete")
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_enabled()


def test_a_drop_anywhere_adds_files(wizard: Page) -> None:
    wizard.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["%PDF-1.4 nothing"], "dropped.pdf"));
            const how = {dataTransfer: carried, bubbles: true, cancelable: true};
            document.querySelector("h1").dispatchEvent(new DragEvent("drop", how));
        }"""
    )

    expect(row(wizard, "dropped.pdf")).to_contain_text("Error", timeout=30_000)


def test_what_can_not_be_read_stays_in_red_with_its_reason(wizard: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no document")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.7\n" + b"garbage " * 500)
    (tmp_path / "disguised.pdf").write_bytes((SAMPLES / "invoice.png").read_bytes())
    (tmp_path / "huge.pdf").open("wb").truncate(60 * 1_048_576)

    choose(wizard, INVOICE, *(str(path) for path in sorted(tmp_path.glob("*.*"))))

    valid(wizard, 1)
    expect(row(wizard, "notes.txt")).to_contain_text("This is a TXT file.")
    expect(row(wizard, "huge.pdf")).to_contain_text("60.0 MB is over the limit of 50 MB a file.")
    expect(row(wizard, "disguised.pdf")).to_contain_text("This is a PNG picture named .pdf.")
    expect(row(wizard, "damaged.pdf")).to_contain_text("damaged")
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_enabled()

    wizard.get_by_role("button", name="Remove notes.txt").click()
    wizard.get_by_role("button", name="Remove damaged.pdf").click()
    expect(row(wizard, "notes.txt")).to_have_count(0)
    expect(row(wizard, "damaged.pdf")).to_have_count(0)


def test_the_same_content_is_kept_once_unless_the_person_insists(
    wizard: Page, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.pdf"
    copy.write_bytes((SAMPLES / "invoice-en.pdf").read_bytes())
    choose(wizard, INVOICE)
    valid(wizard, 1)

    choose(wizard, str(copy))
    expect(row(wizard, "copy.pdf")).to_contain_text("Added twice, kept once.", timeout=30_000)
    row(wizard, "copy.pdf").get_by_role("button", name="Keep both").click()

    valid(wizard, 2)


def slow_down(page: Page, *, is_offline: bool = False) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"offline": is_offline, "latency": 5, "downloadThroughput": -1}
    speed = {"uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", limits | speed)


def large_file(folder: Path) -> str:
    path = folder / "large.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"0" * 8_000_000)
    return str(path)


def test_one_file_in_transfer_is_cancelled_and_the_others_go_on(
    wizard: Page, tmp_path: Path
) -> None:
    slow_down(wizard)
    choose(wizard, large_file(tmp_path), INVOICE)
    expect(row(wizard, "large.pdf")).to_contain_text("Uploading")
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_disabled()

    wizard.get_by_role("button", name="Cancel large.pdf").click()

    expect(row(wizard, "large.pdf")).to_have_count(0)
    valid(wizard, 1)
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_enabled()
    wizard.reload()
    valid(wizard, 1)
    expect(row(wizard, "large.pdf")).to_have_count(0)


def test_cancel_all_stops_the_whole_transfer(wizard: Page, tmp_path: Path) -> None:
    choose(wizard, INVOICE)
    valid(wizard, 1)
    slow_down(wizard)
    choose(wizard, large_file(tmp_path), PICTURE)

    wizard.get_by_role("button", name="Cancel all").click()

    expect(row(wizard, "large.pdf")).to_have_count(0)
    expect(row(wizard, "invoice.png")).to_have_count(0)
    expect(row(wizard, "invoice-en.pdf")).to_contain_text("Complete")


def test_what_arrived_before_a_reload_is_gone_on_with(wizard: Page, tmp_path: Path) -> None:
    slow_down(wizard)
    wizard.on("dialog", lambda dialog: dialog.accept())
    large = large_file(tmp_path)
    choose(wizard, large)
    expect(row(wizard, "large.pdf")).to_contain_text(re.compile(r"[2-9] %|[1-9]\d %"))

    wizard.reload()

    expect(row(wizard, "large.pdf")).to_contain_text("Choose the file again to go on.")
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_disabled()
    sent: list[str] = []
    wizard.on("request", lambda r: sent.append(r.method) if "/api/v1/uploads" in r.url else None)
    choose(wizard, large)
    expect(row(wizard, "large.pdf")).to_have_count(1)
    expect(row(wizard, "large.pdf")).to_contain_text("Error", timeout=30_000)  # it is no real PDF
    assert "POST" not in sent


def test_one_prompt_for_all_leads_to_a_batch(wizard: Page) -> None:
    to_prompts(wizard, INVOICE, RECEIPT)
    expect(wizard.get_by_role("radio", name="Global Prompt")).to_be_checked()
    expect(wizard.get_by_role("button", name="Next: Review Batch")).to_be_disabled()
    expect(wizard.get_by_text("Enter a prompt for all documents.")).to_be_visible()

    wizard.get_by_label("Enter Global Extraction Prompt").fill(PROMPT)
    next_step(wizard, "Next: Review Batch")

    expect(wizard.get_by_text("Once submitted, this batch will be processed")).to_be_visible()
    wizard.get_by_text("Prompt Details").click()
    expect(wizard.get_by_text("Global Prompt:")).to_be_visible()
    expect(wizard.get_by_text(PROMPT)).to_be_visible()
    wizard.get_by_label("Batch name (optional)").fill("November")
    wizard.get_by_role("button", name="Submit Batch").dblclick()
    expect(wizard).to_have_url(re.compile(r"/dashboard/batches/[0-9a-f-]{36}"))
    expect(wizard.get_by_role("heading", name="November")).to_be_visible()

    listed = wizard.context.request.get("/api/v1/batches").json()
    assert [batch["name"] for batch in listed["items"]] == ["November"]


def test_a_prompt_for_each_document_can_be_filled_down_and_undone(wizard: Page) -> None:
    to_prompts(wizard, INVOICE, RECEIPT, PICTURE)
    wizard.get_by_role("radio", name="Per-Document Prompt").click()
    areas = wizard.get_by_role("list", name="Documents and prompts").get_by_role("textbox")

    areas.nth(0).fill(PROMPT)
    wizard.get_by_role("button", name="Use for all below").first.click()

    expect(wizard.get_by_text("3 of 3 have a prompt")).to_be_visible()
    expect(areas.nth(2)).to_have_value(PROMPT)
    wizard.get_by_role("button", name="Undo").click()
    expect(areas.nth(2)).to_have_value("")
    expect(wizard.get_by_text("2 files need a prompt")).to_be_visible()

    wizard.get_by_label("Start from, for receipt.jpg").select_option("receipt")
    expect(areas.nth(1)).to_have_value(re.compile("merchant"))
    wizard.get_by_role("button", name="use the prompt above").click()
    next_step(wizard, "Next: Review Batch")

    wizard.get_by_text("Prompt Details").click()
    expect(wizard.get_by_text("Per-Document Prompts:")).to_be_visible()


def test_a_detected_type_needs_no_prompt(wizard: Page) -> None:
    to_prompts(wizard, INVOICE)
    wizard.get_by_role("radio", name="Global Prompt").focus()
    wizard.keyboard.press("ArrowRight")
    expect(wizard.get_by_role("radio", name="Per-Document Prompt")).to_be_checked()
    wizard.keyboard.press("ArrowRight")
    expect(wizard.get_by_role("radio", name="Auto-Detect & Prompt")).to_be_checked()

    next_step(wizard, "Next: Review Batch")

    expect(wizard.get_by_text("Once submitted, this batch will be processed")).to_be_visible()
    expect(wizard.get_by_text("Prompt Details")).to_have_count(0)
    wizard.get_by_label("fail what does not fit").check()
    other = wizard.context.new_page()
    other.goto(f"{WIZARD}?step=review")
    expect(other.get_by_label("fail what does not fit")).to_be_checked()


def test_reload_back_and_another_tab_keep_the_draft(wizard: Page) -> None:
    to_prompts(wizard, INVOICE)
    wizard.get_by_label("Enter Global Extraction Prompt").fill(PROMPT)
    next_step(wizard, "Next: Review Batch")
    expect(wizard.get_by_role("button", name="Submit Batch")).to_be_enabled()

    wizard.reload()
    expect(wizard.get_by_role("button", name="Submit Batch")).to_be_enabled()
    wizard.go_back()
    expect(wizard.get_by_label("Enter Global Extraction Prompt")).to_have_value(PROMPT)

    other = wizard.context.new_page()
    other.goto(WIZARD)
    expect(other.get_by_text("Continue your draft")).to_be_visible()
    valid(other, 1)


def test_another_tabs_change_shows_by_itself(wizard: Page) -> None:
    choose(wizard, INVOICE)
    valid(wizard, 1)
    other = wizard.context.new_page()
    other.goto(WIZARD)
    valid(other, 1)

    choose(other, RECEIPT)

    valid(wizard, 2)


def test_starting_over_asks_first_and_takes_everything(wizard: Page) -> None:
    choose(wizard, INVOICE)
    valid(wizard, 1)

    wizard.get_by_role("button", name="Start over").click()
    wizard.get_by_role("button", name="Keep it").click()
    valid(wizard, 1)
    wizard.get_by_role("button", name="Start over").click()
    wizard.get_by_role("button", name="Discard draft").click()

    expect(wizard.get_by_text("Selected Files")).to_have_count(0)
    expect(wizard.get_by_text("Add a file to go on")).to_be_visible()


def test_samples_are_offered_where_there_is_nothing(wizard: Page) -> None:
    wizard.get_by_role("button", name="Try sample documents").click()

    heading = wizard.get_by_role("heading", name=re.compile(r"Selected Files \([2-9] valid\)"))
    expect(heading).to_be_visible(timeout=30_000)
    expect(wizard.get_by_role("button", name="Next: Configure Prompts")).to_be_enabled()


def test_the_steps_say_where_one_is_and_lead_back(wizard: Page) -> None:
    steps = wizard.get_by_role("navigation", name="Steps")
    expect(steps.locator("[aria-current=step]")).to_have_text("1Files")
    to_prompts(wizard, INVOICE)
    expect(steps.locator("[aria-current=step]")).to_have_text("2Prompts")

    steps.get_by_role("button", name="Files, done. Go back").click()

    expect(steps.locator("[aria-current=step]")).to_have_text("1Files")
    valid(wizard, 1)


def test_a_free_plan_meets_the_gate_and_no_wizard(visit: Visit) -> None:
    page = visit.sign_in("starter@ingestio.test", WIZARD)

    gate = page.get_by_role("alert").filter(has_text="Upgrade Required")
    expect(gate).to_contain_text("Batches need a paid plan")
    expect(gate.get_by_role("link", name="See billing")).to_have_attribute(
        "href", re.compile("/dashboard/billing")
    )
    expect(page.locator("input[type=file]")).to_have_count(0)

"""A tab that stays open while the server is killed under it ends as the database does.

Nobody reloads it and it has no timer that asks: what it missed it reads when its line is back.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.scripted import ENDED, Script
from tests.e2e.served import Served, build_page
from tests.e2e.test_kills import DOCUMENTS, hundred_files, in_work
from tests.e2e.work import NAMES_NO_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.timeout(400)  # a hundred documents, on a machine that may be busy
DEMO = "demo@ingestio.test"
LIMIT_S = 240
FAIL_EVERY = 10
WORDS = {"completed": "Completed", "failed": "Failed"}
# The browser's own lines for a server that is not there; ours are never expected.
LINE_IS_CUT = re.compile(r"WebSocket connection to .* failed|net::ERR_(CONNECTION|EMPTY|SOCKET)")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    build_page()
    served = Served(tmp_path / "data", env={"INGESTIO_LEASE_S": "2"})
    served.start()
    yield served
    served.stop()


@pytest.fixture
def visit(server: Served, browser: Browser) -> Iterator[Visit]:
    visiting = Visit(server, browser)
    yield visiting
    for context in visiting.contexts:
        context.close()


def in_database(server: Served, batch_id: str) -> dict[str, str]:
    """Each document's status word by its name, past every service."""
    path = server.data_dir / "ingestio.sqlite3"
    query = "SELECT original_filename, status FROM documents WHERE batch_id = ?"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute(query, (batch_id.replace("-", ""),)).fetchall()
    return {name: WORDS[status] for name, status in rows}


def on_page(page: Page) -> dict[str, str]:
    """The same as the rows show it."""
    rows = page.evaluate(
        """() => [...document.querySelectorAll("table.docs tbody tr")].map((row) => [
            row.querySelector(".nm").title, row.cells[1].innerText.trim()])"""
    )
    return {name: word for name, word in rows}  # noqa: C416  pairs of a list, from JSON


def counters(page: Page) -> dict[str, int]:
    """The six numbers above the rows."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("button.stat")].map((one) => [
            one.querySelector(".k").innerText.trim(), one.querySelector(".v").innerText.trim()])"""
    )
    return {label: int(number.replace(",", "")) for label, number in found}


def ended_on(page: Page) -> int:
    """How many documents the page says have ended."""
    found = re.search(r"(\d+) of \d+ documents ended", page.locator(".sum").inner_text())
    assert found
    return int(found[1])


def kill_after(server: Served, page: Page, ended: int) -> int:
    """Kill it once so many have ended on the page, and start it when the page has noticed."""
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    page.wait_for_function(
        """(ended) => parseInt(document.querySelector(".sum")?.innerText ?? "0") >= ended""",
        arg=ended,
        timeout=LIMIT_S * 1_000,
    )
    server.kill()
    held = in_work(server)
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    assert ended_on(page) >= ended  # what was there stays there
    server.start()
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    return held


def test_a_tab_left_open_over_two_kills_ends_as_the_database_does(
    server: Served, visit: Visit
) -> None:
    script = Script.of(server, DEMO)
    prompts = {
        str(position): NAMES_NO_FIELDS if position % FAIL_EVERY == 0 else "total, date"
        for position in range(DOCUMENTS)
    }
    code, batch = script.submit(
        hundred_files(), "per_document", name="Left open", prompts=json.dumps(prompts)
    )
    assert code == 201, batch
    page = visit.sign_in(DEMO, f"/dashboard/batches/{batch['id']}")
    page.evaluate("window.kept = 1")

    held = [kill_after(server, page, 15), kill_after(server, page, 45)]
    expect(page.get_by_text(f"{DOCUMENTS} of {DOCUMENTS} documents ended").first).to_be_visible(
        timeout=LIMIT_S * 1_000
    )

    truth = in_database(server, batch["id"])
    assert sum(held) > 0, "no kill fell into work"
    assert page.evaluate("window.kept") == 1
    assert len(truth) == DOCUMENTS
    expect(page.locator("table.docs tbody tr")).to_have_count(DOCUMENTS)
    assert on_page(page) == truth
    failed = DOCUMENTS // FAIL_EVERY
    assert counters(page) == {
        "Completed": DOCUMENTS - failed,
        "Failed": failed,
        "Cancelled": 0,
        "In work": 0,
        "Waiting for quota": 0,
        "Pending": 0,
    }
    assert script.wait(batch["id"], 5)["status"] in ENDED
    completed = [one for one in script.documents(batch["id"]) if one["status"] == "completed"]
    assert script.usage()["used_pages"] == sum(one["pages"] for one in completed)
    assert [line for line in visit.errors if not LINE_IS_CUT.search(line)] == []

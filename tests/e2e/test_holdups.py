"""What holds work up is said on every page, as it begins and as it ends, without a reload."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.scripted import Script
from tests.e2e.work import submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from tests.e2e.conftest import Visit
    from tests.e2e.served import Served

DEMO, PLUS = "demo@ingestio.test", "plus@ingestio.test"


def write(site: Served, statement: str, *values: str) -> None:
    """Past every service, beside the running server."""
    with sqlite3.connect(site.data_dir / "ingestio.sqlite3", timeout=20) as database:
        database.execute(statement, values)


@pytest.fixture
def away(site: Served) -> Iterator[None]:
    """The AI provider gives no answers, since twelve minutes, and is tried in a minute."""
    now = datetime.now(UTC).replace(tzinfo=None)
    write(
        site,
        "INSERT INTO provider_states (provider, state, reason, opened_at, next_try_at,"
        " failed_probes) VALUES ('openai', 'open', 'ai_unavailable', ?, ?, 0)",
        str(now - timedelta(minutes=12)),
        str(now + timedelta(seconds=59)),
    )
    yield
    write(site, "DELETE FROM provider_states")


def pause(admin: Page, reason: str) -> None:
    admin.get_by_role("button", name="Pause with a reason").click()
    admin.get_by_label("Reason").fill(reason)
    admin.get_by_role("button", name="Pause", exact=True).click()


def figure(admin: Page, label: str) -> Locator:
    """One of the queue's numbers."""
    return admin.locator(".stat", has=admin.get_by_text(label, exact=True)).locator(".v")


def test_a_pause_is_told_to_everybody_and_only_administrators_can_end_it(
    site: Served, visit: Visit
) -> None:
    admin = visit.sign_in(DEMO, "/admin")
    user = visit.sign_in(PLUS)
    expect(user.get_by_text("Pages left", exact=True)).to_be_visible()
    user.evaluate("window.kept = 1")
    told = user.get_by_text("Processing is paused: moving house.")

    pause(admin, "moving house")
    try:
        expect(told).to_be_visible()
        expect(user.get_by_role("link", name="Open Admin")).to_have_count(0)
        batch_id = submit(Script.of(site, PLUS), "Waits", "invoice-en.pdf")
        expect(figure(admin, "Queued")).to_have_text("1")
        other = user.context.new_page()
        other.goto(f"/dashboard/batches/{batch_id}")
        expect(other.get_by_text("Processing is paused: moving house.")).to_be_visible()
    finally:
        admin.get_by_role("button", name="Resume").click()

    expect(told).to_have_count(0)
    expect(other.locator("table tbody tr", has_text="Completed")).to_have_count(1, timeout=60_000)
    expect(figure(admin, "Queued")).to_have_text("0")
    assert user.evaluate("window.kept") == 1


def test_a_provider_that_is_away_is_told_to_whom_it_concerns_and_counts_down_by_itself(
    away: None, visit: Visit
) -> None:
    del away
    admin = visit.sign_in(DEMO, "/admin")
    notice = admin.get_by_text(re.compile(r"AI provider unavailable since \d\d:\d\d, next try in"))
    expect(notice).to_be_visible()
    expect(admin.get_by_text("AI provider away")).to_be_visible()
    asked: list[str] = []
    admin.on("websocket", lambda socket: asked.append(socket.url))
    admin.on("request", lambda request: asked.append(request.url))

    first = left_s(notice)
    admin.wait_for_timeout(2_500)

    assert 1 <= first - left_s(notice) <= 4
    assert asked == []
    idle = visit.sign_in(PLUS)
    expect(idle.get_by_text("Pages left", exact=True)).to_be_visible()
    expect(idle.get_by_text("AI provider unavailable")).to_have_count(0)


def left_s(notice: Locator) -> int:
    found = re.search(r"next try in (\d+) s", notice.inner_text())
    assert found
    return int(found[1])


def test_an_open_list_of_accounts_keeps_what_is_searched_while_others_work(
    site: Served, signed_in: Callable[..., Page]
) -> None:
    admin = signed_in(DEMO, "/admin")
    rows = admin.get_by_role("region", name="Accounts").locator("tbody tr")
    expect(rows).not_to_have_count(0)

    admin.get_by_label("Search e-mail").fill("plus@")
    submit(Script.of(site, DEMO), "Meanwhile", "invoice-en.pdf", "receipt-en.pdf")

    expect(rows).to_have_count(1)
    expect(figure(admin, "In work")).to_have_text("0")
    admin.wait_for_timeout(1_500)
    expect(rows).to_have_count(1)

"""Another port, another address: the same build (Spec 9.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.served import ROOT, Served, build_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

STAMP = ROOT / ".web" / ".built"


def test_a_second_port_needs_no_new_build(tmp_path: Path, browser: Browser) -> None:
    build_page()
    built_at = STAMP.stat().st_mtime_ns
    served = Served(tmp_path / "data")
    served.start()
    try:
        context = browser.new_context(base_url=served.url)
        page = context.new_page()
        with page.expect_websocket() as opened:
            page.goto("/login")
        assert opened.value.url.startswith(f"ws://localhost:{served.port}/_event")
        context.close()
    finally:
        served.stop()
    assert STAMP.stat().st_mtime_ns == built_at


def test_no_address_stands_in_the_built_page() -> None:
    build_page()
    scripts = list((ROOT / ".web/build/client/assets").glob("*.js"))

    assert scripts
    assert [s.name for s in scripts if "localhost:3000" in s.read_text()] == []

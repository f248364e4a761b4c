"""One build for every port: Reflex's own page runtime, changed in one place."""

from __future__ import annotations

from pathlib import Path

import pytest
import reflex_base

from ingestio.web.same_origin import RESOLVED, SameOrigin, resolve_in_browser

STATE_JS = Path(reflex_base.__file__).parent / ".templates/web/utils/state.js"


def test_the_page_resolves_endpoints_against_its_own_address() -> None:
    changed = resolve_in_browser(STATE_JS.read_text())

    assert changed.count(RESOLVED) == 1
    assert resolve_in_browser(changed) == changed


def test_another_reflex_stops_the_build() -> None:
    with pytest.raises(ValueError, match="no longer says"):
        resolve_in_browser("export const getBackendURL = () => elsewhere();")


def test_no_address_is_baked_into_the_page() -> None:
    baked = SameOrigin().update_env_json()

    assert baked["EVENT"] == "/_event"
    assert all(value.startswith("/") for value in baked.values())

"""Makes one build of the page serve any port and any public address.

Reflex bakes the server's absolute address into the bundle at build time. Here the endpoints are
baked as paths, and the page resolves them against the address it was loaded from. Leaves who may
connect to the origin list in `rxconfig.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx
from reflex.constants import Endpoint

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PreCompileContext

STATE_JS = "utils/state.js"
BAKED = "new URL(url_str);"
# While a page is prerendered there is no window; the address is not used then.
RESOLVED = 'new URL(url_str, globalThis.location?.origin ?? "http://localhost");'


class SameOrigin(rx.plugins.Plugin):
    """Endpoints as paths, resolved in the browser."""

    def update_env_json(self, **_context: object) -> dict[str, str]:
        """Paths in place of the addresses Reflex would bake."""
        return {endpoint.name: f"/{endpoint.value}" for endpoint in Endpoint}

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Have the page's runtime resolve them."""
        context["add_modify_task"](STATE_JS, resolve_in_browser)


def resolve_in_browser(state_js: str) -> str:
    """Reflex's page runtime, resolving endpoint paths against the page's own address.

    Raises:
        ValueError: this Reflex builds the address elsewhere; the build must not go on.
    """
    if RESOLVED in state_js:
        return state_js
    if state_js.count(BAKED) != 1:
        msg = f"{STATE_JS} no longer says {BAKED!r} once: look where Reflex builds the address now."
        raise ValueError(msg)
    return state_js.replace(BAKED, RESOLVED)

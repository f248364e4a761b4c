"""What every answer carries, so that a browser runs our pages and nothing else (Spec 10).

Answers with a content security policy that names each inline script of the built pages by its
hash. A route that has stricter headers of its own keeps them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

from ingestio.bootstrap import services

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES: Final = Path(".web/build/client")
INLINE: Final = re.compile(
    rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}
HTTPS_ONLY: Final = "max-age=31536000"


class Headers:
    """Adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp, pages: Path = PAGES) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, the answer's head completed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
                self._complete(headers)
            await send(message)

        await self._app(scope, receive, complete)

    @cached_property
    def _policy(self) -> str:
        """Read with the first answer: the pages are built by then."""
        return policy(inline_hashes(self._pages))

    def _complete(self, headers: MutableHeaders) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if services().settings.is_https:
            headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)


def inline_hashes(pages: Path) -> list[str]:
    """The hash of each inline script in the built pages, each once."""
    scripts = {
        script
        for page in sorted(pages.rglob("*.html"))
        for script in INLINE.findall(page.read_bytes())
    }
    hashes = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts)
    return sorted(f"'sha256-{one}'" for one in hashes)


def policy(hashes: list[str]) -> str:
    """Everything from ourselves, inline scripts by their hash, nothing evaluated."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "manifest-src 'self'",
        )
    )

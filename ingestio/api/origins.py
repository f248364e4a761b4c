"""Which pages may change things as their visitor: our own, and nobody else's (Spec 9.2, 10).

Answers for the Origin and Sec-Fetch-Site headers, and closes the websocket to foreign pages. Leaves
who the visitor is to `identity`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from ingestio.bootstrap import services
from ingestio.config import LOCAL_HOSTS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

OWN_SITES: Final = frozenset({"same-origin", "none"})
"""`same-site` is not ours: another port of this machine is the same site."""


def is_ours(origin: str | None) -> bool:
    """Whether an Origin header names our own pages; a missing one does not."""
    settings = services().settings
    if origin is None:
        return False
    if origin == settings.origin:
        return True
    return settings.is_local and origin in _local_names(settings.origin)


def _local_names(origin: str) -> set[str]:
    """What else this machine's own browser may call us."""
    url = urlsplit(origin)
    names = {f"[{host}]" if ":" in host else host for host in LOCAL_HOSTS}
    return {f"{url.scheme}://{name}:{url.port}" for name in names} if url.port else set()


def is_from_elsewhere(headers: Headers) -> bool:
    """Whether a form comes from another site; one that says nothing of it does not (Spec 9.2)."""
    origin = headers.get("origin")
    if origin is not None and not is_ours(origin):
        return True
    return headers.get("sec-fetch-site", "none") not in OWN_SITES


class OwnSocketsOnly:
    """Refuses a websocket that another site's page opens; none named is a script's, and nobody's.

    A socket without Origin carries whatever cookie it likes: the session is checked again on every
    event.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass, or answer 403 to the handshake."""
        origin = Headers(scope=scope).get("origin") if scope["type"] == "websocket" else None
        if origin is not None and not is_ours(origin):
            await _refuse(scope, receive, send)
            return
        await self.app(_by_our_name(scope) if origin else scope, receive, send)


def _by_our_name(scope: Scope) -> Scope:
    """The socket library knows one name of ours; a local one of the others is told as that."""
    told: Scope = {**scope, "headers": list(scope["headers"])}
    MutableHeaders(scope=told)["origin"] = services().settings.origin
    return told


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        await PlainTextResponse("Not from here.", 403)(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": 1008})

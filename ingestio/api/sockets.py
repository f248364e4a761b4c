"""How many websockets are open at once, and how large a message on them may be (Spec 10).

Answers 503 to the handshake of one socket too many, and hangs up on who sends too much. Leaves
whose pages may open one to `origins`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST: Final = 1_000
MESSAGE_BYTES: Final = 1_048_576
"""Text counts in characters: our own pages' largest is a hundred prompts, in parts."""
TOO_BIG: Final = 1009
AGAIN_LATER: Final = 1013


class SocketLimits:
    """Counts open websockets and looks at the size of each message."""

    def __init__(self, app: ASGIApp, *, most: int = MOST) -> None:
        self._app = app
        self._most = most
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass within the limits; everything that is no websocket anyway."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._open >= self._most:
            await _turn_away(scope, receive, send)
            return
        self._open += 1
        try:
            await self._app(scope, _bounded(receive, send), send)
        finally:
            self._open -= 1


def _bounded(receive: Receive, send: Send) -> Receive:
    async def bounded() -> Message:
        message = await receive()
        said = message.get("text") or message.get("bytes") or ""
        if message["type"] == "websocket.receive" and len(said) > MESSAGE_BYTES:
            await send({"type": "websocket.close", "code": TOO_BIG})
            return {"type": "websocket.disconnect", "code": TOO_BIG}
        return message

    return bounded


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        await PlainTextResponse("Too many pages are open.", 503)(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.close", "code": AGAIN_LATER})

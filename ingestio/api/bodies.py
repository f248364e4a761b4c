"""How large a body may be: asked only after it is known who sends it (Spec 9.1).

The framework's own cap answers before any route does, so that a stranger would learn of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import HTTPException

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.types import Message

JSON_BYTES: Final = 8_388_608
"""A hundred prompts of 10,000 characters fit in."""


def bound(request: Request, max_bytes: int) -> None:
    """Let a request's body never be more than `max_bytes`, declared or counted.

    Raises:
        HTTPException: 413.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > max_bytes:
        raise HTTPException(413)
    read_bytes, taken = 0, request.receive

    async def receive() -> Message:
        nonlocal read_bytes
        message = await taken()
        read_bytes += len(message.get("body", b""))
        if read_bytes > max_bytes:
            raise HTTPException(413)
        return message

    # In its place: another request over the same body would not know how far it was read.
    request._receive = receive  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

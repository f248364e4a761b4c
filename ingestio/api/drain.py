"""Reads a refused body to its end, and keeps nothing of it.

A plain client sends all of it before it looks for the answer; hung up on in the middle, it reports
a broken pipe instead of the reason. Not done for strangers.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from fastapi import Request

DRAIN_BYTES: Final = 67_108_864
DRAIN_S: Final = 5.0


async def drain(request: Request) -> None:
    """Take and drop what still comes, within reason."""
    left_bytes = DRAIN_BYTES
    # RuntimeError: read to its end already.
    with suppress(ClientDisconnect, TimeoutError, RuntimeError):
        async with asyncio.timeout(DRAIN_S):
            async for chunk in request.stream():
                left_bytes -= len(chunk)
                if left_bytes <= 0:
                    return

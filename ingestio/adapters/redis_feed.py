"""The feed across processes: ports.StatusFeed over Redis pub/sub.

Publishing goes through Redis; one listener a process hands what it hears to that process's pages.
Pub/sub keeps nothing for absentees, so every (re)connect makes all pages read again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING
from uuid import UUID

import redis
import redis.asyncio
import structlog

from ingestio.adapters.live_hub import LiveHub, Subscription

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractContextManager

log = structlog.get_logger(__name__)
CHANNEL = "ingestio:changed"
RETRY_S = 1.0


class RedisFeed:
    """A LiveHub that hears of every process's changes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hub = LiveHub()
        self._client = redis.Redis.from_url(url, socket_timeout=2)  # pyright: ignore[reportUnknownMemberType]
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Bind to the running loop and listen."""
        self._hub.start()
        self._listener = asyncio.get_running_loop().create_task(self._listen())

    def stop(self) -> None:
        """Stop listening."""
        if self._listener:
            self._listener.cancel()
        self._hub.stop()

    @property
    def open_pages(self) -> int:
        """How many pages of this process listen."""
        return self._hub.open_pages

    def publish(self, owner_id: UUID | None, batch_id: UUID | None) -> None:
        """From any thread, after commit. Redis away: this process's own pages still hear."""
        message = json.dumps([str(one) if one else None for one in (owner_id, batch_id)])
        try:
            self._client.publish(CHANNEL, message)  # pyright: ignore[reportUnknownMemberType]
        except redis.RedisError as error:
            log.warning("feed_away", error=repr(error))
            self._hub.publish(owner_id, batch_id)

    def subscribe(self, owner_id: UUID | None) -> AbstractContextManager[Subscription]:
        """Listen while the context lasts."""
        return self._hub.subscribe(owner_id)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(redis.RedisError, OSError):
                await self._listen_once()
            log.warning("feed_lost")
            await asyncio.sleep(RETRY_S)

    async def _listen_once(self) -> None:
        url = self._url
        async with redis.asyncio.Redis.from_url(url, health_check_interval=15) as client:  # pyright: ignore[reportUnknownMemberType]
            pubsub = client.pubsub()  # pyright: ignore[reportUnknownMemberType]
            await pubsub.subscribe(CHANNEL)  # pyright: ignore[reportUnknownMemberType]
            self._hub.resync()
            messages: AsyncIterator[dict[str, str]] = pubsub.listen()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            async for message in messages:
                if message["type"] == "message":
                    owner, batch = (
                        UUID(one) if one else None for one in json.loads(message["data"])
                    )
                    self._hub.deliver(owner, batch)

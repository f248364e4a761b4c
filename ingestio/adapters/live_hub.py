"""Tells every open page of this process that something of its owner's changed.

ports.StatusFeed without a broker. Bursts are merged: a page hears at most `1 / MIN_INTERVAL_S`
times a second, and always of the last change.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from uuid import UUID

MIN_INTERVAL_S = 0.15


class Subscription:
    """One page's end. Lives on the event loop; only its thread touches it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._marked: set[UUID | None] = set()
        self._last_at_s = 0.0

    def mark(self, batch_id: UUID | None) -> None:
        """Note a change and wake the page."""
        self._marked.add(batch_id)
        self._event.set()

    async def changed(self) -> frozenset[UUID | None]:
        """The next changes: at once when idle, merged when they come thick."""
        loop = asyncio.get_running_loop()
        await self._event.wait()
        await asyncio.sleep(max(0.0, self._last_at_s + MIN_INTERVAL_S - loop.time()))
        # Cleared before the caller reads, so that a change during the read wakes it again.
        self._event.clear()
        marked, self._marked = frozenset(self._marked), set()
        self._last_at_s = loop.time()
        return marked


class LiveHub:
    """The feed of one process."""

    def __init__(self) -> None:
        self._pages: dict[UUID | None, set[Subscription]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Bind to the running loop."""
        self._loop = asyncio.get_running_loop()

    def stop(self) -> None:
        """Let go of the loop; later publishes are dropped."""
        self._loop = None

    @property
    def open_pages(self) -> int:
        """How many pages listen."""
        return sum(len(pages) for pages in self._pages.values())

    def publish(self, owner_id: UUID | None, batch_id: UUID | None) -> None:
        """From any thread, after commit."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.deliver, owner_id, batch_id)

    def deliver(self, owner_id: UUID | None, batch_id: UUID | None) -> None:
        """Mark the owner's pages, and who listens to everybody; on the loop's thread."""
        if owner_id is None:
            self.resync()
            return
        for page in (*self._pages.get(owner_id, ()), *self._pages.get(None, ())):
            page.mark(batch_id)

    def resync(self) -> None:
        """Every page reads again: the feed was away, or what changed is everybody's."""
        for pages in self._pages.values():
            for page in pages:
                page.mark(None)

    @contextmanager
    def subscribe(self, owner_id: UUID | None) -> Generator[Subscription]:
        """Listen while the context lasts."""
        page = Subscription()
        self._pages[owner_id].add(page)
        try:
            yield page
        finally:
            self._pages[owner_id].discard(page)
            if not self._pages[owner_id]:
                del self._pages[owner_id]

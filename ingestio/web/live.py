"""Keeps a page true while it is open: one background follower a page, no timers that ask.

The follower subscribes to the owner's feed, then reads, shows, and waits for the next change. It is
a child of the page's `on_load` chain: Reflex cancels it on disconnect and navigation and runs it
again on reconnect, so subscriptions always equal live pages (pinned by a browser test).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import structlog

from ingestio.bootstrap import services
from ingestio.errors import IngestioError, NotFound, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.domain.accounts import Actor
    from ingestio.ports import FeedSubscription
    from ingestio.web.session import SessionState

log = structlog.get_logger(__name__)
T = TypeVar("T")
OUTDATED = "outdated"
"""What `show` answers where what was read is not what is wanted now: it is read again at once."""
LATER = "later"
"""What `show` answers where something could not be read: it is read again after a while."""
RETRY_S = 1.0
LONGEST_WAIT_S = 30.0


class Often(NamedTuple):
    """How far apart two readings are, where everybody's changes are followed.

    At most, since some figures move without a change: the last hour goes on, a processor hangs.
    """

    at_least_s: float
    at_most_s: float


async def follow(
    page: SessionState,
    read: Callable[[Actor], Awaitable[T]],
    show: Callable[[T], Awaitable[None] | str | None],
    *,
    only: UUID | None = None,
    everybodys: Often | None = None,
    missing: Callable[[], None] | None = None,
    stale: Callable[[bool], None] | None = None,
) -> None:
    """Show what `read` gives now, and again after each change of the owner's.

    `read` runs outside the state's lock, `show` inside it, and may answer OUTDATED or LATER. `only`
    narrows the changes to one batch (or draft); `everybodys` widens them to all owners', for an
    administrator. `missing` is called where the thing is not there or not the actor's; the follower
    then ends. `stale` hears True when a read failed and False when one worked again.
    """
    failures = 0
    while True:
        try:
            async with page:
                actor = await page._actor()  # noqa: SLF001  the page's own, asked under its lock
            heard = None if everybodys else actor.user_id
            with services().feed.subscribe(heard) as feed:
                while True:
                    result = await read(actor)
                    async with page:
                        shown = await _shown(show, result)
                        if failures and stale:
                            stale(False)  # noqa: FBT003
                    failures = failures + 1 if shown == LATER else 0
                    if shown == LATER:
                        await asyncio.sleep(_patience_s(failures))
                    elif shown != OUTDATED:
                        await _wait_for(feed, only, everybodys)
                    async with page:
                        actor = await page._actor()  # noqa: SLF001
        except NotSignedIn:
            # The page's guard leads to sign-in and back; a second word would undo it.
            return
        except NotFound:
            async with page:
                if missing:
                    missing()
            return
        except Exception as error:  # noqa: BLE001
            # A dead follower is a page that lies: say so, and try again, ever more patiently.
            failures += 1
            await _say_stale(page, error, stale)
            await asyncio.sleep(_patience_s(failures))


def _patience_s(failures: int) -> float:
    """How long to leave it alone after so many failures in a row."""
    return min(LONGEST_WAIT_S, RETRY_S * 2 ** min(failures - 1, 5))


async def _shown(show: Callable[[T], Awaitable[None] | str | None], result: T) -> str | None:
    said = show(result)
    return await said if isinstance(said, Awaitable) else said


async def _wait_for(feed: FeedSubscription, only: UUID | None, often: Often | None) -> None:
    if often is None:
        await _changed(feed, only)
        return
    await asyncio.sleep(often.at_least_s)
    with suppress(TimeoutError):
        await asyncio.wait_for(_changed(feed, only), often.at_most_s - often.at_least_s)


async def _changed(feed: FeedSubscription, only: UUID | None) -> None:
    while True:
        changed = await feed.changed()
        if only is None or only in changed or None in changed:
            return


async def _say_stale(
    page: SessionState, error: Exception, stale: Callable[[bool], None] | None
) -> None:
    if isinstance(error, IngestioError):
        log.warning("live_read_failed", code=error.code)
    else:
        log.error("live_read_failed", exc_info=error)
    async with page:
        if stale:
            stale(True)  # noqa: FBT003

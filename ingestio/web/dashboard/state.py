"""The dashboard's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.batches import BatchQuery, BatchStatus
from ingestio.web import format as fmt
from ingestio.web import live
from ingestio.web.dashboard import views
from ingestio.web.dashboard.views import Attention, InWork
from ingestio.web.results import ResultView, result_view
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from datetime import datetime

    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchRow
    from ingestio.domain.documents import DocumentRow

SHOWN = 5
LOOKED_AT = 50


class Overview(NamedTuple):
    """All that the page shows, read in one go."""

    moving: list[BatchRow]
    waiting: list[BatchRow]
    failed: list[BatchRow]
    completed: list[DocumentRow]
    total: int
    now: datetime


def read_overview(actor: Actor) -> Overview:
    """What moves, waits and failed, and what nobody has judged yet."""

    def latest(*statuses: BatchStatus) -> list[BatchRow]:
        lists = (services().batches.list(actor, BatchQuery(status=one)) for one in statuses)
        return [batch for page in lists for batch in page.items]

    return Overview(
        moving=latest(BatchStatus.PROCESSING, BatchStatus.QUEUED),
        waiting=latest(BatchStatus.WAITING_FOR_QUOTA),
        failed=latest(BatchStatus.FAILED, BatchStatus.PARTIALLY_COMPLETED),
        completed=services().review.queue(actor, LOOKED_AT),
        total=sum(services().batches.tallies(actor).values()),
        now=services().clock.now(),
    )


class DashboardState(SessionState):
    """What the page shows."""

    is_loaded: bool = False
    is_stale: bool = False
    is_new: bool = False
    today: str = ""
    attention: list[Attention] = []  # noqa: RUF012  Reflex copies a state's defaults
    in_work: list[InWork] = []  # noqa: RUF012  as above
    in_work_count: int = 0
    results: list[ResultView] = []  # noqa: RUF012  as above

    @rx.event(background=True)
    async def follow(self):
        """Keep it true."""

        async def read(actor: Actor) -> Overview:
            return await call(read_overview, actor)

        await live.follow(self, read, self._show, stale=self._show_stale)

    @rx.event
    async def refresh(self):
        """Try again now."""
        self._show(await call(read_overview, await self._actor()))

    def _show(self, overview: Overview) -> None:
        moving = [*overview.moving, *overview.waiting]
        lines = views.attention(overview.waiting, overview.failed[:SHOWN], overview.completed)
        assign(
            self,
            is_loaded=True,
            is_stale=False,
            is_new=overview.total == 0,
            today=f"{overview.now:%A}, {fmt.day(overview.now)}",
            attention=lines,
            in_work=[views.in_work(batch) for batch in moving[:SHOWN]],
            in_work_count=len(moving),
            results=[result_view(one) for one in overview.completed[:SHOWN]],
        )

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

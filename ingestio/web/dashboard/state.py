"""The dashboard's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.batches import BatchQuery, BatchStatus
from ingestio.web import format as fmt
from ingestio.web import live
from ingestio.web.dashboard import views
from ingestio.web.dashboard.views import Attention, InWork, Need
from ingestio.web.results import ResultView, result_view
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchRow
    from ingestio.domain.documents import DocumentRow

SHOWN = 5
"""Lines of a card at most; the counts above them are of everything there is."""
MOVING = (BatchStatus.PROCESSING, BatchStatus.QUEUED, BatchStatus.WAITING_FOR_QUOTA)
FAILED = (BatchStatus.FAILED, BatchStatus.PARTIALLY_COMPLETED)


class Overview(NamedTuple):
    """All that the page shows, read in one go."""

    moving: list[BatchRow]
    need: Need
    completed: list[DocumentRow]
    tallies: Mapping[BatchStatus, int]
    now: datetime


def read_overview(actor: Actor) -> Overview:
    """What moves, waits and failed, and what nobody has judged yet."""

    def latest(*statuses: BatchStatus) -> list[BatchRow]:
        lists = (services().batches.list(actor, BatchQuery(status=one)) for one in statuses)
        return [batch for page in lists for batch in page.items][:SHOWN]

    tallies = services().batches.tallies(actor)
    completed = services().review.queue(actor, SHOWN)
    need = Need(
        waiting=latest(BatchStatus.WAITING_FOR_QUOTA),
        pages_waiting=services().batches.pages_waiting(actor),
        failed=latest(*FAILED),
        to_check=services().review.to_check(actor),
        next_id=next((one.id for one in completed if one.values_to_check), None),
        batches_waiting=tallies.get(BatchStatus.WAITING_FOR_QUOTA, 0),
        batches_failed=sum(tallies.get(status, 0) for status in FAILED),
    )
    return Overview(latest(*MOVING), need, completed, tallies, services().clock.now())


class DashboardState(SessionState):
    """What the page shows."""

    is_loaded: bool = False
    is_stale: bool = False
    is_new: bool = False
    today: str = ""
    attention_count: str = ""
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
        lines = views.attention(overview.need)
        assign(
            self,
            is_loaded=True,
            is_stale=False,
            is_new=not overview.tallies,
            today=f"{overview.now:%A}, {fmt.day(overview.now)}",
            attention=lines,
            attention_count=f"{overview.need.things:,}",
            in_work=[views.in_work(batch) for batch in overview.moving],
            in_work_count=sum(overview.tallies.get(status, 0) for status in MOVING),
            results=[result_view(one) for one in overview.completed],
        )

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

"""The list's state. What is wanted stands in the address alone; a change of it is a navigation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.batches import BatchQuery
from ingestio.web import live
from ingestio.web.batches import views
from ingestio.web.batches.query import address, is_filtered, query_of, sorted_by
from ingestio.web.batches.views import Tab
from ingestio.web.ids import steps_of
from ingestio.web.session import SessionState
from ingestio.web.slots import Slots, assign, show_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchRow, BatchStatus
    from ingestio.domain.pages import Page

LOADING, ROWS, FIRST_TIME, NONE_FOUND = "loading", "rows", "first", "none"


class Listed(NamedTuple):
    """All that the list shows, read in one go."""

    query: BatchQuery
    batches: Page[BatchRow]
    tallies: Mapping[BatchStatus, int]


def read_list(query: BatchQuery, actor: Actor) -> Listed:
    """The page of the list that is wanted, or its last one where it has become shorter."""
    batches = services().batches.list(actor, query)
    last = views.pages_of(batches.total, query.page_size)
    if query.page > last:
        query = replace(query, page=last)
        batches = services().batches.list(actor, query)
    return Listed(query, batches, services().batches.tallies(actor))


class BatchesState(Slots, SessionState):
    """What the list shows."""

    view: str = LOADING
    is_stale: bool = False
    q: str = ""
    q_revision: int = 0
    sort: str = BatchQuery().sort
    size: str = str(BatchQuery().page_size)
    tabs: list[Tab] = []  # noqa: RUF012  Reflex copies a state's defaults
    in_work: str = ""
    told: str = ""
    place: str = ""
    has_previous: bool = False
    has_next: bool = False
    criteria: str = ""

    def _query(self) -> BatchQuery:
        return query_of(self.router.url.query_parameters)

    @rx.event(background=True)
    async def follow(self):
        """Keep the list true."""
        async with self:
            query = self._query()
            self._show_query(query)

        async def read(actor: Actor) -> Listed:
            return await call(partial(read_list, query), actor)

        await live.follow(self, read, self._show, stale=self._show_stale)

    @rx.event
    async def refresh(self):
        """Try again now."""
        self._show(await call(read_list, self._query(), await self._actor()))

    def _show_query(self, query: BatchQuery) -> None:
        assign(self, sort=query.sort, size=str(query.page_size), criteria=views.criteria(query))
        if self.q != query.q:  # changed by a link or by Back, not by typing
            self.q, self.q_revision = query.q, self.q_revision + 1

    def _show(self, listed: Listed) -> None:
        query, batches = listed.query, listed.batches
        last = views.pages_of(batches.total, query.page_size)
        show_rows(self, [views.batch_view(row) for row in batches.items])
        assign(
            self,
            view=_view_of(listed),
            is_stale=False,
            tabs=views.tabs(query, listed.tallies),
            in_work=views.in_work(listed.tallies),
            told=views.told(query, batches.total),
            place=f"{query.page:,} / {last:,}",
            has_previous=query.page > 1,
            has_next=query.page < last,
        )

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

    @rx.event
    async def search(self, text: str):
        """Batches whose name contains this; the page has waited for the typing to rest."""
        await self._actor()
        self.q = str(text)
        return rx.redirect(
            address(query_of({**self.router.url.query_parameters, "q": text, "page": "1"})),
            replace=True,
        )

    @rx.event
    async def sort_by(self, column: str):
        """Sort by a column; the other way round where it was already."""
        await self._actor()
        return rx.redirect(address(sorted_by(self._query(), str(column))))

    @rx.event
    async def choose_size(self, size: str):
        """So many batches a page."""
        await self._actor()
        changed = {**self.router.url.query_parameters, "size": size, "page": "1"}
        return rx.redirect(address(query_of(changed)))

    @rx.event
    async def turn(self, pages: int):
        """So many pages on, or back."""
        await self._actor()
        query = self._query()
        return rx.redirect(address(replace(query, page=max(1, query.page + steps_of(pages)))))


def _view_of(listed: Listed) -> str:
    if listed.batches.total:
        return ROWS
    return NONE_FOUND if is_filtered(listed.query) else FIRST_TIME

"""The page's state: the batch above, a page of its documents below, kept true by one follower."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.batches import BatchId
from ingestio.web import live
from ingestio.web.batch import documents, views
from ingestio.web.batch.views import Head, Progress
from ingestio.web.ids import steps_of, uuid_of, uuid_or_none
from ingestio.web.session import SessionState
from ingestio.web.slots import SLOTS, Slots, assign, show_rows

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchDetail
    from ingestio.domain.usage import PageBalance

LOADING, SHOWN, MISSING = "loading", "shown", "missing"
UNTITLED = "Batch · IngestIO"
# Empty until they are read; what is shown before that is a skeleton.
NO_HEAD: Head = {}  # pyright: ignore[reportAssignmentType]
NO_PROGRESS: Progress = {}  # pyright: ignore[reportAssignmentType]


class Watched(NamedTuple):
    """All that the page shows, read in one go."""

    detail: BatchDetail
    balance: PageBalance | None
    account_lacks: int
    now: datetime


def read_batch(batch_id: UUID, actor: Actor) -> Watched:
    """The batch, its documents, and what is left where something waits for pages.

    Raises:
        NotFound: missing, or somebody else's.
    """
    detail = services().batches.detail(actor, batch_id)
    waits = detail.batch.counts.waiting
    usage = services().usage
    balance = usage.balance(actor) if waits else None
    lacks = usage.missing_pages(actor) if waits else 0
    return Watched(detail, balance, lacks, services().clock.now())


class BatchState(Slots, SessionState):
    """What the page shows."""

    view: str = LOADING
    title: str = UNTITLED
    head: Head = NO_HEAD
    progress: Progress = NO_PROGRESS
    is_stale: bool = False
    counter: str = documents.ALL
    sort: str = ""
    page: int = 1
    pages: int = 1
    told: str = ""
    is_prompt_open: bool = False

    def _id(self) -> str:
        """The id in the address, whatever it is."""
        return str(self.router.url.path).rstrip("/").rpartition("/")[2]

    @rx.event(background=True)
    async def follow(self):
        """Keep the batch true."""
        async with self:
            batch_id = uuid_or_none(self._id())
            self._arrive(batch_id)
        if batch_id is None:
            return

        async def read(actor: Actor) -> Watched:
            return await call(partial(read_batch, BatchId(batch_id)), actor)

        await live.follow(
            self,
            read,
            self._show,
            only=batch_id,
            missing=self._show_missing,
            stale=self._show_stale,
        )

    def _arrive(self, batch_id: UUID | None) -> None:
        """A page for another batch begins empty."""
        if batch_id is None:
            self._show_missing()
        elif self.head.get("id") != str(batch_id):
            self._clear(LOADING)

    def _clear(self, view: str) -> None:
        show_rows(self, [])
        assign(self, view=view, title=UNTITLED, is_stale=False)
        assign(self, head=NO_HEAD, progress=NO_PROGRESS)
        assign(self, counter=documents.ALL, sort="", page=1, is_prompt_open=False)

    def _show(self, watched: Watched) -> None:
        detail, balance, lacks = watched.detail, watched.balance, watched.account_lacks
        found = documents.chosen(detail.documents, self.counter, self.sort)
        pages = max(1, -(-len(found) // SLOTS))
        page = min(max(1, self.page), pages)
        visible = found[(page - 1) * SLOTS : page * SLOTS]
        left = balance.left_pages if balance else 0
        show_rows(self, [documents.document_view(one, detail.batch, left) for one in visible])
        assign(self, view=SHOWN, is_stale=False, title=views.page_title(detail.batch))
        assign(self, head=views.head(detail.batch))
        assign(self, progress=views.progress(detail, balance, watched.now, lacks))
        assign(self, page=page, pages=pages, told=_told(len(visible), len(found)))

    def _show_missing(self) -> None:
        self._clear(MISSING)
        self.title = "Not found · IngestIO"

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

    @rx.event
    async def refresh(self):
        """Read it again now."""
        self._show(await call(read_batch, uuid_of(self._id()), await self._actor()))

    @rx.event
    async def filter_by(self, counter: str):
        """Only the documents of one counter; the same one again shows all."""
        watched = await call(read_batch, uuid_of(self._id()), await self._actor())
        known = counter in views.COUNTER_OF.values() and counter != self.counter
        self.counter, self.page = counter if known else documents.ALL, 1
        self._show(watched)

    @rx.event
    async def sort_by(self, column: str):
        """Sort the documents by a column; the other way round where they were already."""
        watched = await call(read_batch, uuid_of(self._id()), await self._actor())
        column = str(column)
        if column in documents.SORTS:
            self.sort = f"-{column}" if self.sort == column else column
        self._show(watched)

    @rx.event
    async def turn(self, pages: int):
        """So many pages of documents on, or back."""
        watched = await call(read_batch, uuid_of(self._id()), await self._actor())
        self.page = self.page + steps_of(pages)
        self._show(watched)

    @rx.event
    async def toggle_prompt(self):
        """Show more of the prompt, or less."""
        await self._actor()
        self.is_prompt_open = not self.is_prompt_open


def _told(visible: int, found: int) -> str:
    return f"{visible:,} of {found:,} documents" if found > SLOTS else ""

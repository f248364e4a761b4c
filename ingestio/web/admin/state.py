"""The administrators' state. Every call asks the service, which knows administrators only."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.oversight import ACCOUNT_SORTS
from ingestio.web import live
from ingestio.web.admin import views
from ingestio.web.admin.views import AccountView, FailureView, HealthView
from ingestio.web.ids import steps_of
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.oversight import AccountRow, QueueHealth
    from ingestio.domain.pages import Page

LOADING, SHOWN, MISSING = "loading", "shown", "missing"
NO_HEALTH: HealthView = {}  # pyright: ignore[reportAssignmentType]  empty until it is read
MAX_Q_CHARS = 100
OFTEN = live.Often(at_least_s=1.0, at_most_s=10.0)
"""With 100,000 documents the figures cost a quarter of a second."""


class Wanted(NamedTuple):
    """Which accounts are shown."""

    q: str = ""
    sort: str = "email"
    page: int = 1


class House(NamedTuple):
    """All that the page shows, read in one go."""

    wanted: Wanted
    accounts: Page[AccountRow]
    health: QueueHealth


def read_house(wanted: Wanted, actor: Actor) -> House:
    """Accounts and queue.

    Raises:
        NotFound: the actor is no administrator.
    """
    accounts = services().admin.accounts(actor, wanted.q, wanted.sort, wanted.page)
    return House(wanted, accounts, services().admin.queue(actor))


class AdminState(SessionState):
    """What the page shows."""

    view: str = LOADING
    is_stale: bool = False
    health: HealthView = NO_HEALTH
    failures: list[FailureView] = []  # noqa: RUF012  Reflex copies a state's defaults
    rows: list[AccountView] = []  # noqa: RUF012  as above
    q: str = ""
    sort: str = "email"
    page: int = 1
    pages: int = 1
    told: str = ""

    def _wanted(self) -> Wanted:
        return Wanted(self.q, self.sort, self.page)

    @rx.event(background=True)
    async def follow(self):
        """Keep it true, whoever's work changes it."""

        async def read(actor: Actor) -> House:
            return await call(partial(read_house, self._wanted()), actor)

        await live.follow(
            self,
            read,
            self._show_live,
            everybodys=OFTEN,
            missing=self._show_missing,
            stale=self._show_stale,
        )

    @rx.event
    async def refresh(self):
        """Read it again."""
        self._show(await call(read_house, self._wanted(), await self._actor()))

    @rx.event
    async def search(self, text: str):
        """Accounts whose address holds this."""
        wanted = Wanted(str(text)[:MAX_Q_CHARS], self.sort)
        self._show(await call(read_house, wanted, await self._actor()))

    @rx.event
    async def sort_by(self, column: str):
        """Sort by a column; the other way round where it was already."""
        known = str(column) if str(column) in ACCOUNT_SORTS else "email"
        wanted = Wanted(self.q, f"-{known}" if self.sort == known else known)
        self._show(await call(read_house, wanted, await self._actor()))

    @rx.event
    async def turn(self, pages: int):
        """So many pages on, or back."""
        wanted = Wanted(self.q, self.sort, max(1, self.page + steps_of(pages)))
        self._show(await call(read_house, wanted, await self._actor()))

    @rx.event
    async def resume(self):
        """Let the processor go on."""
        actor = await self._actor()
        await call(services().admin.resume, actor)
        self._show(await call(read_house, self._wanted(), actor))

    def _show_live(self, house: House) -> str | None:
        """In place: nothing is sorted anew under the pointer, and no search is overwritten."""
        if house.wanted != self._wanted():
            return live.OUTDATED
        shown = [row["id"] for row in self.rows]
        items = views.in_order(house.accounts.items, shown)
        self._show(house._replace(accounts=replace(house.accounts, items=items)))
        return None

    def _show(self, house: House) -> None:
        accounts, wanted = house.accounts, house.wanted
        first = (accounts.page - 1) * accounts.page_size
        assign(
            self,
            view=SHOWN,
            is_stale=False,
            health=views.health_view(house.health),
            failures=views.failure_views(house.health),
            rows=[views.account_view(row) for row in accounts.items],
            q=wanted.q,
            sort=wanted.sort,
            page=accounts.page,
            pages=max(1, -(-accounts.total // accounts.page_size)),
            told=f"{first + 1:,} to {first + len(accounts.items):,} of {accounts.total:,}"
            if accounts.items
            else "No account has this in its address.",
        )

    def _show_missing(self) -> None:
        assign(self, view=MISSING, rows=[], failures=[], health=NO_HEALTH)

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

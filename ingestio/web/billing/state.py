"""Billing's state: plan, balance, days, and one page of the ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import live
from ingestio.web.billing import views
from ingestio.web.billing.views import BalanceView
from ingestio.web.components.charts import DayBar
from ingestio.web.ids import steps_of
from ingestio.web.ledger import LINES, EntryView, entry_view
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import PageBalance, UsageEntry

NOTHING: BalanceView = {}  # pyright: ignore[reportAssignmentType]  empty until it is read


class Account(NamedTuple):
    """All that the page shows, read in one go; `asked` for this page of the ledger."""

    asked: int
    right: Entitlement
    balance: PageBalance
    missing_pages: int
    by_day: Mapping[date, tuple[int, int]]
    lines: list[UsageEntry]
    total: int
    page: int
    has_payments: bool


def read_account(page: int, actor: Actor) -> Account:
    """Plan, pages and a page of the ledger, or its last one where there is no such page.

    Raises:
        PaymentsUnavailable: the plan is known nowhere.
    """
    of, asked = services(), page
    right, balance = of.billing.entitlement(actor), of.usage.balance(actor)
    lines, total = of.usage.ledger(actor, page, LINES)
    if page > (last := max(1, -(-total // LINES))):
        page = last
        lines, total = of.usage.ledger(actor, page, LINES)
    by_day = of.usage.by_day(actor, balance.period_start)
    missing = of.usage.missing_pages(actor)
    return Account(
        asked, right, balance, missing, by_day, lines, total, page, of.settings.has_stripe
    )


class BillingState(SessionState):
    """What the page shows."""

    is_loaded: bool = False
    is_stale: bool = False
    has_payments: bool = True
    plan: str = ""
    balance: BalanceView = NOTHING
    missing: str = ""
    days: list[DayBar] = []  # noqa: RUF012  Reflex copies a state's defaults
    top: str = ""
    days_words: str = ""
    lines: list[EntryView] = []  # noqa: RUF012  as above
    told: str = ""
    page: int = 1
    pages: int = 1

    @rx.event(background=True)
    async def follow(self):
        """Keep it true."""

        async def read(actor: Actor) -> Account:
            return await call(partial(read_account, self.page), actor)

        await live.follow(self, read, self._show_live, stale=self._show_stale)

    @rx.event
    async def refresh(self):
        """Try again now."""
        self._show(await call(read_account, self.page, await self._actor()))

    @rx.event
    async def turn(self, pages: int):
        """So many pages of the ledger on, or back."""
        page = max(1, self.page + steps_of(pages))
        self._show(await call(read_account, page, await self._actor()))

    def _show_live(self, account: Account) -> str | None:
        """Unless the ledger was turned to another page meanwhile."""
        if account.asked != self.page:
            return live.OUTDATED
        self._show(account)
        return None

    def _show(self, account: Account) -> None:
        bars, top, words = views.day_bars(account.by_day, account.balance)
        first = (account.page - 1) * LINES
        assign(
            self,
            is_loaded=True,
            is_stale=False,
            has_payments=account.has_payments,
            plan=account.right.plan.label,
            balance=views.balance_view(account.right, account.balance),
            missing=views.missing(account.missing_pages),
            days=bars,
            top=top,
            days_words=words,
            lines=[entry_view(line) for line in account.lines],
            told=f"{first + 1:,} to {first + len(account.lines):,} of {account.total:,}",
            page=account.page,
            pages=max(1, -(-account.total // LINES)),
        )

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

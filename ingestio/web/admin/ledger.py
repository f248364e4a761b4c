"""One account's ledger, below the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.accounts import MAX_EMAIL_CHARS
from ingestio.web.components import tables
from ingestio.web.ids import steps_of, uuid_of
from ingestio.web.ledger import LINES, EntryView, entry_view, ledger_table
from ingestio.web.session import SessionState

if TYPE_CHECKING:
    from ingestio.domain.usage import UsageEntry


class LedgerState(SessionState):
    """Whose ledger is shown, and which page of it."""

    account_id: str = ""
    email: str = ""
    lines: list[EntryView] = []  # noqa: RUF012  Reflex copies a state's defaults
    page: int = 1
    pages: int = 1
    told: str = ""

    @rx.event
    async def choose(self, account_id: str, email: str):
        """Show an account's ledger from its latest line on."""
        found = await call(
            services().admin.ledger, await self._actor(), uuid_of(account_id), 1, LINES
        )
        self.account_id, self.email = str(account_id), str(email)[:MAX_EMAIL_CHARS]
        self._show(found, 1)

    @rx.event
    async def turn(self, pages: int):
        """So many pages on, or back."""
        page = min(max(1, self.page + steps_of(pages)), self.pages)
        account_id = uuid_of(self.account_id)
        found = await call(services().admin.ledger, await self._actor(), account_id, page, LINES)
        self._show(found, page)

    @rx.event
    async def close(self):
        """Show none."""
        await self._actor()
        self.account_id, self.lines = "", []

    def _show(self, found: tuple[list[UsageEntry], int], page: int) -> None:
        entries, total = found
        first = (page - 1) * LINES
        self.lines = [entry_view(entry) for entry in entries]
        self.page, self.pages = page, max(1, -(-total // LINES))
        self.told = (
            f"{first + 1:,} to {first + len(entries):,} of {total:,}" if entries else "No lines yet"
        )


def account_ledger() -> rx.Component:
    """The ledger that was asked for, if one was."""
    return rx.cond(
        LedgerState.account_id != "",
        rx.el.section(
            rx.el.div(
                rx.el.h2("Ledger of ", LedgerState.email, class_name="brk"),
                rx.el.button(
                    rx.icon("x", size=16, aria_hidden="true"),
                    type="button",
                    class_name="ib end",
                    aria_label="Close the ledger",
                    on_click=LedgerState.close,
                ),
                class_name="ch",
            ),
            ledger_table(LedgerState.lines, is_loaded=True),
            tables.pager(
                told=LedgerState.told,
                place=f"{LedgerState.page} / {LedgerState.pages}",
                has_previous=LedgerState.page > 1,
                has_next=LedgerState.page < LedgerState.pages,
                on_turn=LedgerState.turn,
            ),
            class_name="card mt5",
            aria_label="Ledger",
        ),
    )

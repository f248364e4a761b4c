"""Pages: the balance, the ledger, the quote; and a period's row when it is first needed.

Answers what a user has left and will use. Leaves moving pages to the processor's transactions,
plans and subscriptions to billing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.db import balances, ledger
from ingestio.db.engine import SYSTEM
from ingestio.domain.usage import PageBalance, UsageEntry, quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import Quote
    from ingestio.ports import Clock
    from ingestio.services.billing import Billing


@dataclass(frozen=True, slots=True)
class Usage:
    """The page balance of each user's present period."""

    database: Database
    billing: Billing
    clock: Clock

    def balance(self, actor: Actor) -> PageBalance:
        """What the actor has left in this period.

        Raises:
            PaymentsUnavailable: the plan is known nowhere.
        """
        return self.balance_of(actor.user_id)

    def balance_of(self, user_id: UUID) -> PageBalance:
        """The same for the processor and the administrator.

        The row is made on first need, and follows the plan where that changed.

        Raises:
            PaymentsUnavailable
        """
        right = self.billing.entitlement_of(user_id)
        with self.database.read(SYSTEM) as session:
            found = balances.current(session, user_id, self.clock.now())
        if found and (found.period_start, found.period_end) == (
            right.period_start,
            right.period_end,
        ):
            return self._follow_plan(user_id, right, found)
        return self._open(user_id, right)

    def missing_pages(self, actor: Actor) -> int:
        """Pages that the actor lacks for everything that waits to go on; 0 where nothing does.

        A batch says the same of itself alone (`BatchDetail.missing_pages`).

        Raises:
            PaymentsUnavailable: the plan is known nowhere.
        """
        with self.database.read(actor.user_id) as session:
            waiting = balances.pages_waiting(session, actor.user_id)
        return max(0, waiting - self.balance(actor).left_pages) if waiting else 0

    def open_period(self, user_id: UUID) -> PageBalance:
        """Make the present period's row, or bring its limit up to date after a grant.

        Raises:
            PaymentsUnavailable
        """
        return self._open(user_id, self.billing.entitlement_of(user_id))

    def ledger(self, actor: Actor, page: int, page_size: int) -> tuple[list[UsageEntry], int]:
        """The lines of a page (from 1), newest first, and how many lines there are."""
        with self.database.read(actor.user_id) as session:
            return balances.lines(session, actor.user_id, page, page_size)

    def by_day(self, actor: Actor, since: datetime) -> dict[date, tuple[int, int]]:
        """Pages settled and held by day (UTC), from a moment on."""
        with self.database.read(actor.user_id) as session:
            return balances.by_day(session, actor.user_id, since)

    def quote(self, actor: Actor, document_pages: Sequence[int]) -> Quote:
        """What documents of so many pages will use, and what of them has to wait (Spec 4.1)."""
        return quote(document_pages, self.balance(actor).left_pages)

    def _follow_plan(self, user_id: UUID, right: Entitlement, found: PageBalance) -> PageBalance:
        with self.database.read(SYSTEM) as session:
            granted = ledger.granted(session, user_id, found.period_start)
        if found.limit_pages == right.plan.pages_per_month + granted:
            return found
        return self._open(user_id, right)

    def _open(self, user_id: UUID, right: Entitlement) -> PageBalance:
        now, pages = self.clock.now(), right.plan.pages_per_month

        def work(session: Session) -> PageBalance:
            ledger.open_period(
                session, user_id, right.period_start, right.period_end, pages, now=now
            )
            opened = balances.current(session, user_id, now)
            # A period that is over has nothing left to give.
            return opened or PageBalance(right.period_start, right.period_end, 0, 0, 0)

        return self.database.write(SYSTEM, work)

"""What administrators may do: see accounts and the queue, pause it, give pages (Spec 4.5).

To everybody else none of it exists. Every act leaves a line in the audit, in its transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ingestio.db import accounts, balances, mails, operations, pause, queue
from ingestio.db.engine import SYSTEM
from ingestio.domain.accounts import clean_email
from ingestio.domain.oversight import ACCOUNT_SORTS, MAX_GRANT_PAGES, QueueHealth
from ingestio.domain.pages import Page
from ingestio.errors import Invalid, NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor
    from ingestio.domain.oversight import AccountRow, AuditRow
    from ingestio.domain.usage import UsageEntry
    from ingestio.ports import Clock
    from ingestio.services.billing import Billing
    from ingestio.services.processor import Processor
    from ingestio.services.providers import Providers

PAGE_SIZE: Final = 50
MAX_REASON_CHARS: Final = 500
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Admin:
    """Accounts and the queue, for administrators."""

    database: Database
    billing: Billing
    processor: Processor
    clock: Clock
    providers: Providers | None = None

    def accounts(
        self, actor: Actor, q: str = "", sort: str = "email", page: int = 1
    ) -> Page[AccountRow]:
        """Accounts whose address holds `q`; an unknown sort is by address.

        Raises:
            NotFound: the actor is no administrator.
        """
        _admin(actor)
        by = sort if sort.removeprefix("-") in ACCOUNT_SORTS else "email"
        number = max(1, page)
        with self.database.read(SYSTEM) as session:
            found, total = operations.accounts(
                session, q=q, sort=by, page=number, page_size=PAGE_SIZE, now=self.clock.now()
            )
        return Page(tuple(found), total, number, PAGE_SIZE)

    def ledger(
        self, actor: Actor, user_id: UUID, page: int, page_size: int
    ) -> tuple[list[UsageEntry], int]:
        """One account's ledger, newest first, and how many lines it has.

        Raises:
            NotFound
        """
        _admin(actor)
        with self.database.read(SYSTEM) as session:
            return balances.lines(session, user_id, page, page_size)

    def audit(self, actor: Actor, limit: int = 100) -> list[AuditRow]:
        """The latest acts.

        Raises:
            NotFound
        """
        _admin(actor)
        with self.database.read(SYSTEM) as session:
            return operations.audited(session, limit)

    def queue(self, actor: Actor) -> QueueHealth:
        """How the queue is doing: the one source of these figures for every door.

        Raises:
            NotFound
        """
        _admin(actor)
        now, outage = self.clock.now(), self.providers.status() if self.providers else None
        watch = self.processor.pulse.watch()
        with self.database.snapshot(SYSTEM) as session:
            return QueueHealth(
                at=now,
                counts=queue.counts(session, now),
                finished_last_hour=queue.finished_since(session, now - _HOUR),
                failures=queue.failed_since(session, now - _DAY),
                pause=pause.read(session),
                outage=outage,
                watch=watch,
                mails=mails.health(session, now - _DAY),
            )

    def pause(self, actor: Actor, reason: str) -> None:
        """Stop claiming; everybody sees why. What is in work ends.

        Raises:
            NotFound
            Invalid: without a reason.
        """
        _admin(actor)
        self.processor.pause(actor, _reason(reason))

    def resume(self, actor: Actor) -> None:
        """Go on claiming.

        Raises:
            NotFound
        """
        _admin(actor)
        self.processor.resume(actor)

    def grant_pages(self, actor: Actor, email: str, pages: int, reason: str) -> None:
        """Give pages for the user's present period; what waited for them goes on by itself.

        Raises:
            NotFound: no administrator, or no such account.
            Invalid: no reason, or not a number of pages that can be given.
            PaymentsUnavailable: which period it is can't be said.
        """
        _admin(actor)
        why = _reason(reason)
        if not 1 <= pages <= MAX_GRANT_PAGES:
            raise Invalid(f"Give 1 to {MAX_GRANT_PAGES:,} pages.")
        with self.database.read(SYSTEM) as session:
            account = accounts.by_email(session, clean_email(email) or "")
        if account is None:
            raise NotFound("No account has this address.")
        right, now = self.billing.entitlement_of(account.id), self.clock.now()
        self.database.write(
            SYSTEM,
            lambda session: operations.grant(
                session,
                user_id=account.id,
                right=right,
                pages=pages,
                reason=why,
                by=actor.user_id,
                now=now,
            ),
        )
        self.processor.go_on(account.id)


def _admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise NotFound


def _reason(text: str) -> str:
    reason = text.strip()[:MAX_REASON_CHARS]
    if not reason:
        raise Invalid("Say why: it is shown and kept.")
    return reason

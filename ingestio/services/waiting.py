"""Who may go on: limits that moved hold for what is queued, and what waits for pages goes on.

Answers with a look at each user's plan, which may wait for the payment side. Leaves when, and in
which thread, to the processor; moves to `documents`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.db import documents
from ingestio.db.engine import SYSTEM
from ingestio.domain.usage import fitting
from ingestio.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.ports import Clock, StatusFeed
    from ingestio.services.usage import Usage

log = structlog.get_logger(__name__)
LOOK_EVERY: Final = timedelta(seconds=10)
"""At the plan of who has something queued: 200 looks cost half a second of processor time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Over all users; each one's failure is their own."""

    database: Database
    usage: Usage
    feed: StatusFeed
    clock: Clock
    looked_at: dict[UUID, datetime] = field(default_factory=dict)

    def resumed(self, is_stopped: Callable[[], bool]) -> Iterator[UUID]:
        """Users of whom documents go on: their pages are there after an upgrade or in a month."""
        with self.database.read(SYSTEM) as session:
            users = documents.users_waiting(session)
        for user_id in users:
            if is_stopped():
                return
            try:
                resumed = self.resume(user_id)
            except Unavailable as error:
                log.warning("balance_unknown", user_id=str(user_id), error=error.message)
                continue
            if resumed:
                yield user_id

    def resume(self, user_id: UUID) -> int:
        """A user's documents go on, oldest first, as far as pages are left; how many.

        Raises:
            PaymentsUnavailable
        """
        left_pages = self.usage.balance_of(user_id).left_pages
        with self.database.read(SYSTEM) as session:
            waiting = documents.waiting_of(session, user_id)
            spoken_for = documents.pages_uploaded(session, user_id)
        fit = fitting([one.pages for one in waiting], left_pages - spoken_for)
        by_batch: dict[UUID | None, list[UUID]] = {}
        for at in fit:
            by_batch.setdefault(waiting[at].batch_id, []).append(waiting[at].id)
        return sum(self._resume_in(user_id, *one) for one in by_batch.items())

    def follow_plans(self, is_stopped: Callable[[], bool]) -> None:
        """A limit that moved holds for what is queued, also where nobody looks at the balance."""
        with self.database.read(SYSTEM) as session:
            users = documents.users_queued(session)
        for gone in self.looked_at.keys() - set(users):
            del self.looked_at[gone]
        for user_id in users:
            if is_stopped():
                return
            if self._is_due(user_id):
                self._follow_plan(user_id)

    def _is_due(self, user_id: UUID) -> bool:
        """Whether to look now; who asks, looks."""
        now = self.clock.now()
        looked_at = self.looked_at.get(user_id)
        if looked_at and abs(now - looked_at) < LOOK_EVERY:
            return False
        self.looked_at[user_id] = now
        return True

    def _follow_plan(self, user_id: UUID) -> None:
        try:
            self.usage.balance_of(user_id)
        except Unavailable as error:
            log.warning("balance_unknown", user_id=str(user_id), error=error.message)

    def _resume_in(self, user_id: UUID, batch_id: UUID | None, ids: list[UUID]) -> int:
        now = self.clock.now()

        def work(session: Session) -> int:
            return documents.resume(session, user_id, batch_id, ids, now)

        resumed = self.database.write_relaxed(SYSTEM, work)
        if resumed:
            self.feed.publish(user_id, batch_id)
        return resumed

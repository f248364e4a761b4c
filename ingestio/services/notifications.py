"""Telling people that their batch has ended: in the app, and by mail where that is configured.

Answers once for each batch and round (Spec 6.7), from the outbox that the last document's
transaction wrote. Leaves when to look to the processor's sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from ingestio.db import notifications
from ingestio.db.engine import SYSTEM
from ingestio.db.notifications import NotificationRow
from ingestio.domain.batches import BatchStatus
from ingestio.errors import Unavailable

if TYPE_CHECKING:
    from ingestio.db.engine import Database, Session
    from ingestio.db.notifications import Line
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import Counts
    from ingestio.ports import Clock, Mailer, StatusFeed

__all__ = ["NotificationRow", "Notifications"]
log = structlog.get_logger(__name__)
_AT_ONCE = 50
_SHOWN = 50
_ENDED_AS = {
    BatchStatus.COMPLETED: "is completed",
    BatchStatus.PARTIALLY_COMPLETED: "is partly completed",
    BatchStatus.FAILED: "failed",
    BatchStatus.CANCELLED: "was cancelled",
}


@dataclass(frozen=True, slots=True)
class Notifications:
    """The bell and the mails. `mailer` None: no mails; `origin` begins the links in them."""

    database: Database
    feed: StatusFeed
    clock: Clock
    mailer: Mailer | None
    origin: str

    def unread(self, actor: Actor) -> list[NotificationRow]:
        """What the actor has not read, newest first."""
        with self.database.read(actor.user_id) as session:
            return notifications.unread(session, actor.user_id, _SHOWN)

    def mark_read(self, actor: Actor) -> None:
        """The actor has looked."""
        self.database.write(
            actor.user_id,
            lambda session: notifications.mark_read(session, actor.user_id, self.clock.now()),
        )

    def deliver(self) -> int:
        """Tell what the outbox holds; how many lines were told."""
        with self.database.read(SYSTEM) as session:
            lines = notifications.untold(session, _AT_ONCE)
        return sum(
            self._mail(line) if line.kind == notifications.MAIL else self._ring(line)
            for line in lines
        )

    def _ring(self, line: Line) -> bool:
        now = self.clock.now()

        def work(session: Session) -> bool:
            if not notifications.mark_told(session, line, now):
                return False
            notifications.add(
                session, line, now, title=_title(line), body=_body(line.counts), href=_href(line)
            )
            if self.mailer is not None:
                notifications.queue_mail(session, line, now)
            return True

        is_told = self.database.write_relaxed(SYSTEM, work)
        if is_told:
            self.feed.publish(line.user_id, line.batch_id)
        return is_told

    def _mail(self, line: Line) -> bool:
        """Marked before it is sent: a crash in between loses a mail, never sends it twice."""
        now = self.clock.now()
        if self.mailer is None or not self.database.write(
            SYSTEM, lambda session: notifications.mark_told(session, line, now)
        ):
            return False
        try:
            text = f"{_body(line.counts)}\n\n{self.origin}{_href(line)}\n"
            self.mailer.send(line.email, _title(line), text)
        except Unavailable as error:
            log.warning("mail_not_sent", batch_id=str(line.batch_id), error=error.message)
            self.database.write(SYSTEM, lambda session: notifications.mark_untold(session, line))
            return False
        return True


def _title(line: Line) -> str:
    name = line.name or f"Batch {str(line.batch_id)[:8]}"
    return f"{name} {_ENDED_AS.get(line.status, 'has ended')}"


def _body(counts: Counts) -> str:
    parts = [
        (counts.completed, "completed"),
        (counts.failed, "failed"),
        (counts.cancelled, "cancelled"),
    ]
    said = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    noun = "document" if counts.total == 1 else "documents"
    return f"{counts.total:,} {noun}: {said or 'none left'}."


def _href(line: Line) -> str:
    return f"/dashboard/batches/{line.batch_id}"

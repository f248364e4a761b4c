"""Telling people that their batch has ended: in the app, and by mail where that is configured.

Answers once for each batch and round (Spec 6.7), from the outbox that the last document's
transaction wrote. A bell is exactly that: its line is marked where it is written. A mail leaves the
house, and is sent at least once: it is claimed with a lease, sent under a name that is the same
every time, and marked after. Leaves when to look to the processor's sweep and to the postman.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from ingestio import failpoints
from ingestio.db import mails, notifications
from ingestio.db.engine import SYSTEM
from ingestio.db.notifications import NotificationRow
from ingestio.domain.batches import BatchStatus
from ingestio.domain.mails import LEASE, wait_after
from ingestio.errors import IngestioError, Refused
from ingestio.ports import Mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.db.engine import Database, Session
    from ingestio.db.mails import DueMail
    from ingestio.db.notifications import Line
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import Counts
    from ingestio.domain.mails import MailHealth
    from ingestio.ports import Clock, Mailer, StatusFeed

__all__ = ["NotificationRow", "Notifications"]
log = structlog.get_logger(__name__)
_AT_ONCE: Final = 50
_SHOWN: Final = 50
_MAX_ERROR_CHARS: Final = 500
_DAY: Final = timedelta(days=1)
_ENDED_AS: Final = {
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

    def ring(self) -> int:
        """Tell in the app what the outbox holds; how many lines were told."""
        told = 0
        while True:
            with self.database.read(SYSTEM) as session:
                lines = notifications.untold(session, _AT_ONCE)
            rung = sum(self._ring(line) for line in lines)
            told += rung
            if not rung or len(lines) < _AT_ONCE:
                return told

    def send_mails(self, is_over: Callable[[], bool] = bool) -> int:
        """Send the mails that are due, one after the other, until it is over; how many went out."""
        if self.mailer is None:
            return 0
        sent = 0
        while not is_over() and (mail := self._claim_mail()):
            sent += self._send(self.mailer, mail)
        return sent

    def mail_health(self) -> MailHealth:
        """How the mails are doing; those given up in the last day."""
        with self.database.snapshot(SYSTEM) as session:
            return mails.health(session, self.clock.now() - _DAY)

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

    def _claim_mail(self) -> DueMail | None:
        now = self.clock.now()
        with self.database.read(SYSTEM) as session:
            if not mails.is_due(session, now):
                return None
        # Durable: a power cut that forgot it would let the next process send it at once again.
        return self.database.write(SYSTEM, lambda session: mails.claim(session, now, LEASE))

    def _send(self, mailer: Mailer, mail: DueMail) -> bool:
        try:
            mailer.send(self._written(mail))
        except Refused as error:
            self._give_up(mail, error)
            return False
        except Exception as error:  # noqa: BLE001  whatever it is, it is about this mail alone
            self._try_again(mail, error)
            return False
        failpoints.hit(failpoints.MAIL_SENT)
        now = self.clock.now()
        self.database.write(SYSTEM, lambda session: mails.mark_sent(session, mail, now))
        return True

    def _written(self, mail: DueMail) -> Mail:
        text = f"{mail.body}\n\n{self.origin}{mail.href}\n"
        return Mail(mail.email, mail.title, text, f"batch-{mail.batch_id}-{mail.round}")

    def _try_again(self, mail: DueMail, error: Exception) -> None:
        wait = wait_after(mail.tries)
        if wait is None:
            self._give_up(mail, error)
            return
        said, until = _said(error), self.clock.now() + wait
        log.warning("mail_not_sent", batch_id=str(mail.batch_id), tries=mail.tries, error=said)
        self.database.write(SYSTEM, lambda session: mails.postpone(session, mail, until, said))

    def _give_up(self, mail: DueMail, error: Exception) -> None:
        said, now = _said(error), self.clock.now()
        log.error("mail_given_up", batch_id=str(mail.batch_id), tries=mail.tries, error=said)
        self.database.write(SYSTEM, lambda session: mails.give_up(session, mail, now, said))


def _said(error: Exception) -> str:
    said = error.message if isinstance(error, IngestioError) else f"{type(error).__name__}: {error}"
    return said[:_MAX_ERROR_CHARS]


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

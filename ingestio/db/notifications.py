"""The outbox and the bell: what ended batches have to tell, and what users have not read.

Answers the outbox's lines and marks each told once (the processor's half), and a user's
notifications, by `owner_id`. Leaves wording to the service, mails to `mails`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert, select, update

from ingestio.db import mails, rollups, tables
from ingestio.db.claims import rows

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.domain.batches import BatchStatus, Counts

_outbox = tables.table_of(tables.OutboxMessage)
_notifications = tables.table_of(tables.Notification)
_batches = tables.table_of(tables.Batch)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the outbox that nobody has been told of: a batch's round has ended."""

    batch_id: UUID
    round: int
    user_id: UUID
    name: str | None
    status: BatchStatus
    counts: Counts


def untold(session: Session, limit: int) -> list[Line]:
    """The oldest ends that stand in nobody's bell yet."""
    query = (
        select(
            *(_outbox.c.batch_id, _outbox.c.round, _outbox.c.user_id),
            *(_batches.c.name, _batches.c.status),
            *(_batches.c.document_count, _batches.c.completed_count, _batches.c.failed_count),
            *(_batches.c.cancelled_count, _batches.c.waiting_count, _batches.c.in_work_count),
        )
        .join(_batches, _batches.c.id == _outbox.c.batch_id)
        .where(
            _outbox.c.kind == rollups.BATCH_ENDED,
            _outbox.c.sent_at.is_(None),
            _outbox.c.given_up_at.is_(None),  # never so, but the index of what waits asks for it
        )
        .order_by(_outbox.c.created_at, _outbox.c.batch_id)
        .limit(limit)
    )
    return [
        Line(row.batch_id, row.round, row.user_id, row.name, row.status, rollups.counts_of(row))
        for row in session.connection().execute(query)
    ]


def mark_told(session: Session, line: Line, now: datetime) -> bool:
    """Whether it was us who told it: the other processor may have been faster."""
    query = (
        update(_outbox)
        .where(
            _outbox.c.batch_id == line.batch_id,
            _outbox.c.round == line.round,
            _outbox.c.kind == rollups.BATCH_ENDED,
            _outbox.c.sent_at.is_(None),
        )
        .values(sent_at=now)
    )
    return rows(session.connection().execute(query)) == 1


def queue_mail(session: Session, line: Line, now: datetime) -> None:
    """A mail of the same, to be sent after this transaction."""
    session.connection().execute(
        insert(_outbox).values(
            batch_id=line.batch_id,
            round=line.round,
            kind=mails.MAIL,
            user_id=line.user_id,
            created_at=now,
            next_attempt_at=now,
        )
    )


def add(session: Session, line: Line, now: datetime, *, title: str, body: str, href: str) -> None:
    """A line in the bell's menu of who owns the batch."""
    session.connection().execute(
        insert(_notifications).values(
            id=uuid4(),
            user_id=line.user_id,
            batch_id=line.batch_id,
            round=line.round,
            title=title,
            body=body,
            href=href,
            created_at=now,
        )
    )


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification as it is shown."""

    id: UUID
    title: str
    body: str
    href: str | None
    at: datetime


def unread(session: Session, owner_id: UUID, limit: int) -> list[NotificationRow]:
    """What the owner has not read, newest first."""
    query = (
        select(
            _notifications.c.id,
            _notifications.c.title,
            _notifications.c.body,
            _notifications.c.href,
            _notifications.c.created_at,
        )
        .where(_notifications.c.user_id == owner_id, _notifications.c.read_at.is_(None))
        .order_by(_notifications.c.created_at.desc(), _notifications.c.id)
        .limit(limit)
    )
    return [NotificationRow(*row) for row in session.connection().execute(query)]


def mark_read(session: Session, owner_id: UUID, now: datetime) -> None:
    """The owner has read all of them."""
    session.connection().execute(
        update(_notifications)
        .where(_notifications.c.user_id == owner_id, _notifications.c.read_at.is_(None))
        .values(read_at=now)
    )

"""What may not be left once the faults stop: anything open, held, untold or waiting in vain."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from ingestio.db import balances
from ingestio.db.rollups import BATCH_ENDED
from ingestio.db.tables import Document, Notification, OutboxMessage, UsageEntry
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingestio.domain.accounts import Actor

OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING)


def unfinished(session: Session, users: Sequence[Actor], now: datetime) -> list[str]:
    """In words what is left; empty where everything came to its end."""
    counts = {
        "documents open": col(Document.status).in_(OPEN),
        "holds left": col(UsageEntry.state) == UsageState.HELD,
        "notifications untold": col(OutboxMessage.sent_at).is_(None),
    }
    found = [
        f"at rest: {number} {what}"
        for what, condition in counts.items()
        if (number := session.exec(select(func.count()).where(condition)).one())
    ]
    return found + [line for user in users if (line := _stuck(session, user, now))]


def mistold(session: Session, references: Sequence[str], doubts: int) -> list[str]:
    """Rounds of batches whose owner was not told of their end: once in the app, and by mail.

    A mail can't be sent exactly once where its sender may die over it: one more for each time that
    one died, or was not heard, while it delivered (`doubts`). None is ever missing.
    """
    ends = session.exec(select(OutboxMessage).where(col(OutboxMessage.kind) == BATCH_ENDED)).all()
    bells = Counter(session.exec(select(col(Notification.batch_id))).all())
    rounds = Counter(line.batch_id for line in ends)
    sent = Counter(references)
    told = [sent[f"batch-{line.batch_id}-{line.round}"] for line in ends]
    found = {
        "batches without a bell for each round": sum(bells[b] != n for b, n in rounds.items()),
        "rounds without a mail": sum(number == 0 for number in told),
        f"mails too many, with {doubts} doubts": max(0, sum(sent.values()) - len(sent) - doubts),
    }
    return [f"at rest: {number} {what}" for what, number in found.items() if number]


def _stuck(session: Session, user: Actor, now: datetime) -> str | None:
    """A user whose documents wait for pages although the pages are there."""
    balance = balances.current(session, user.user_id, now)
    query = select(col(Document.page_count)).where(
        col(Document.user_id) == user.user_id,
        col(Document.status) == DocumentStatus.WAITING_FOR_QUOTA,
    )
    waiting = session.exec(query).all()
    if not waiting or balance is None or min(waiting) > balance.left_pages:
        return None
    return f"at rest: {user.email} waits for {min(waiting)} of {balance.left_pages} pages"

"""What may not be left once the faults stop: anything open, held, untold or waiting in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from ingestio.db import balances
from ingestio.db.tables import Document, OutboxMessage, UsageEntry
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

"""What may not be left once the faults stop: anything open, held, untold or waiting in vain."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, col, func, select

from ingestio.db import balances
from ingestio.db.rollups import BATCH_ENDED
from ingestio.db.tables import Document, Notification, OutboxMessage, UsageEntry
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from ingestio.domain.accounts import Actor

_BATCH = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
_is_end = col(OutboxMessage.kind) == BATCH_ENDED
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


def mistold(session: Session, mailed: Sequence[str], doubts: int) -> list[str]:
    """Batches whose owner did not get one notification and one mail for each round's end.

    A mail can't be sent exactly once where the sender may die over it: as often as one died or lost
    an answer while it delivered (`doubts`), a mail may be missing or be there twice.
    """
    lines = _count_by_batch(session, col(OutboxMessage.batch_id), _is_end)
    bells = _count_by_batch(session, col(Notification.batch_id))
    mails = Counter(UUID(_BATCH.findall(text)[-1]) for text in mailed)
    silent = [
        f"at rest: {bells[one]} notifications for {lines[one]} ends of {one}"
        for one in lines
        if bells[one] != lines[one]
    ]
    wrong = {one: mails[one] - lines[one] for one in lines if mails[one] != lines[one]}
    if sum(abs(number) for number in wrong.values()) > doubts:
        silent.append(f"at rest: mails too many or too few, with {doubts} doubts: {wrong}")
    return silent


def _count_by_batch(
    session: Session, batch_id: ColumnElement[UUID], *which: ColumnElement[bool]
) -> Counter[UUID]:
    query = select(batch_id, func.count()).where(batch_id.is_not(None), *which).group_by(batch_id)
    return Counter(dict(session.exec(query).all()))


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

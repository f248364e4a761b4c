"""Whether the processor is paused: one row. On the processor's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from ingestio.db.tables import AuditEvent, ProcessorState
from ingestio.domain.batches import Pause

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session


def read(session: Session) -> Pause:
    """Whether it is paused, why, since when."""
    row = session.exec(select(ProcessorState)).first()
    return Pause(row.is_paused, row.reason, row.at) if row else Pause(is_paused=False)


def write(
    session: Session, *, is_paused: bool, reason: str | None, by_user_id: UUID, now: datetime
) -> None:
    """Set it, and say so in the audit."""
    row = session.get(ProcessorState, 1) or ProcessorState()
    row.is_paused, row.reason = is_paused, reason
    row.by_user_id, row.at = by_user_id, now
    session.add(row)
    action = "processor_paused" if is_paused else "processor_resumed"
    session.add(AuditEvent(at=now, actor_id=by_user_id, action=action, after=reason))

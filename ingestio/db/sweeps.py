"""What the upkeep asks over all users: transfers, old drafts, keys that somebody owns.

Runs for the system, never for an actor: no function here takes an owner, and none changes a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from ingestio.db.staged_files import IN_TRANSFER, StoredFile
from ingestio.db.tables import Batch, Document, StagedFile
from ingestio.domain.batches import BatchStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session


def in_transfer(session: Session) -> list[StoredFile]:
    """Every user's files that have not come through: what a start looks after."""
    rows = session.scalars(select(StagedFile).where(col(StagedFile.status).in_(IN_TRANSFER)))
    return [StoredFile.of(row) for row in rows]


def untouched_since(session: Session, before: datetime) -> list[tuple[UUID, UUID]]:
    """Every user's drafts that nobody changed for long: owner and draft."""
    query = select(col(Batch.user_id), col(Batch.id)).where(
        col(Batch.status) == BatchStatus.PENDING_UPLOAD, col(Batch.updated_at) < before
    )
    return [(row[0], row[1]) for row in session.exec(query)]


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these storage keys some staged file or document owns."""
    staged = select(col(StagedFile.storage_key)).where(col(StagedFile.storage_key).in_(keys))
    stored = select(col(Document.storage_key)).where(col(Document.storage_key).in_(keys))
    return {*session.scalars(staged), *session.scalars(stored)}

"""The files staged for a draft.

Answers what has been staged and moves a file on, each step only from the one before it. Leaves the
bytes to the storage and the draft itself to `drafts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from ingestio.db.tables import StagedFile
from ingestio.domain import drafts
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.transfers import Occupied

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.sql.dml import Delete, Update
    from sqlmodel import Session

    from ingestio.domain.documents import MediaType

IN_TRANSFER = (StagedStatus.RECEIVING, StagedStatus.INSPECTING)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A staged file as intake works on it: with its key and its owner."""

    id: UUID
    owner_id: UUID
    draft_id: UUID
    filename: str
    size_bytes: int
    status: StagedStatus
    storage_key: str
    sha256: str | None
    updated_at: datetime

    @classmethod
    def of(cls, row: StagedFile) -> StoredFile:
        """The row's values, without the row."""
        return cls(
            row.id,
            row.user_id,
            row.batch_id,
            row.filename,
            row.size_bytes,
            row.status,
            row.storage_key,
            row.sha256,
            row.updated_at,
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an inspection found of a file that may stay."""

    media_type: MediaType
    pages: int
    sha256: str
    size_bytes: int


def occupied(session: Session, owner_id: UUID, draft_id: UUID) -> Occupied:
    """How full the draft is, and how much the user has staged in all."""
    in_transfer = col(StagedFile.status).in_(IN_TRANSFER)
    counts = in_transfer | (col(StagedFile.status) == StagedStatus.COMPLETE)
    row = session.exec(
        select(
            func.count().filter(counts, col(StagedFile.batch_id) == draft_id),
            func.count().filter(in_transfer),
            func.coalesce(func.sum(StagedFile.size_bytes).filter(counts), 0),
        ).where(col(StagedFile.user_id) == owner_id)
    ).one()
    return Occupied(row[0], row[1], int(row[2]))


def add(
    session: Session,
    owner_id: UUID,
    draft_id: UUID,
    *,
    file_id: UUID,
    filename: str,
    size_bytes: int,
    storage_key: str,
    now: datetime,
) -> None:
    """Put a file that begins to arrive at the draft's end."""
    last = session.scalar(
        select(func.max(StagedFile.position)).where(
            col(StagedFile.batch_id) == draft_id, col(StagedFile.user_id) == owner_id
        )
    )
    session.add(
        StagedFile(
            id=file_id,
            user_id=owner_id,
            batch_id=draft_id,
            position=0 if last is None else last + 1,
            filename=filename,
            size_bytes=size_bytes,
            storage_key=storage_key,
            created_at=now,
            updated_at=now,
        )
    )


def find(session: Session, owner_id: UUID, file_id: UUID) -> StoredFile | None:
    """One staged file of a draft."""
    row = session.scalar(select(StagedFile).where(*is_own(owner_id, file_id)))
    return StoredFile.of(row) if row else None


def of_draft(session: Session, owner_id: UUID, draft_id: UUID) -> list[StoredFile]:
    """A draft's files in order, refused ones too."""
    query = select(StagedFile).where(
        col(StagedFile.user_id) == owner_id, col(StagedFile.batch_id) == draft_id
    )
    return [StoredFile.of(row) for row in session.scalars(query.order_by(col(StagedFile.position)))]


def start_inspection(session: Session, owner_id: UUID, file_id: UUID, now: datetime) -> bool:
    """All bytes are here; False where somebody did this already, or the file is gone."""
    return _moved(
        session,
        update(StagedFile)
        .where(*is_own(owner_id, file_id), col(StagedFile.status) == StagedStatus.RECEIVING)
        .values(status=StagedStatus.INSPECTING, updated_at=now),
    )


def accept(session: Session, owner_id: UUID, file_id: UUID, what: Accepted, now: datetime) -> bool:
    """The file is valid; False where it is no longer being inspected."""
    return _moved(
        session,
        update(StagedFile)
        .where(*is_own(owner_id, file_id), col(StagedFile.status) == StagedStatus.INSPECTING)
        .values(
            status=StagedStatus.COMPLETE,
            media_type=what.media_type,
            pages=what.pages,
            sha256=what.sha256,
            size_bytes=what.size_bytes,
            updated_at=now,
        ),
    )


def refuse(
    session: Session,
    owner_id: UUID,
    file_id: UUID,
    *,
    code: str,
    message: str,
    now: datetime,
    what: Accepted | None = None,
) -> bool:
    """The file stays listed in red with its reason; False where it is not in transfer.

    `what` is kept of a duplicate, which may become valid later.
    """
    values: dict[str, Any] = {"status": StagedStatus.ERROR, "updated_at": now}
    values |= {"error_code": code, "error_message": message}
    if what:
        values |= {"media_type": what.media_type, "pages": what.pages, "sha256": what.sha256}
    return _moved(
        session,
        update(StagedFile)
        .where(*is_own(owner_id, file_id), col(StagedFile.status).in_(IN_TRANSFER))
        .values(**values),
    )


def remove(session: Session, owner_id: UUID, file_id: UUID) -> bool:
    """Delete one row."""
    return _moved(session, delete(StagedFile).where(*is_own(owner_id, file_id)))


def expire(session: Session, owner_id: UUID, file_id: UUID) -> bool:
    """Delete a row whose file never arrived whole; False where it did meanwhile."""
    is_arriving = col(StagedFile.status) == StagedStatus.RECEIVING
    return _moved(session, delete(StagedFile).where(*is_own(owner_id, file_id), is_arriving))


def shown(session: Session, owner_id: UUID, draft_id: UUID) -> list[drafts.StagedFile]:
    """A draft's files in order, as the wizard and the API show them."""
    query = select(StagedFile).where(
        col(StagedFile.user_id) == owner_id, col(StagedFile.batch_id) == draft_id
    )
    return [_as_shown(row) for row in session.scalars(query.order_by(col(StagedFile.position)))]


def is_own(owner_id: UUID, file_id: UUID) -> tuple[Any, ...]:
    """The condition that names one file of one owner."""
    return (col(StagedFile.id) == file_id, col(StagedFile.user_id) == owner_id)


def _moved(session: Session, statement: Update | Delete) -> bool:
    """Run it; whether exactly one row was changed."""
    return session.exec(statement).rowcount == 1


def _as_shown(row: StagedFile) -> drafts.StagedFile:
    return drafts.StagedFile(
        id=row.id,
        filename=row.filename,
        size_bytes=row.size_bytes,
        received_bytes=0 if row.status is StagedStatus.RECEIVING else row.size_bytes,
        status=row.status,
        media_type=row.media_type,
        pages=row.pages,
        prompt=row.extraction_prompt,
        error_code=row.error_code,
        error_message=row.error_message,
    )

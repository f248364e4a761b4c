"""The same content twice: in a draft, or in an earlier batch.

Answers who has a file's twin, and lets a refused duplicate in after all. Leaves the comparison by
sha-256 to whoever inspected the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlmodel import col, select

from ingestio.db.staged_files import StoredFile, is_own
from ingestio.db.tables import Document, StagedFile
from ingestio.domain.drafts import StagedStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

_ADMITTED: dict[str, Any] = {
    "status": StagedStatus.COMPLETE,
    "error_code": None,
    "error_message": None,
}


def twin(
    session: Session, owner_id: UUID, draft_id: UUID, file_id: UUID, sha256: str
) -> StoredFile | None:
    """Another valid file of the draft with the same content."""
    row = session.scalar(
        select(StagedFile)
        .where(
            col(StagedFile.user_id) == owner_id,
            col(StagedFile.batch_id) == draft_id,
            col(StagedFile.id) != file_id,
            col(StagedFile.sha256) == sha256,
            col(StagedFile.status) == StagedStatus.COMPLETE,
        )
        .limit(1)
    )
    return StoredFile.of(row) if row else None


def duplicate_of(
    session: Session, owner_id: UUID, draft_id: UUID, sha256: str
) -> StoredFile | None:
    """The first file that was refused for having this content already."""
    row = session.scalar(
        select(StagedFile)
        .where(
            col(StagedFile.user_id) == owner_id,
            col(StagedFile.batch_id) == draft_id,
            col(StagedFile.sha256) == sha256,
            col(StagedFile.error_code) == "duplicate",
        )
        .order_by(col(StagedFile.position))
        .limit(1)
    )
    return StoredFile.of(row) if row else None


def take_key(session: Session, owner_id: UUID, file_id: UUID, storage_key: str) -> bool:
    """Give a refused duplicate the key under which its bytes will lie; False where it is none.

    Written before the bytes, so that no sweep takes them for an orphan; and each attempt has a key
    of its own, so that one that fails takes nothing away from one that does not.
    """
    return _changed(session, owner_id, file_id, storage_key=storage_key)


def keep_twice(
    session: Session,
    owner_id: UUID,
    file_id: UUID,
    *,
    storage_key: str,
    size_bytes: int,
    now: datetime,
) -> bool:
    """A refused duplicate becomes valid: the user insists. Only with the key taken last."""
    holds_key = col(StagedFile.storage_key) == storage_key
    values = _ADMITTED | {"is_kept_twice": True, "size_bytes": size_bytes, "updated_at": now}
    return _changed(session, owner_id, file_id, holds_key, **values)


def inherit(
    session: Session, owner_id: UUID, file_id: UUID, kept: StoredFile, now: datetime
) -> bool:
    """A refused duplicate takes the place and the bytes of the one that was kept."""
    bytes_of_it = {"storage_key": kept.storage_key, "size_bytes": kept.size_bytes}
    return _changed(session, owner_id, file_id, **_ADMITTED, **bytes_of_it, updated_at=now)


def earlier_batches(
    session: Session, owner_id: UUID, hashes: Iterable[str], since: datetime
) -> dict[str, UUID]:
    """The newest batch that holds each content, of those created since."""
    query = (
        select(col(Document.sha256), col(Document.batch_id))
        .where(
            col(Document.user_id) == owner_id,
            col(Document.sha256).in_(list(hashes)),
            col(Document.batch_id).is_not(None),
            col(Document.created_at) >= since,
        )
        .order_by(col(Document.created_at))
    )
    return {sha256: batch_id for sha256, batch_id in session.exec(query) if batch_id}


def hashes(session: Session, owner_id: UUID, draft_id: UUID) -> dict[UUID, str]:
    """Content by file, of the draft's valid files."""
    query = select(col(StagedFile.id), col(StagedFile.sha256)).where(
        col(StagedFile.user_id) == owner_id,
        col(StagedFile.batch_id) == draft_id,
        col(StagedFile.status) == StagedStatus.COMPLETE,
    )
    return {file_id: sha256 for file_id, sha256 in session.exec(query) if sha256}


def _changed(
    session: Session,
    owner_id: UUID,
    file_id: UUID,
    *only_where: ColumnElement[bool],
    **values: Any,  # noqa: ANN401  column values
) -> bool:
    """Change a file that is refused as a duplicate; False where it is none any more."""
    is_refused = col(StagedFile.error_code) == "duplicate"
    statement = (
        update(StagedFile)
        .where(*is_own(owner_id, file_id), is_refused, *only_where)
        .values(**values)
    )
    return session.exec(statement).rowcount == 1

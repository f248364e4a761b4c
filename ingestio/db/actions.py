"""What users do to their documents: cancel, retry, delete (Spec 6.6). Every function by owner.

Answers with the documents of one batch, locked, and moves them together with their batch's counts
and their pages. Leaves whether it fits to the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, select, update

from ingestio.db import ledger, rollups, tables
from ingestio.domain.documents import DocumentStatus, ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

_documents = tables.table_of(tables.Document)
_batches = tables.table_of(tables.Batch)
_outbox = tables.table_of(tables.OutboxMessage)
_CHUNK = 500
"""Ids a statement: SQLite takes 32,766 variables at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a user's document stands, its row locked until the transaction ends."""

    id: UUID
    batch_id: UUID | None
    status: DocumentStatus
    generation: int
    pages: int
    storage_key: str


def document(session: Session, owner_id: UUID, document_id: UUID) -> Standing | None:
    """One of an owner's documents, locked."""
    return next(iter(_standing(session, owner_id, _documents.c.id == document_id)), None)


def documents_of(session: Session, owner_id: UUID, batch_id: UUID) -> list[Standing] | None:
    """All documents of an owner's batch, locked in one order; None where it is not theirs."""
    found = _standing(session, owner_id, _documents.c.batch_id == batch_id)
    is_theirs = select(_batches.c.id).where(
        _batches.c.id == batch_id,
        _batches.c.user_id == owner_id,
        _batches.c.submitted_at.is_not(None),
    )
    return found if session.connection().execute(is_theirs).first() else None


def cancel(session: Session, owner_id: UUID, documents: Sequence[Standing], now: datetime) -> None:
    """Stop these documents of one batch; late writers are fenced, holds given back."""
    values = {
        "status": DocumentStatus.CANCELLED,
        "lease_token": _documents.c.lease_token + 1,
        "lease_owner": None,
        "lease_expires_at": None,
        "updated_at": now,
    }
    _set(session, owner_id, documents, values)
    _record(session, owner_id, documents, DocumentStatus.CANCELLED, now)
    _release_held(session, documents, now)


def retry(session: Session, owner_id: UUID, documents: Sequence[Standing], now: datetime) -> None:
    """Failed documents of one batch begin anew, as a new generation with its own charge."""
    values = {
        "status": DocumentStatus.UPLOADED,
        "generation": _documents.c.generation + 1,
        "attempt": 0,
        "crashes": 0,
        "error_code": None,
        "queued_at": now,
        "next_attempt_at": now,
        "review_state": ReviewState.UNREVIEWED,
        "updated_at": now,
    }
    _set(session, owner_id, documents, values)
    _record(session, owner_id, documents, DocumentStatus.UPLOADED, now)


def remove(session: Session, owner_id: UUID, documents: Sequence[Standing], now: datetime) -> None:
    """Delete documents of a batch that stays; jobs and results go along, the ledger stays."""
    _delete(session, owner_id, documents)
    _record(session, owner_id, documents, None, now)
    _release_held(session, documents, now)


def remove_batch(
    session: Session, owner_id: UUID, batch_id: UUID, documents: Sequence[Standing], now: datetime
) -> None:
    """Delete a batch with all its documents."""
    _delete(session, owner_id, documents)
    session.connection().execute(
        delete(_batches).where(_batches.c.id == batch_id, _batches.c.user_id == owner_id)
    )
    session.connection().execute(
        delete(_outbox).where(_outbox.c.batch_id == batch_id, _outbox.c.user_id == owner_id)
    )
    rollups.shift_load(session, owner_id, _moves(documents, None), now)
    _release_held(session, documents, now)


def _standing(session: Session, owner_id: UUID, which: ColumnElement[bool]) -> list[Standing]:
    query = (
        select(
            _documents.c.id,
            _documents.c.batch_id,
            _documents.c.status,
            _documents.c.generation,
            _documents.c.page_count,
            _documents.c.storage_key,
        )
        .where(which, _documents.c.user_id == owner_id)
        .order_by(_documents.c.position, _documents.c.id)
        .with_for_update()
    )
    return [Standing(*row) for row in session.connection().execute(query)]


def _set(
    session: Session, owner_id: UUID, documents: Sequence[Standing], values: dict[str, Any]
) -> None:
    for chunk in _chunks(documents):
        of_them = (_documents.c.id.in_(chunk), _documents.c.user_id == owner_id)
        session.connection().execute(update(_documents).where(*of_them).values(**values))


def _delete(session: Session, owner_id: UUID, documents: Sequence[Standing]) -> None:
    for chunk in _chunks(documents):
        of_them = (_documents.c.id.in_(chunk), _documents.c.user_id == owner_id)
        session.connection().execute(delete(_documents).where(*of_them))


def _chunks(documents: Sequence[Standing]) -> list[list[UUID]]:
    ids = [document.id for document in documents]
    return [ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK)]


def _record(
    session: Session,
    owner_id: UUID,
    documents: Sequence[Standing],
    after: DocumentStatus | None,
    now: datetime,
) -> None:
    """All of one batch: the service never mixes two."""
    if documents:
        batch_id, moves = documents[0].batch_id, _moves(documents, after)
        rollups.record(session, user_id=owner_id, batch_id=batch_id, moves=moves, now=now)


def _moves(documents: Sequence[Standing], after: DocumentStatus | None) -> list[rollups.Move]:
    return [rollups.Move(one.status, after, pages=one.pages) for one in documents]


def _release_held(session: Session, documents: Sequence[Standing], now: datetime) -> None:
    for one in documents:
        if one.status is DocumentStatus.PROCESSING:
            ledger.release(session, one.id, one.generation, now)

"""Submission: a draft becomes a batch, its staged files become documents. By owner.

Answers with the rows of one short transaction (Spec 5.3). Leaves whether it may to the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ingestio.db import rollups, tables
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus, ReviewState
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.prompts import PromptStrategy

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Row
    from sqlmodel import Session

    from ingestio.domain.drafts import BatchDraft

_batches = tables.table_of(tables.Batch)
_staged = tables.table_of(tables.StagedFile)
_documents = tables.table_of(tables.Document)


def submit(session: Session, owner_id: UUID, draft: BatchDraft, now: datetime) -> list[str]:
    """Turn a locked draft into a batch; storage keys of files that did not become documents."""
    staged = (
        session.connection()
        .execute(
            select(_staged)
            .where(_staged.c.batch_id == draft.id, _staged.c.user_id == owner_id)
            .order_by(_staged.c.position, _staged.c.created_at, _staged.c.id)
        )
        .all()
    )
    files = [row for row in staged if row.status is StagedStatus.COMPLETE]
    _queue(session, owner_id, draft, files, now)
    rollups.ensure_load(session, owner_id, now)
    session.connection().execute(
        insert(_documents),
        [_document(row, draft.strategy, position, now) for position, row in enumerate(files)],
    )
    session.connection().execute(delete(_staged).where(_staged.c.batch_id == draft.id))
    moves = [rollups.Move(None, DocumentStatus.UPLOADED, pages=row.pages) for row in files]
    rollups.shift_load(session, owner_id, moves, now)
    return [row.storage_key for row in staged if row.status is not StagedStatus.COMPLETE]


def _queue(
    session: Session,
    owner_id: UUID,
    draft: BatchDraft,
    files: list[Row[*tuple[Any, ...]]],
    now: datetime,
) -> None:
    is_global = draft.strategy is PromptStrategy.GLOBAL
    session.connection().execute(
        update(_batches)
        .where(_batches.c.id == draft.id, _batches.c.user_id == owner_id)
        .values(
            status=BatchStatus.QUEUED,
            extraction_prompt=draft.prompt if is_global else None,
            document_count=len(files),
            total_pages=sum(row.pages for row in files),
            version=_batches.c.version + 1,
            submitted_at=now,
            updated_at=now,
        )
    )


def _document(
    row: Row[*tuple[Any, ...]], strategy: PromptStrategy, position: int, now: datetime
) -> dict[str, Any]:
    """A staged file as a document, under the same id: what links to it stays true."""
    has_own_prompt = strategy is PromptStrategy.PER_DOCUMENT
    return {
        "id": row.id,
        "user_id": row.user_id,
        "batch_id": row.batch_id,
        "position": position,
        "original_filename": row.filename,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "storage_key": row.storage_key,
        "page_count": row.pages,
        "extraction_prompt": row.extraction_prompt if has_own_prompt else None,
        "status": DocumentStatus.UPLOADED,
        "generation": 1,
        "attempt": 0,
        "crashes": 0,
        "lease_token": 0,
        "review_state": ReviewState.UNREVIEWED,
        "queued_at": now,
        "next_attempt_at": now,
        "created_at": now,
        "updated_at": now,
    }

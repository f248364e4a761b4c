"""Batches and their documents as their owner sees them. Every function by owner.

Answers lists, one batch, one document, as values: no table row leaves. Leaves moves to `actions`,
drafts to `drafts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from ingestio.db import rollups, tables
from ingestio.domain.batches import BatchRow, BatchStatus
from ingestio.domain.documents import DocumentRow
from ingestio.domain.pages import Page
from ingestio.domain.prompts import PromptStrategy, shown_prompt
from ingestio.domain.results import CHECK_BELOW
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import Row
    from sqlmodel import Session

    from ingestio.domain.batches import BatchQuery

_batches = tables.table_of(tables.Batch)
_documents = tables.table_of(tables.Document)
_entries = tables.table_of(tables.UsageEntry)
_fields = tables.table_of(tables.ExtractedField)

_ENDED_SHARE = (
    _batches.c.completed_count + _batches.c.failed_count + _batches.c.cancelled_count
) * 1.0
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": func.lower(func.coalesce(_batches.c.name, "batch " + cast(_batches.c.id, String))),
    "status": cast(_batches.c.status, String),
    "progress": _ENDED_SHARE / func.nullif(_batches.c.document_count, 0),
    "total_pages": _batches.c.total_pages,
    "submitted_at": _batches.c.submitted_at,
    "completed_at": _batches.c.completed_at,
}


def shown(session: Session, owner_id: UUID, query: BatchQuery) -> Page[BatchRow]:
    """One page of the owner's batches; drafts are never among them."""
    wanted = _wanted(owner_id, query)
    total = (
        session.connection()
        .execute(select(func.count()).select_from(_batches).where(*wanted))
        .scalar_one()
    )
    rows = session.connection().execute(
        select(_batches)
        .where(*wanted)
        .order_by(*_order(query.sort))
        .limit(query.page_size)
        .offset((query.page - 1) * query.page_size)
    )
    return Page(tuple(_batch(row) for row in rows), total, query.page, query.page_size)


def tallies(session: Session, owner_id: UUID) -> dict[BatchStatus, int]:
    """How many of the owner's batches stand where; a status that none has is left out."""
    query = select(_batches.c.status, func.count()).where(*_own(owner_id))
    counted = session.connection().execute(query.group_by(_batches.c.status))
    return {status: number for status, number in counted}  # noqa: C416  rows, not pairs


def pages_waiting(session: Session, owner_id: UUID) -> dict[UUID, int]:
    """Pages that wait for quota, of each of the owner's batches that has some."""
    query = (
        select(_documents.c.batch_id, func.sum(_documents.c.page_count))
        .where(
            _documents.c.status == literal_column("'waiting_for_quota'"),
            _documents.c.user_id == owner_id,
            _documents.c.batch_id.is_not(None),
        )
        .group_by(_documents.c.batch_id)
    )
    found = session.connection().execute(query)
    return {batch_id: int(pages) for batch_id, pages in found}


def one(session: Session, owner_id: UUID, batch_id: UUID) -> BatchRow | None:
    """One of the owner's batches; None for drafts and for other people's."""
    row = (
        session.connection()
        .execute(select(_batches).where(*_own(owner_id), _batches.c.id == batch_id))
        .first()
    )
    return _batch(row) if row else None


def status_of(session: Session, owner_id: UUID, batch_id: UUID) -> BatchStatus | None:
    """A batch's or a draft's status; None where it is not the owner's."""
    query = select(_batches.c.status).where(
        _batches.c.id == batch_id, _batches.c.user_id == owner_id
    )
    return session.connection().execute(query).scalar()


def documents_of(session: Session, owner_id: UUID, batch_id: UUID) -> tuple[DocumentRow, ...]:
    """A batch's documents, in the order they were added."""
    query = _document_query(owner_id).where(_documents.c.batch_id == batch_id)
    return tuple(
        _document(row)
        for row in session.connection().execute(query.order_by(_documents.c.position))
    )


def document(session: Session, owner_id: UUID, document_id: UUID) -> DocumentRow | None:
    """One of the owner's documents."""
    row = (
        session.connection()
        .execute(_document_query(owner_id).where(_documents.c.id == document_id))
        .first()
    )
    return _document(row) if row else None


def storage_key(session: Session, owner_id: UUID, document_id: UUID) -> str | None:
    """Where the bytes of one of the owner's documents are."""
    query = select(_documents.c.storage_key).where(
        _documents.c.id == document_id, _documents.c.user_id == owner_id
    )
    return session.connection().execute(query).scalar()


def _own(owner_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (_batches.c.user_id == owner_id, _batches.c.status != BatchStatus.PENDING_UPLOAD)


def _wanted(owner_id: UUID, query: BatchQuery) -> list[ColumnElement[bool]]:
    wanted = [*_own(owner_id)]
    if query.status is not None:
        wanted.append(_batches.c.status == query.status)
    if text := query.q.strip():
        short_id = "Batch " + func.substr(cast(_batches.c.id, String), 1, 8)
        nameless = _batches.c.name.is_(None) & short_id.icontains(text, autoescape=True)
        wanted.append(or_(_batches.c.name.icontains(text, autoescape=True), nameless))
    return wanted


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    """By what was asked, what has no value last, then newest first: pages never overlap."""
    column = _SORTS.get(sort.removeprefix("-"), _batches.c.submitted_at)
    direction = column.desc() if sort.startswith("-") else column.asc()
    return (direction.nulls_last(), _batches.c.submitted_at.desc(), _batches.c.id)


def _batch(row: Row[*tuple[Any, ...]]) -> BatchRow:
    return BatchRow(
        id=row.id,
        name=row.name,
        status=row.status,
        strategy=row.prompt_strategy,
        prompt=row.extraction_prompt,
        counts=rollups.counts_of(row),
        total_pages=row.total_pages,
        when_pages_run_out=row.when_pages_run_out,
        round=row.round,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        version=row.version,
    )


def _document_query(owner_id: UUID) -> Select[Any]:
    charged = (
        select(func.coalesce(func.sum(_entries.c.pages), 0))
        .where(_entries.c.document_id == _documents.c.id, _entries.c.state == UsageState.SETTLED)
        .correlate(_documents)
        .scalar_subquery()
    )
    doubtful = (_fields.c.confidence < CHECK_BELOW) | ~_fields.c.is_verified
    to_check = (
        select(func.coalesce(func.sum(case((doubtful, 1), else_=0)), 0))
        .where(
            _fields.c.document_id == _documents.c.id,
            _fields.c.generation == _documents.c.generation,
        )
        .correlate(_documents)
        .scalar_subquery()
    )
    return (
        select(
            _documents,
            _batches.c.prompt_strategy,
            _batches.c.extraction_prompt.label("batch_prompt"),
            charged.label("pages_charged"),
            to_check.label("values_to_check"),
        )
        .outerjoin(_batches, _batches.c.id == _documents.c.batch_id)
        .where(_documents.c.user_id == owner_id)
    )


def _document(row: Row[*tuple[Any, ...]]) -> DocumentRow:
    strategy = row.prompt_strategy or PromptStrategy.AUTO
    prompt = shown_prompt(strategy, row.batch_prompt, row.extraction_prompt)
    return DocumentRow(
        id=row.id,
        batch_id=row.batch_id,
        filename=row.original_filename,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        status=row.status,
        pages=row.page_count,
        kind=row.kind,
        prompt=prompt.text if prompt else None,
        prompt_source=prompt.source if prompt else None,
        error_code=row.error_code,
        review_state=row.review_state,
        generation=row.generation,
        attempt=row.attempt,
        updated_at=row.updated_at,
        values_to_check=int(row.values_to_check),
        pages_charged=int(row.pages_charged),
    )

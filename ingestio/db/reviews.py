"""What people say of results: corrections, approvals, what is next. Every function by owner.

Answers a document's fields as they were read, with what was changed since, and the way through what
nobody has looked at. Leaves what may be said to the review service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import ColumnElement, func, insert, select, update

from ingestio.db import tables
from ingestio.domain.documents import DocumentStatus, ReviewState
from ingestio.domain.results import CHECK_BELOW, Box, Field

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Row
    from sqlmodel import Session

    from ingestio.domain.documents import DocumentKind

_documents = tables.table_of(tables.Document)
_extractions = tables.table_of(tables.Extraction)
_fields = tables.table_of(tables.ExtractedField)
_corrections = tables.table_of(tables.Correction)
_UNREVIEWED = (
    _documents.c.status == DocumentStatus.COMPLETED,
    _documents.c.review_state == ReviewState.UNREVIEWED,
)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A document's result as it was read: its type, engine, values, and what was not found."""

    kind: DocumentKind
    engine: str
    missing: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class LastCorrection:
    """A field's latest change, and the value that was read; None where there was none."""

    value: str
    original: str | None


def result(session: Session, owner_id: UUID, document_id: UUID) -> ReadResult | None:
    """What was read of the present generation, corrections aside; None while there is none."""
    query = (
        select(_extractions.c.kind, _extractions.c.engine, _extractions.c.missing)
        .join(_documents, _is_present(_extractions))
        .where(*_own(owner_id, document_id))
    )
    row = session.connection().execute(query).first()
    if row is None:
        return None
    fields = select(_fields).join(_documents, _is_present(_fields))
    fields = fields.where(*_own(owner_id, document_id)).order_by(_fields.c.position)
    return ReadResult(
        row.kind,
        row.engine,
        tuple(name for name in row.missing.split(",") if name),
        tuple(_field(one) for one in session.connection().execute(fields)),
    )


def corrections(session: Session, owner_id: UUID, document_id: UUID) -> dict[str, LastCorrection]:
    """The latest change of each field of the present generation."""
    query = (
        select(_corrections.c.name, _corrections.c.value, _corrections.c.original)
        .join(_documents, _is_present(_corrections))
        .where(*_own(owner_id, document_id))
        .order_by(_corrections.c.created_at)
    )
    return {
        row.name: LastCorrection(row.value, row.original)
        for row in session.connection().execute(query)
    }


def correct(
    session: Session,
    owner_id: UUID,
    document_id: UUID,
    *,
    name: str,
    original: str | None,
    value: str,
    by_user_id: UUID,
    now: datetime,
) -> None:
    """Lay a value over what was read; who, when and the original stay."""
    generation = (
        select(_documents.c.generation).where(*_own(owner_id, document_id)).scalar_subquery()
    )
    session.connection().execute(
        insert(_corrections).values(
            id=uuid4(),
            user_id=owner_id,
            document_id=document_id,
            generation=generation,
            name=name,
            original=original,
            value=value,
            by_user_id=by_user_id,
            created_at=now,
        )
    )


def judge(
    session: Session, owner_id: UUID, document_id: UUID, state: ReviewState, now: datetime
) -> bool:
    """Say what a person said of a completed document; False where it is not completed."""
    done = session.connection().execute(
        update(_documents)
        .where(*_own(owner_id, document_id), _documents.c.status == DocumentStatus.COMPLETED)
        .values(review_state=state, updated_at=now)
    )
    return done.rowcount == 1


def next_unreviewed(session: Session, owner_id: UUID, document_id: UUID) -> UUID | None:
    """The batch's next document that nobody has judged: behind this one, else from the front."""
    here = (
        session.connection()
        .execute(
            select(_documents.c.batch_id, _documents.c.position).where(*_own(owner_id, document_id))
        )
        .first()
    )
    if here is None or here.batch_id is None:
        return None
    query = (
        select(_documents.c.id)
        .where(
            _documents.c.user_id == owner_id,
            _documents.c.batch_id == here.batch_id,
            _documents.c.id != document_id,
            *_UNREVIEWED,
        )
        .order_by(_documents.c.position <= here.position, _documents.c.position, _documents.c.id)
    )
    return session.connection().execute(query.limit(1)).scalar()


def queue(session: Session, owner_id: UUID, limit: int) -> list[UUID]:
    """Completed documents that nobody has judged, the latest first."""
    query = (
        select(_documents.c.id)
        .where(_documents.c.user_id == owner_id, *_UNREVIEWED)
        .order_by(_documents.c.updated_at.desc(), _documents.c.position, _documents.c.id)
        .limit(limit)
    )
    return list(session.connection().execute(query).scalars())


def to_check(session: Session, owner_id: UUID) -> tuple[int, int]:
    """Completed documents that nobody has judged and that have doubtful values; how many values."""
    doubtful = (_fields.c.confidence < CHECK_BELOW) | ~_fields.c.is_verified
    query = (
        select(func.count(_documents.c.id.distinct()), func.count())
        .select_from(_documents.join(_fields, _is_present(_fields)))
        .where(_documents.c.user_id == owner_id, *_UNREVIEWED, doubtful)
    )
    documents, values = session.connection().execute(query).one()
    return documents, values


def _own(owner_id: UUID, document_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (_documents.c.id == document_id, _documents.c.user_id == owner_id)


def _is_present(of: Any) -> ColumnElement[bool]:  # noqa: ANN401 (a table of this module)
    """Of the generation that counts: an earlier one's rows stay for the record."""
    return (of.c.document_id == _documents.c.id) & (of.c.generation == _documents.c.generation)


def _field(row: Row[Any]) -> Field:
    box = None if row.x0 is None else Box(row.x0, row.y0, row.x1, row.y1)
    return Field(row.name, row.value, row.confidence, row.page, box, row.quote, row.is_verified)

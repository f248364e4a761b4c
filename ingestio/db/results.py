"""Results and attempts: what was read, and who read it at which cost.

Answers by writing them in the processor's last transaction (on its list), and by reading them for
an owner, corrections laid over. Leaves corrections themselves to the review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from ingestio.db import prepared, tables
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.results import Box, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlmodel import Session

    from ingestio.db.claims import Claim
    from ingestio.db.prepared import Transaction
    from ingestio.domain.prompts import ResolvedPrompt
    from ingestio.domain.results import Extraction

_extractions = tables.table_of(tables.Extraction)
_fields = tables.table_of(tables.ExtractedField)
_corrections = tables.table_of(tables.Correction)
_jobs = tables.table_of(tables.ExtractionJob)
_documents = tables.table_of(tables.Document)

_NEW_EXTRACTION: Final = insert(_extractions)
_NEW_FIELDS: Final = insert(_fields)
_NEW_JOB: Final = insert(_jobs)


def save(session: Transaction, claim: Claim, extraction: Extraction, now: datetime) -> None:
    """The result of a generation; its key lets it be saved once."""
    prepared.change(
        session,
        _NEW_EXTRACTION,
        {
            "document_id": claim.document_id,
            "generation": claim.generation,
            "user_id": claim.user_id,
            "kind": extraction.kind,
            "confidence": extraction.confidence,
            "engine": extraction.engine,
            "model": extraction.model,
            "is_complete": extraction.is_complete,
            "missing": ",".join(extraction.missing),
            "created_at": now,
        },
    )
    prepared.add(session, _NEW_FIELDS, _field_rows(claim, extraction.fields))


def _field_rows(claim: Claim, fields: Sequence[Field]) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "user_id": claim.user_id,
            "document_id": claim.document_id,
            "generation": claim.generation,
            "position": position,
            "name": field.name,
            "value": field.value,
            "confidence": field.confidence,
            "page": field.page,
            **_corners(field.box),
            "quote": field.quote,
            "is_verified": field.is_verified,
        }
        for position, field in enumerate(fields)
    ]


def _corners(box: Box | None) -> dict[str, float | None]:
    if box is None:
        return {"x0": None, "y0": None, "x1": None, "y1": None}
    return {"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt went, for its job row. No prompt: it ended before one was resolved."""

    status: DocumentStatus
    prompt: ResolvedPrompt | None = None
    extraction: Extraction | None = None
    error_code: str | None = None


def log_attempt(session: Transaction, claim: Claim, attempt: Attempt, now: datetime) -> None:
    """Keep an attempt: what was asked, of whom, how long it took, how it ended."""
    prompt, read = attempt.prompt, attempt.extraction
    prepared.change(
        session,
        _NEW_JOB,
        {
            "id": uuid4(),
            "user_id": claim.user_id,
            "document_id": claim.document_id,
            "batch_id": claim.batch_id,
            "generation": claim.generation,
            "attempt": claim.attempt,
            "lease_token": claim.token,
            "status": attempt.status,
            "prompt": prompt.text if prompt else None,
            "prompt_source": prompt.source if prompt else None,
            "engine": read.engine if read else None,
            "model": read.model if read else None,
            "input_tokens": read.usage.input_tokens if read else 0,
            "output_tokens": read.usage.output_tokens if read else 0,
            "cost_microdollars": read.usage.cost_microdollars if read else 0,
            "error_code": attempt.error_code,
            "started_at": claim.claimed_at,
            "ended_at": now,
        },
    )


def fields_of(
    session: Session, owner_id: UUID, document_ids: Collection[UUID]
) -> dict[UUID, tuple[Field, ...]]:
    """The fields of each document's present generation, the latest correction in its place."""
    current = (
        _documents.c.id.in_(list(document_ids)),
        _documents.c.user_id == owner_id,
    )
    query = (
        select(_fields)
        .join(
            _documents,
            (_documents.c.id == _fields.c.document_id)
            & (_documents.c.generation == _fields.c.generation),
        )
        .where(*current)
        .order_by(_fields.c.document_id, _fields.c.position)
    )
    corrected = _corrected(session, owner_id, document_ids)
    found: dict[UUID, list[Field]] = {}
    for row in session.connection().execute(query):
        field = _field(row, corrected.pop((row.document_id, row.name), None))
        found.setdefault(row.document_id, []).append(field)
    for (document_id, name), value in corrected.items():  # a person filled in what was missing
        found.setdefault(document_id, []).append(Field(name, value, 1.0))
    return {document_id: tuple(fields) for document_id, fields in found.items()}


def _corrected(
    session: Session, owner_id: UUID, document_ids: Collection[UUID]
) -> dict[tuple[UUID, str], str]:
    """What people say of each document's present generation, the latest word of each field."""
    query = (
        select(_corrections.c.document_id, _corrections.c.name, _corrections.c.value)
        .join(
            _documents,
            (_documents.c.id == _corrections.c.document_id)
            & (_documents.c.generation == _corrections.c.generation),
        )
        .where(
            _corrections.c.document_id.in_(list(document_ids)), _corrections.c.user_id == owner_id
        )
        .order_by(_corrections.c.created_at)
    )
    return {(row.document_id, row.name): row.value for row in session.connection().execute(query)}


def _field(row: Row[*tuple[Any, ...]], correction: str | None) -> Field:
    box = None if row.x0 is None else Box(row.x0, row.y0, row.x1, row.y1)
    return Field(
        row.name,
        row.value if correction is None else correction,
        row.confidence,
        row.page,
        box,
        row.quote,
        row.is_verified,
    )


def seconds_a_page(session: Session, since: datetime, limit: int) -> list[float]:
    """Of the most recent completed attempts, whoever's: how long a page took. No owner's data."""
    query = (
        select(_jobs.c.started_at, _jobs.c.ended_at, _documents.c.page_count)
        .join(_documents, _documents.c.id == _jobs.c.document_id)
        .where(_jobs.c.status == DocumentStatus.COMPLETED, _jobs.c.ended_at >= since)
        .order_by(_jobs.c.ended_at.desc())
        .limit(limit)
    )
    return [
        (row.ended_at - row.started_at).total_seconds() / row.page_count
        for row in session.connection().execute(query)
    ]

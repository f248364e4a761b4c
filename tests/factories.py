"""Rows for tests, made through the tables: keywords for what matters, sane values for the rest.

What the database refuses is refused here as well: a row is born as such rows are, and goes to its
state by legal moves.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import inspect, update

from ingestio.db import tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain import batches, documents, usage
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentKind, DocumentStatus, MediaType
from ingestio.domain.plans import PlanName, calendar_month
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from sqlmodel import Session, SQLModel

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
Row = TypeVar("Row", bound="SQLModel")


def save(database: Database, row: Row) -> Row:
    """Write one row."""
    database.write(SYSTEM, lambda session: session.add(row))
    return row


def path_to(moves: Mapping[Any, frozenset[Any]], state: StrEnum) -> list[Any]:
    """The states of a shortest way there, from the one that rows are born with."""
    ways = [[born] for born in sorted(moves[None])]
    for way in ways:
        if way[-1] == state:
            return way
        ways += [[*way, after] for after in sorted(moves[way[-1]]) if after not in way]
    raise AssertionError(state)


def _save_moved(
    database: Database,
    row: Row,
    moves: Mapping[Any, frozenset[Any]],
    column: str,
    born: dict[str, Any],
) -> Row:
    """Born with these values, then moved; at last it is as it was asked for."""
    state = getattr(row, column)
    asked = {name: getattr(row, name) for name in (column, *born)}
    first, *rest = path_to(moves, state)
    if not rest:
        return save(database, row)
    for name, value in {**born, column: first}.items():
        setattr(row, name, value)

    def work(session: Session) -> None:
        session.add(row)
        session.flush()
        key = [of == getattr(row, of.name) for of in inspect(type(row)).primary_key]
        for step in rest:
            lease = {"lease_expires_at": AT if step is DocumentStatus.PROCESSING else None}
            values = {column: step, **(lease if "lease_expires_at" in born else {})}
            values |= asked if step == state else {}
            session.connection().execute(update(type(row)).where(*key).values(**values))
        session.expire(row)
        session.refresh(row)

    database.write(SYSTEM, work)
    return row


def make_user(database: Database, **values: Any) -> tables.User:
    email = f"{uuid4().hex[:8]}@example.test"
    defaults = {"email": email, "password_hash": "-", "plan": PlanName.GROWTH, "created_at": AT}
    return save(database, tables.User(**defaults | values))


def make_batch(database: Database, user_id: UUID, **values: Any) -> tables.Batch:
    defaults = {
        "user_id": user_id,
        "status": BatchStatus.QUEUED,
        "is_wizard_draft": False,
        "created_at": AT,
        "updated_at": AT,
        "submitted_at": AT,
    }
    row = tables.Batch(**defaults | values)
    return _save_moved(database, row, batches.MOVES, "status", {"is_wizard_draft": False})


def make_document(
    database: Database, user_id: UUID, batch_id: UUID | None = None, **values: Any
) -> tables.Document:
    name = f"{uuid4().hex[:6]}.pdf"
    defaults = {
        "user_id": user_id,
        "batch_id": batch_id,
        "original_filename": name,
        "media_type": MediaType.PDF,
        "size_bytes": 1_000,
        "sha256": sha256(name.encode()).hexdigest(),
        "storage_key": f"batches/{user_id}/{batch_id}/{name}",
        "page_count": 1,
        "status": DocumentStatus.UPLOADED,
        "next_attempt_at": AT,
        "created_at": AT,
        "updated_at": AT,
    }
    row = tables.Document(**defaults | values)
    if row.lease_owner:
        row.lease_token = max(1, row.lease_token)
    born = {"lease_owner": None, "lease_token": 0, "lease_expires_at": None}
    return _save_moved(database, row, documents.MOVES, "status", born)


def make_extraction(database: Database, document: tables.Document, **values: Any) -> None:
    """A result with one field."""
    key = {
        "document_id": document.id,
        "generation": document.generation,
        "user_id": document.user_id,
    }
    result = {"kind": DocumentKind.INVOICE, "confidence": 0.9, "engine": "stub", "created_at": AT}
    save(database, tables.Extraction(**key | result | values))
    field = {"position": 0, "name": "total", "value": "1.00", "confidence": 0.9}
    save(database, tables.ExtractedField(**key | field))


def make_period(database: Database, user_id: UUID, **values: Any) -> tables.UsagePeriod:
    starts_at, ends_at = calendar_month(AT)
    defaults = {
        "user_id": user_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "limit_pages": 5_000,
    }
    return save(database, tables.UsagePeriod(**defaults | values))


def make_entry(database: Database, document: tables.Document, **values: Any) -> tables.UsageEntry:
    defaults = {
        "document_id": document.id,
        "generation": document.generation,
        "user_id": document.user_id,
        "batch_id": document.batch_id,
        "filename": document.original_filename,
        "period_starts_at": calendar_month(AT)[0],
        "pages": document.page_count,
        "state": UsageState.HELD,
        "created_at": AT,
        "updated_at": AT,
    }
    return _save_moved(database, tables.UsageEntry(**defaults | values), usage.MOVES, "state", {})


def make_one_of_each(database: Database, user_id: UUID) -> None:
    """One row of this user's in every owned table."""
    batch = make_batch(database, user_id)
    document = make_document(database, user_id, batch.id)
    make_extraction(database, document)
    make_period(database, user_id)
    make_entry(database, document)
    own: dict[str, Any] = {"user_id": user_id}
    of_result: dict[str, Any] = own | {"document_id": document.id, "generation": 1}
    unique = uuid4().hex
    for row in (
        tables.Session(token_hash=f"s-{unique}", created_at=AT, expires_at=AT, **own),
        tables.ApiKey(prefix="ing_abc", key_hash=f"k-{unique}", created_at=AT, **own),
        tables.ResetToken(token_hash=f"r-{unique}", expires_at=AT, **own),
        tables.StagedFile(
            batch_id=batch.id,
            position=0,
            filename="a.pdf",
            size_bytes=1,
            storage_key="k",
            created_at=AT,
            updated_at=AT,
            **own,
        ),
        tables.ExtractionJob(
            batch_id=batch.id,
            attempt=1,
            lease_token=1,
            status=DocumentStatus.COMPLETED,
            started_at=AT,
            **of_result,
        ),
        tables.UserLoad(last_claim_at=AT, **own),
        tables.LineItem(row=0, name="amount", value="1.00", confidence=0.9, **of_result),
        tables.Correction(
            name="total", value="2.00", by_user_id=user_id, created_at=AT, **of_result
        ),
        tables.PageGrant(
            period_starts_at=AT, pages=1, reason="r", granted_by=user_id, created_at=AT, **own
        ),
        tables.OutboxMessage(batch_id=batch.id, round=1, kind="ended", created_at=AT, **own),
        tables.Notification(title="t", body="b", created_at=AT, **own),
    ):
        save(database, row)
